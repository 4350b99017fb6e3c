import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Extensions as data", .timed)
struct ExtensionDefinitionTests {
    /// A private extension with a parameter of each command.
    private static let tag = ExtensionDefinition(
        "xtag", arguments: ["2"],
        parameters: [
            .init("xtag", of: .mail, maximumLength: 20) { $0 == "red" || $0 == "green" },
            .init("XNOTE", of: .rcpt, maximumLength: 7) { $0 == nil },
        ])
    private static let secure = ExtensionDefinition(
        "XSECURE", needsTLS: true, parameters: [.init("XSECURE", of: .mail, maximumLength: 9) { $0 == nil }])

    private static let rules = ParameterRules(offered: [.size], limits: Limits(), added: [tag, secure])

    private static func mail(_ parameter: ESMTPParameter, isSecured: Bool = false) -> Reply? {
        rules.refusal(ofMail: [.init("SIZE", "1"), parameter], isSecured: isSecured, at: nil)
    }

    @Test func `a private parameter is taken with the values that its definition takes`() {
        #expect(Self.mail(.init("XTAG", "red")) == nil)
        #expect(Self.mail(.init("XTAG", "blue")) == .invalidParameter)
        #expect(Self.mail(.init("XTAG")) == .invalidParameter)
    }

    @Test func `a private parameter is known to its own command alone`() {
        #expect(Self.mail(.init("XNOTE")) == .unknownParameter)
        #expect(Self.rules.refusal(ofRcpt: [.init("XNOTE")], isInternationalized: false) == nil)
        #expect(Self.rules.refusal(ofRcpt: [.init("XTAG", "red")], isInternationalized: false) == .unknownParameter)
    }

    @Test func `what needs TLS is unknown in clear`() {
        #expect(Self.mail(.init("XSECURE")) == .unknownParameter)
        #expect(Self.mail(.init("XSECURE"), isSecured: true) == nil)
    }

    @Test func `a private extension lengthens the commands of its parameters`() {
        let added = [Self.tag, Self.secure]
        #expect(CommandGrowth.maximumLine(of: .mail, [], Limits(), added: added) == 512 + 20 + 9)
        #expect(CommandGrowth.maximumLine(of: .rcpt, [], Limits(), added: added) == 512 + 7)
        #expect(CommandGrowth.maximumLine(of: .ehlo, [], Limits(), added: added) == 512)
    }

    @Test func `the capabilities list private extensions last, and those for TLS inside TLS only`() {
        let configuration = ServerSession.Configuration(hostname: "mx.example", added: [Self.tag, Self.secure])
        let clear = configuration.ehloReply(for: nil, isXClientTrusted: false)
        #expect(clear.lines.last == "XTAG 2")
        let tls = Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_128_GCM_SHA256")
        let secured = configuration.ehloReply(for: tls, isXClientTrusted: false)
        #expect(secured.lines.suffix(2) == ["XTAG 2", "XSECURE"])
    }

    @Test func `a server without extensions lists none`() {
        let configuration = ServerSession.Configuration(
            serverProtocol: .smtp, hostname: "mx.example", added: [Self.tag])
        #expect(configuration.added.isEmpty)
        #expect(configuration.ehloReply(for: nil, isXClientTrusted: false).lines == ["mx.example"])
    }

    @Test(arguments: ServiceExtension.allCases)
    func `each extension of the library is defined under its own keyword`(offered: ServiceExtension) {
        #expect(offered.definition.keyword == offered.rawValue)
    }
}
