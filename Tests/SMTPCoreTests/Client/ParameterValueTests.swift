import ProcessSupport
import SMTPCore
import Testing

@Suite("Parameters of a client", .timed)
struct ParameterValueTests {
    @Test func `a server reads what was written`() throws {
        let submitter = Mailbox(localPart: "a+b", domain: .name("example.org"))
        var envelope = Envelope(
            from: "a@example.org", to: "b@example.org",
            parameters: [
                .size(1000), .body(.eightBitMIME), .internationalized, .submitter(submitter), .returned(.headers),
                .envelopeIdentifier("QQ+3=14 x"), .priority(-3), .requireTLS, .deliverBy(120, .return, isTraced: true),
                .hold(seconds: 60),
            ])
        envelope.recipients[0].parameters = [.notify([.success, .delay]), .originalRecipient("c+d@example.com")]
        let mail = CommandSerializer.line(.mail(envelope.reversePath, envelope.parameters)).dropLast(2)
        guard case .mail(_, let parameters) = try CommandParser().parse(Array(mail).span) else {
            Issue.record("no MAIL")
            return
        }
        let read = Envelope(reversePath: .null, parameters: parameters, recipients: envelope.recipients)
        #expect(read.declaredSize == 1000)
        #expect(read.body == .eightBitMIME)
        #expect(read.isInternationalized)
        #expect(read.returnedContent == .headers)
        #expect(read.identifier == "QQ+3=14 x")
        #expect(read.deliverBy?.seconds == 120 && read.deliverBy?.isTraced == true)
        #expect(read.futureRelease == .after(seconds: 60))
        #expect(parameters.contains { $0.description == "MT-PRIORITY=-3" })
        #expect(parameters.contains { $0.description == "AUTH=a+2Bb@example.org" })
        #expect(read.recipients[0].notifyConditions == [.success, .delay])
        #expect(read.recipients[0].originalRecipient?.address == "c+d@example.com")
        #expect(ESMTPParameter.notify(.never).description == "NOTIFY=NEVER")
        #expect(ESMTPParameter.submitter(nil).description == "AUTH=<>")
    }
}
