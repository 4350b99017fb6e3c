import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Parameters by offer", .timed)
struct ParameterRulesTests {
    private static func rules(_ offered: Set<ServiceExtension>) -> ParameterRules {
        ParameterRules(offered: offered, limits: Limits())
    }

    private static let mail: [(ServiceExtension, ESMTPParameter)] = [
        (.size, .init("SIZE", "1")), (.eightBitMIME, .init("BODY", "8BITMIME")), (.smtpUTF8, .init("SMTPUTF8")),
        (.auth, .init("AUTH", "<>")), (.dsn, .init("RET", "HDRS")), (.dsn, .init("ENVID", "x")),
        (.transferPriority, .init("MT-PRIORITY", "3")), (.requireTLS, .init("REQUIRETLS")),
        (.deliverBy, .init("BY", "120;R")), (.futureRelease, .init("HOLDFOR", "60")),
    ]

    @Test(arguments: Self.mail)
    func `a parameter of MAIL is known where its extension is offered, and nowhere else`(
        extension: ServiceExtension, parameter: ESMTPParameter
    ) {
        let time = Timestamp(seconds: 1_795_359_600)
        let taken = Self.rules([`extension`]).refusal(ofMail: [parameter], isSecured: true, at: time)
        #expect(taken == nil)
        let others = Set(ServiceExtension.allCases).subtracting([`extension`])
        let refused = Self.rules(others).refusal(ofMail: [parameter], isSecured: true, at: time)
        #expect(refused == .unknownParameter)
    }

    @Test(arguments: [
        (ServiceExtension.dsn, ESMTPParameter("NOTIFY", "NEVER")), (.dsn, .init("ORCPT", "rfc822;a@example.org")),
        (.recipientValidSince, .init("RRVS", "2026-01-01T00:00:00Z")),
    ])
    func `a parameter of RCPT is known where its extension is offered, and nowhere else`(
        extension: ServiceExtension, parameter: ESMTPParameter
    ) {
        let taken = Self.rules([`extension`]).refusal(ofRcpt: [parameter], isInternationalized: false)
        #expect(taken == nil)
        let others = Set(ServiceExtension.allCases).subtracting([`extension`])
        #expect(Self.rules(others).refusal(ofRcpt: [parameter], isInternationalized: false) == .unknownParameter)
    }

    @Test func `BINARYMIME as a body needs its own extension`() {
        let parameters = [ESMTPParameter("BODY", "BINARYMIME")]
        let without = Self.rules([.eightBitMIME]).refusal(ofMail: parameters, isSecured: false, at: nil)
        #expect(without != nil)
        let with = Self.rules([.eightBitMIME, .binaryMIME]).refusal(ofMail: parameters, isSecured: false, at: nil)
        #expect(with == nil)
    }

    @Test func `REQUIRETLS is refused outside TLS`() {
        let refusal = Self.rules([.requireTLS]).refusal(ofMail: [.init("REQUIRETLS")], isSecured: false, at: nil)
        #expect(refusal == .requireTLSInClear)
    }
}
