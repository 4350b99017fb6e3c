import CommandLineSupport
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("Addresses in the language", .blocking)
struct AddressTests {
    @Test(arguments: [
        (#"ann@x.test"#, "ann@x.test", ""), (#"Ann <ann@x.test> SIZE=1 RET=FULL"#, "ann@x.test", "SIZE=1 RET=FULL"),
        (#""a b"@x.test NOTIFY=NEVER"#, #""a b"@x.test"#, "NOTIFY=NEVER"), ("<>", "", ""),
        ("<> BODY=7BIT", "", "BODY=7BIT"),
        (#""A > B" <a@x.test>"#, "a@x.test", ""), (#"<"a>b"@x.test> X"#, #""a>b"@x.test"#, "X"),
        (#""a\" b"@x.test"#, #""a\" b"@x.test"#, ""),
    ])
    func `an address ends at its bracket or at the first blank outside quotes`(
        text: String, address: String, rest: String
    ) throws {
        let read = try AddressWords.first(text)
        #expect("\(read.address.path)" == address)
        #expect(read.rest == rest)
    }

    @Test(arguments: ["", "ann", "a b", "<ann", "ann@", "Ann ann@x.test", "<a@x.test"])
    func `anything else is refused`(text: String) {
        #expect(throws: ValueError.self) {
            let (address, rest) = try AddressWords.first(text)
            guard rest.isEmpty, address.forwardPath != nil else { throw ValueError("\(address)") }
        }
    }

    @Test func `lists have blanks or commas`() throws {
        let text = #"a@x.test  "b c"@x.test, Dee <d@x.test> e@x.test"#
        let paths = try AddressWords.addresses(text).map { "\($0.path)" }
        #expect(paths == ["a@x.test", #""b c"@x.test"#, "d@x.test", "e@x.test"])
        #expect(throws: ValueError.self) { try AddressWords.addresses("a@x.test <>") }
    }

    @Test func `mail, rcpt, from and to read addresses as send does`() async throws {
        let server = try await ScriptedServer.start()
        let result = try await Script.run(
            server.target,
            [
                #":rcpt "a b"@x.test NOTIFY=NEVER"#, ":from Ann <a@x.test>", ":mail", ":to Bob <b@x.test>, c@x.test",
                ":rcpt", ":mail <> SIZE=1", ":from <>", ":mail", ":rcpt Dee <d@x.test>",
            ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            try await server.finish() == [
                #"RCPT TO:<"a b"@x.test> NOTIFY=NEVER"#, "MAIL FROM:<a@x.test>", "RCPT TO:<b@x.test>",
                "RCPT TO:<c@x.test>", "MAIL FROM:<> SIZE=1", "MAIL FROM:<>", "RCPT TO:<d@x.test>", "QUIT",
            ])
    }

    @Test func `domains beyond ASCII are sent in ASCII`() async throws {
        let server = try await ScriptedServer.start()
        let result = try await Script.run(
            server.target,
            [
                ":mail a@b\u{FC}cher.test SIZE=1", ":rcpt B <b@b\u{FC}cher.test>", ":from c@b\u{FC}cher.test", ":mail",
                ":to d@b\u{FC}cher.test", ":rcpt", ":mail \u{FC}@b\u{FC}cher.test", "RCPT TO:<e@b\u{FC}cher.test>",
            ])
        #expect(result.status == 0, "\(result.errors)")
        // The scripted server shows bytes as Latin-1.
        let raw = "b\u{C3}\u{BC}cher.test"
        #expect(
            try await server.finish() == [
                "MAIL FROM:<a@xn--bcher-kva.test> SIZE=1", "RCPT TO:<b@xn--bcher-kva.test>",
                "MAIL FROM:<c@xn--bcher-kva.test>", "RCPT TO:<d@xn--bcher-kva.test>",
                "MAIL FROM:<\u{C3}\u{BC}@\(raw)>", "RCPT TO:<e@\(raw)>", "QUIT",
            ])
    }

    @Test(arguments: [":rcpt a@x.test b@x.test", ":mail <a@x.test> b@x.test", ":rcpt a@x.test NOTIFY=NEVER -X=1"])
    func `a word after the address that is no parameter is named`(line: String) async throws {
        let server = try await ScriptedServer.start()
        let result = try await Script.run(server.target, [line])
        let word = try #require(line.split(separator: " ").last)
        #expect(result.status == 1)
        #expect(result.errors.contains("'\(word)' after the address is no parameter"), "\(result.errors)")
        #expect(try await server.finish() == ["QUIT"])
    }

    @Test func `what is no address is not sent`() async throws {
        let server = try await ScriptedServer.start()
        let result = try await Script.run(server.target, [":rcpt ann"])
        #expect(result.status == 1)
        #expect(result.errors.contains("'ann' is no address"), "\(result.errors)")
    }
}
