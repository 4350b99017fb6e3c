import Foundation
import ProcessSupport
import Testing

/// The outcome says what was delivered, whatever ended the dialogue.
@Suite("Outcomes through the built tool", .blocking)
struct OutcomeTests {
    /// A server's rules, options, the status, and for each recipient the code of the last reply.
    struct Example: Sendable, CustomTestStringConvertible {
        let rules: [String: [String]]
        let options: [String]
        let status: Int32
        let codes: [Int?]

        var testDescription: String { "\(status): \(options.joined(separator: " ")) \(rules)" }
    }

    static let examples: [Example] = [
        Example(rules: ["RCPT": ["250 ok", "421 bye"]], options: [], status: 24, codes: [250, 421]),
        Example(rules: ["RCPT": ["250 ok", "421 bye"]], options: ["--partial-ok"], status: 24, codes: [250, 421]),
        Example(rules: ["RCPT": ["250 ok", "421 bye"]], options: ["--pipeline"], status: 24, codes: [250, 421]),
        Example(rules: ["RCPT": ["250 ok", "550 no"]], options: [], status: 40, codes: [250, 550]),
        Example(rules: ["RCPT": ["250 ok", "550 no"]], options: ["--partial-ok"], status: 0, codes: [250, 550]),
        Example(rules: ["RCPT": ["250 ok", "CLOSE"]], options: [], status: 24, codes: [250, nil]),
        Example(rules: ["DOT": ["CLOSE"]], options: [], status: 26, codes: [250, 250]),
        Example(rules: ["DOT": ["RESET"]], options: ["--partial-ok"], status: 26, codes: [250, 250]),
        Example(rules: ["DOT": ["STALL"]], options: ["--timeout", "300ms"], status: 43, codes: [250, 250]),
        Example(rules: ["RCPT": ["552 many"]], options: ["--exit-temp"], status: 75, codes: [552, 552]),
        Example(rules: ["RCPT": ["550 no"]], options: ["--exit-temp"], status: 24, codes: [550, 550]),
        Example(rules: [:], options: ["--bdat"], status: 23, codes: []),
    ]

    @Test(arguments: examples)
    func `status and recipients`(example: Example) async throws {
        let server = try await ScriptedServer.start(example.rules)
        let result = try await Probe.send(
            ["--json", "--to", "ann@b.test", "--to", "bob@b.test"] + example.options + [server.target])
        #expect(result.status == example.status, "\(result.output)")
        let document = try await Probe.document(result.output)
        let recipients = try #require(document["recipients"] as? [[String: Any]])
        #expect(recipients.map { $0["code"] as? Int } == example.codes)
        if !example.codes.isEmpty {
            let times = try #require(document["timing_ms"] as? [String: Any])
            #expect(times["rcpt"] is NSNumber)
        }
    }

    @Test func `with LMTP the first recipient's reply is kept when the server closes`() async throws {
        let server = try await ScriptedServer.start(["DOT": ["250 2.1.5 first\r\n250-half"], "LHLO": ["250 stub"]])
        let result = try await Probe.send(
            [
                "--json", "--lmtp", "--to", "ann@b.test", "--to", "bob@b.test", "--to", "eve@b.test", "--timeout",
                "300ms", server.target,
            ])
        let document = try await Probe.document(result.output)
        let recipients = try #require(document["recipients"] as? [[String: Any]])
        #expect(recipients.first?["text"] as? String == "first")
        #expect(result.status == 43)
    }

    @Test(arguments: ["STALL", "CLOSE"])
    func `silence and a close at QUIT are the same to a monitor`(end: String) async throws {
        let server = try await ScriptedServer.start(["QUIT": [end]])
        let result = try await Probe.send(["--nagios", "--to", "a@b.test", "--timeout", "300ms", server.target])
        #expect(result.status == 1 && result.output.hasPrefix("SMTP WARNING"), "\(result.output)")
    }

    @Test(arguments: [
        (["MAIL": ["550 no"]], ["EHLO x", "MAIL FROM:<>", "NOOP"]), (["GREETING": ["554 no"]], ["NOOP"]),
        (["FOO": ["500 what"]], ["FOO", "NOOP"]), ([:], [":nosuch"]),
    ])
    func `a script that stops says QUIT`(rules: [String: [String]], lines: [String]) async throws {
        let server = try await ScriptedServer.start(rules)
        let result = try await Script.run(server.target, lines)
        #expect(result.status != 0)
        #expect(try await server.finish().last == "QUIT", "\(result.output)\(result.errors)")
    }

    @Test func `STARTTLS greets again, and TLS that is not offered is mentioned`() async throws {
        let server = try await ScriptedServer.start(certificate: TestCertificate.path)
        let result = try await Script.run(server.target, ["EHLO x", ":starttls"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await server.finish().count { $0.hasPrefix("EHLO") } == 2)
        let plain = try await ScriptedServer.start()
        let sent = try await Probe.send(["--tls-optional", "--to", "a@b.test", plain.target])
        #expect(sent.status == 0 && sent.output.contains("Going on without TLS: the server does not offer STARTTLS."))
        let script = try await Script.run(plain.target, ["NOOP"], ["--tls-optional"])
        #expect(script.status == 0 && script.errors.contains("the server does not offer STARTTLS"), "\(script.errors)")
        let refusing = try await ScriptedServer.start(["EHLO": ["250-stub\r\n250 STARTTLS"], "STARTTLS": ["454 no"]])
        let refused = try await Probe.send(["--tls-optional", "--to", "a@b.test", refusing.target])
        #expect(refused.status == 0 && refused.output.contains("the server refused STARTTLS"), "\(refused.output)")
        let shown = try await Script.run(refusing.target, ["NOOP"], ["--tls-optional"])
        #expect(shown.status == 0 && shown.errors.contains("the server refused STARTTLS"), "\(shown.errors)")
    }

    @Test func `:send declares what send does, and SIZE counts line ends as they travel`() async throws {
        let folder = try TemporaryFolder()
        let text = "Subject: x\n\nGrüße\nund Dank\n"
        try folder.write(Array(text.utf8), to: "m.eml")
        let wire = text.utf8.count + text.utf8.count { $0 == 10 }
        let offers = ["EHLO": ["250-stub\r\n250-SIZE\r\n250 8BITMIME"]]
        let server = try await ScriptedServer.start(offers)
        let result = try await Script.run(
            server.target, ["EHLO x", ":from a@b.test", ":to c@d.test", ":send \(folder.file("m.eml"))"])
        #expect(result.status == 0, "\(result.errors)")
        let mail = "MAIL FROM:<a@b.test> SIZE=\(wire) BODY=8BITMIME"
        #expect(try await server.finish().contains(mail))
        let other = try await ScriptedServer.start(offers)
        let sent = try await Probe.send(
            ["--json", "--from", "a@b.test", "--to", "c@d.test", "--data", "@\(folder.file("m.eml"))", other.target])
        #expect(try await other.finish().contains(mail))
        let message = try #require(try await Probe.document(sent.output)["message"] as? [String: Any])
        #expect(message["size"] as? Int == wire)
    }

    @Test func `a header with addresses beyond ASCII needs SMTPUTF8, or has ASCII domains`() async throws {
        let server = try await ScriptedServer.start()
        let words = ["--to", "a@b\u{FC}cher.test", "--from", "c@d.test", server.target]
        #expect(try await Probe.send(words).status == 0)
        let refused = try await Probe.send(words + ["--header", "Reply-To: \u{FC}@d.test"])
        #expect(refused.status == 23 && refused.errors.contains("SMTPUTF8"), "\(refused.errors)")
        let lines = try await server.finish()
        #expect(lines.contains("RCPT TO:<a@xn--bcher-kva.test>") && lines.contains("| To: a@xn--bcher-kva.test"))
        #expect(lines.count { $0.hasPrefix("MAIL") } == 1)
    }

    @Test(arguments: [
        ":from ", ":bdat ", ":within 500 ", ":rcpt ", ":attach /", ":expect ", ":set ", ":", ":sleep ", ":repeat ",
        ":source /", ":header ",
    ])
    func `a secret typed as the argument of a command after a refused AUTH is in no output`(start: String) async throws
    {
        let folder = try TemporaryFolder()
        let secret = "cGFzc3dvcmQ"
        let server = try await ScriptedServer.start(["AUTH": ["504 5.5.4 no"]])
        let paths = ["log", "record"]
        let lines = paths.map { ":\($0) \(folder.file($0))" } + ["AUTH LOGIN", start + secret, ":history", "NOOP"]
        let result = try await Script.run(["-k", server.target], input: lines.joined(separator: "\n") + "\n")
        let all =
            result.output + result.errors + paths.map { String(decoding: folder.read($0), as: UTF8.self) }.joined()
        #expect(all.contains("AUTH LOGIN"))
        #expect(!all.contains(secret), "\(all)")
        #expect(result.errors.contains("may be a password"), "\(result.errors)")
    }

    @Test func `valid commands after a refused AUTH are recorded`() async throws {
        let folder = try TemporaryFolder()
        let server = try await ScriptedServer.start(["AUTH": ["504 5.5.4 no"]])
        let lines = [
            ":record \(folder.file("record"))", "AUTH LOGIN", ":expect 504", ":mail a@b.test", ":rcpt c@d.test",
        ]
        let result = try await Script.run([server.target], input: lines.joined(separator: "\n") + "\n")
        #expect(result.status == 0, "\(result.errors)")
        let record = String(decoding: folder.read("record"), as: UTF8.self)
        for line in lines[2...] { #expect(record.contains("\(line)\n"), "\(record)") }
    }

    @Test func `secrets of a refused AUTH are in no output`() async throws {
        let folder = try TemporaryFolder()
        let secrets = ["dXNlcg==", "cGFzcw==", "eHl6MTIz"]
        let lines = ["EHLO x", "AUTH LOGIN", secrets[0], secrets[1], "AUTH\tPLAIN\t\(secrets[2])", "NOOP"]
        let paths = ["log", "record"].map { folder.file($0) }
        for isPipelined in [false, true] {
            let server = try await ScriptedServer.start(["AUTH": ["504 5.5.4 no"], secrets[0]: ["500 what"]])
            let body = isPipelined ? [":pipeline"] + lines + [":pipeline"] : lines
            let input = [":log \(paths[0])", ":record \(paths[1])"] + body
            for options in [["-k"], ["-k", "--json"]] {
                let result = try await Script.run(
                    options + [server.target], input: input.joined(separator: "\n") + "\n")
                let all =
                    result.output + result.errors
                    + paths.map { String(decoding: folder.read(($0 as NSString).lastPathComponent), as: UTF8.self) }
                    .joined()
                #expect(all.contains("AUTH LOGIN"))
                for secret in secrets { #expect(!all.contains(secret), "\(all)") }
            }
            let heard = try await server.finish()
            #expect(heard.contains(secrets[1]))
        }
    }
}
