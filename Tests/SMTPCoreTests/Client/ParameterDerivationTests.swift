import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Parameters from facts and offers", .timed)
struct ParameterDerivationTests {
    private static func derive(
        _ offers: String, _ facts: ContentFacts?, parameters: [ESMTPParameter] = [],
        to recipient: String = "b@example.org",
        isSecured: Bool = true, _ change: (inout Transaction) -> Void = { _ in }
    ) throws(SMTPError) -> Transaction {
        let lines = ["mx.example"] + offers.split(separator: ",").map(String.init)
        let offered = Capabilities(Reply(250, nil, lines: lines))
        var transaction = Transaction(Envelope(from: "a@example.org", to: recipient, parameters: parameters))
        change(&transaction)
        let ascii: @Sendable (String) -> String? = { $0 == "bücher.example" ? "xn--bcher-kva.example" : nil }
        return try ParameterDerivation(offered, facts, isSecured: isSecured, ascii).derive(transaction)
    }

    private static func words(_ transaction: Transaction) -> String {
        let words = transaction.envelope.parameters.map { parameter in
            parameter.keyword + (parameter.value.map { "=\($0)" } ?? "")
        }
        return words.joined(separator: " ")
    }

    @Test(arguments: [
        ("SIZE,8BITMIME", ContentFacts(size: 9, is8bit: true), "SIZE=9 BODY=8BITMIME"),
        ("SIZE,8BITMIME", ContentFacts(size: 9, is8bit: false), "SIZE=9"),
        ("8BITMIME", ContentFacts(size: 9), "BODY=8BITMIME"), ("SIZE,8BITMIME", nil, ""),
        ("", ContentFacts(size: 9, is8bit: true), ""),
    ])
    func `SIZE and BODY are declared where they are offered`(offers: String, facts: ContentFacts?, words: String) throws
    {
        #expect(Self.words(try Self.derive(offers, facts)) == words)
    }

    @Test func `what is given is not derived, and what is withheld neither`() throws {
        let facts = ContentFacts(size: 9, is8bit: true)
        let given = try Self.derive("SIZE,8BITMIME", facts, parameters: [.size(1), .body(.sevenBit)])
        #expect(Self.words(given) == "SIZE=1 BODY=7BIT")
        let withheld = try Self.derive("SIZE,8BITMIME", facts) { $0.withheldParameters = ["SIZE", "BODY"] }
        #expect(Self.words(withheld) == "")
    }

    @Test func `an international header is declared, and binary content in chunks`() throws {
        var facts = ContentFacts()
        facts.hasInternationalHeader = true
        #expect(Self.words(try Self.derive("SMTPUTF8", facts)) == "SMTPUTF8")
        facts = ContentFacts()
        facts.isBinary = true
        let chunks = try Self.derive("8BITMIME,BINARYMIME,CHUNKING", facts) { $0.transfer = .chunks }
        #expect(Self.words(chunks) == "BODY=BINARYMIME")
    }

    @Test func `a domain beyond ASCII has another form without SMTPUTF8`() throws {
        let other = try Self.derive("SIZE", nil, to: "ann@bücher.example")
        #expect("\(other.envelope.recipients[0].path)" == "ann@xn--bcher-kva.example")
        let same = try Self.derive("SMTPUTF8", nil, to: "ann@bücher.example")
        #expect("\(same.envelope.recipients[0].path)" == "ann@bücher.example" && Self.words(same) == "SMTPUTF8")
        let error = #expect(throws: SMTPError.self) { try Self.derive("SIZE", nil, to: "jörg@bücher.example") }
        #expect(error?.code == .extensionNotOffered)
    }

    @Test func `REQUIRETLS needs TLS, and what is not offered is refused, left out or sent`() throws {
        let error = #expect(throws: SMTPError.self) {
            try Self.derive("REQUIRETLS", nil, parameters: [.requireTLS], isSecured: false)
        }
        #expect(error?.stage == .mail)
        #expect(throws: SMTPError.self) { try Self.derive("", nil, parameters: [.envelopeIdentifier("x")]) }
        let omitted = try Self.derive("", nil, parameters: [.envelopeIdentifier("x")]) {
            $0.unofferedParameters = .omit
        }
        #expect(Self.words(omitted) == "")
        let sent = try Self.derive("", nil, parameters: [.envelopeIdentifier("x")]) { $0.unofferedParameters = .send }
        #expect(Self.words(sent) == "ENVID=x")
    }
}
