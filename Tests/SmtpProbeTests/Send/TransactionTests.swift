import Foundation
import ProcessSupport
import Testing

@Suite("What send says to a server", .blocking)
struct TransactionTests {
    private static let everything = [
        "EHLO": [
            "250-stub\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-CHUNKING\r\n"
                + "250-MT-PRIORITY\r\n250 REQUIRETLS"
        ]
    ]

    /// The lines that a server heard, EHLO and content left out.
    private static func heard(_ rules: [String: [String]], _ options: [String], status: Int32 = 0) async throws
        -> [String]
    {
        let server = try await ScriptedServer.start(rules)
        let result = try await Probe.send(["--from", "joe@a.test", "--helo", "probe.test", server.target] + options)
        #expect(result.status == status, "\(result.output)\(result.errors)")
        return try await server.finish()
    }

    @Test func `parameters are sent where they are offered, in xtext`() async throws {
        let lines = try await Self.heard(
            Self.everything,
            [
                "--to", "ann@b.test", "--notify", "success,delay", "--ret", "hdrs", "--envid", "a=b c", "--orcpt",
                "ann+x@c.test",
                "--mt-priority", "-3", "--smtputf8",
            ])
        let mail = try #require(lines.first { $0.hasPrefix("MAIL") })
        #expect(
            mail.hasPrefix("MAIL FROM:<joe@a.test> RET=HDRS ENVID=a+3Db+20c MT-PRIORITY=-3 SMTPUTF8 SIZE="))
        #expect(lines.contains("RCPT TO:<ann@b.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;ann+2Bx@c.test"))
    }

    @Test func `REQUIRETLS is asked for inside TLS only`() async throws {
        let options = ["--to", "ann@b.test", "--requiretls"]
        #expect(try await !Self.heard(Self.everything, options, status: 23).contains { $0.hasPrefix("MAIL") })
        let rules = ["EHLO": ["250-stub\r\n250-STARTTLS\r\n250 REQUIRETLS"]]
        let server = try await ScriptedServer.start(rules, certificate: TestCertificate.path)
        let result = try await Probe.send(options + ["--tls", server.target])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await server.finish().contains { $0.hasPrefix("MAIL") && $0.hasSuffix(" REQUIRETLS") })
    }

    @Test func `content beyond ASCII is declared, or encoded where it is not taken`() async throws {
        let options = ["--to", "ann@b.test", "--body", "Grüße aus der schönen Stadt"]
        let declared = try await Self.heard(Self.everything, options)
        #expect(declared.contains { $0.hasPrefix("MAIL") && $0.hasSuffix(" BODY=8BITMIME") })
        let encoded = try await Self.heard([:], options)
        #expect(encoded.contains("| Gr=C3=BC=C3=9Fe aus der sch=C3=B6nen Stadt"))
        #expect(!encoded.contains { $0.contains("BODY=") })
    }

    @Test func `bcc is sent to and stands nowhere`() async throws {
        let lines = try await Self.heard(
            [:], ["--to", "ann@b.test", "--cc", "Bob <bob@b.test>", "--bcc", "eve@b.test"])
        #expect(
            lines.filter { $0.hasPrefix("RCPT") } == [
                "RCPT TO:<ann@b.test>", "RCPT TO:<bob@b.test>", "RCPT TO:<eve@b.test>",
            ])
        #expect(lines.contains("| Cc: Bob <bob@b.test>"))
        #expect(!lines.contains { $0.hasPrefix("| ") && $0.contains("eve") })
    }

    @Test func `recipients come from a file`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("ann@b.test\r\nBob <bob@b.test>, eve@b.test\n\n".utf8, to: "list")
        let lines = try await Self.heard([:], ["--to", "@\(path)"])
        #expect(lines.filter { $0.hasPrefix("RCPT") }.count == 3)
    }

    @Test func `a pipelined envelope of which nobody is accepted ends with a lone dot`() async throws {
        let lines = try await Self.heard(
            ["RCPT": ["550 5.1.1 nobody"], "DOT": ["554 5.5.1 no valid recipients"]],
            ["--to", "ann@b.test", "--to", "bob@b.test", "--pipeline"], status: 24)
        #expect(!lines.contains { $0.hasPrefix("|") })
        #expect(lines.last == "QUIT")
    }

    @Test func `chunks hold the message as it is`() async throws {
        let lines = try await Self.heard(Self.everything, ["--to", "ann@b.test", "--bdat", "--data", ".\r\nabc\r\n"])
        #expect(lines.contains("BDAT 8 LAST"))
        #expect(!lines.contains("DATA"))
    }

    @Test func `LMTP has an outcome for each recipient`() async throws {
        let server = try await ScriptedServer.start(["DOT": ["250 2.1.5 <a> Saved\r\n452 4.2.2 full"]])
        let result = try await Probe.send([
            "--to", "a@b.test", "--to", "b@b.test", "lmtp://\(server.target)", "--json",
        ])
        #expect(result.status == 40)
        let recipients = try await Probe.document(result.output)["recipients"] as? [[String: Any]]
        #expect(recipients?.map { $0["accepted"] as? Bool } == [true, true])
        #expect(recipients?.map { $0["delivered"] as? Bool } == [true, false])
        #expect(recipients?.map { $0["code"] as? Int } == [250, 452])
        #expect(recipients?[1]["class"] as? String == "transient")
        #expect(recipients?[1]["meaning"] as? String == "Mailbox full")
        #expect(try await server.finish().contains { $0.hasPrefix("LHLO") })
    }

    @Test func `an LMTP reply that never comes is a timeout`() async throws {
        let server = try await ScriptedServer.start(["DOT": ["250 2.1.5 Saved"]])
        let result = try await Probe.send([
            "--to", "a@b.test", "--to", "b@b.test", "--lmtp", server.target, "--timeout", "300ms",
        ])
        #expect(result.status == 43)
    }

    @Test(arguments: [
        ("banner", ["QUIT"]), ("ehlo", ["EHLO probe.test", "QUIT"]), ("tls", ["EHLO probe.test", "QUIT"]),
        ("mail", ["EHLO probe.test", "MAIL FROM:<joe@a.test>", "QUIT"]),
        ("rcpt", ["EHLO probe.test", "MAIL FROM:<joe@a.test>", "RCPT TO:<ann@b.test>", "QUIT"]),
    ])
    func `it says QUIT behind the stage it is told`(stage: String, heard: [String]) async throws {
        let offer = ["EHLO": ["250 stub"]]
        #expect(try await Self.heard(offer, ["--to", "ann@b.test", "--quit-after", stage]) == heard)
        let dropped = try await Self.heard(offer, ["--to", "ann@b.test", "--drop-after", stage])
        #expect(dropped == Array(heard.dropLast()))
    }

    @Test(arguments: [("tls", ["QUIT"]), ("ehlo-tls", ["EHLO probe.test", "QUIT"]), ("ehlo", [])])
    func `it says QUIT before or after EHLO inside TLS`(stage: String, heard: [String]) async throws {
        let server = try await ScriptedServer.start(
            ["EHLO": ["250-stub\r\n250 STARTTLS", "250 stub"]], certificate: TestCertificate.path)
        let result = try await Probe.send([
            "--tls", "--helo", "probe.test", "--quit-after", stage, "--json", server.target,
        ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let start = ["EHLO probe.test"] + (stage == "ehlo" ? ["QUIT"] : ["STARTTLS"])
        #expect(try await server.finish() == start + heard)
        let times = try #require(try await Probe.document(result.output)["timing_ms"] as? [String: Any])
        #expect((times["tls"] is NSNull) == (stage == "ehlo") && (times["ehlo-tls"] is NSNull) == (stage != "ehlo-tls"))
    }

    @Test func `it drops before the content, and behind it`() async throws {
        let offer = ["EHLO": ["250 stub"]]
        let before = try await Self.heard(offer, ["--to", "ann@b.test", "--drop-after", "data"])
        #expect(before.last == "DATA")
        let behind = try await Self.heard(offer, ["--to", "ann@b.test", "--drop-after", "message"])
        #expect(behind.last?.hasPrefix("|") == true)
        #expect(try await Self.heard(offer, ["--to", "ann@b.test", "--drop-after", "connect"]).isEmpty)
    }

    @Test func `recipients are not needed before their stage`() async throws {
        #expect(try await Self.heard([:], ["--quit-after", "ehlo"]).last == "QUIT")
    }

    @Test func `hostile text reaches no terminal`() async throws {
        let server = try await ScriptedServer.start(["RCPT": ["550 5.1.1 \u{1B}[31mred\u{7}\u{9B}2J \u{FF}"]])
        let result = try await Probe.send(["--to", "a@b.test", server.target])
        #expect(result.status == 24)
        #expect(
            !(result.output + result.errors).unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 0x9B }
        )
    }

    @Test func `mail exchangers are looked up and tried in turn`() async throws {
        let server = try await ScriptedServer.start()
        let names = try await TestNameServer.start([
            "--local=/test/", "--mx-host=b.test,dead.b.test,5", "--mx-host=b.test,mx.b.test,10",
            "--host-record=dead.b.test,127.0.0.2", "--host-record=mx.b.test,127.0.0.1", "--dns-rr=null.test,15,000000",
        ])
        let result = try await Probe.send([
            "--to", "a@b.test", "--mx", "b.test:\(server.port)", "--resolver", names.endpoint,
        ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("127.0.0.2"))
        let refused = try await Probe.send(["--to", "a@null.test", "--mx", "null.test", "--resolver", names.endpoint])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("null MX"))
    }
}
