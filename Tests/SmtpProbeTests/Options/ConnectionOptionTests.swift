import Foundation
import ProcessSupport
import Testing

@Suite("Options about connections and output", .blocking)
struct ConnectionOptionTests {
    /// The message that arrives at an `smtpd-lite`, with its trace.
    private static func mail(_ options: [String], host: String = "localhost", server: [String] = []) async throws
        -> String
    {
        let folder = try TemporaryFolder()
        let command = ([Probe.path, "send", "--to", "a@b.test"] + options).map { "'\($0)'" }.joined(separator: " ")
        let run = try await onThread {
            try ChildProcess.run(
                [
                    BuiltTool.path("smtpd-lite"), "-l", "\(host == "localhost" ? "127.0.0.1" : host):0", "--mbox",
                    folder.file("mbox"),
                ] + server
                    + ["--", "sh", "-c", "exec \(command) \(host):$SMTP_PORT"])
        }
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        return String(decoding: folder.read("mbox"), as: UTF8.self)
    }

    @Test(arguments: ["-4", "--ipv4"])
    func `IPv4 alone is used where that is asked for`(option: String) async throws {
        #expect(try await Self.mail([option]).contains("([127.0.0.1])"))
    }

    @Test(arguments: ["-6", "--ipv6"])
    func `and so is IPv6`(option: String) async throws {
        #expect(try await Self.mail([option], host: "[::1]").contains("([IPv6:"))
        let server = try await ScriptedServer.start()
        let wrong = try await Probe.send(["--to", "a@b.test", option, server.target])
        #expect(wrong.status == 2, "\(wrong.errors)")
    }

    @Test func `the address of this end and its name can be chosen`() async throws {
        let mail = try await Self.mail(["-4", "--source", "127.0.0.5", "--helo", "client.example"])
        #expect(mail.contains("from client.example ([127.0.0.5])"), "\(mail)")
    }

    @Test func `a PROXY header and XCLIENT say whose mail it is`() async throws {
        let proxied = try await Self.mail(
            ["-4", "--proxy-header", "PROXY TCP4 192.0.2.9 192.0.2.1 4711 25"], server: ["--proxy-from", "127.0.0.1"])
        #expect(proxied.contains("([192.0.2.9])"), "\(proxied)")
        let claimed = try await Self.mail(
            ["-4", "--xclient", "ADDR=192.0.2.9"], server: ["--xclient-from", "127.0.0.1"])
        #expect(claimed.contains("([192.0.2.9])"), "\(claimed)")
    }

    @Test func `a key may have a file of its own`() async throws {
        let folder = try TemporaryFolder()
        let both = String(decoding: try Data(contentsOf: URL(filePath: TestCertificate.client)), as: UTF8.self)
        let start = try #require(both.firstRange(of: "-----BEGIN PRIVATE KEY-----")).lowerBound
        let certificate = try folder.write(both[..<start].utf8, to: "cert.pem")
        let key = try folder.write(both[start...].utf8, to: "key.pem")
        let server = try await ScriptedServer.start(
            ["EHLO": ["250-stub\r\n250 STARTTLS", "250 stub"]], certificate: TestCertificate.path)
        let options = ["--to", "a@b.test", "--tls", "--cert", certificate, server.target]
        #expect(try await Probe.send(options + ["--key", key]).status == 0)
        let none = try await Probe.send(options)
        #expect(none.status == 1 && none.errors.contains("cert.pem"), "\(none.errors)")
    }

    @Test(arguments: [["-q"], ["--quiet"]])
    func `quiet says nothing but what went wrong`(options: [String]) async throws {
        let server = try await ScriptedServer.start(["VRFY": ["550 no"]])
        let script = try await Script.run(server.target, ["NOOP", "VRFY x"], options)
        #expect(script.output.isEmpty && script.errors.contains("VRFY x: 550 no"))
        let sent = try await Probe.send(["--to", "a@b.test", server.target] + options)
        #expect(sent.status == 0 && sent.output.isEmpty && sent.errors.isEmpty)
    }

    @Test func `verbose says what is connected to, and what TLS is`() async throws {
        let server = try await LiteServer.start()
        let script = try await Script.run(server.target, ["NOOP"], ["--verbose", "--tls"])
        #expect(script.errors.contains("* connected to \(server.target)") && script.errors.contains("* TLSv1.3"))
        let sent = try await Probe.send(["--to", "a@b.test", "-v", "--tls", server.target])
        #expect(sent.output.contains("=== TLS: subject CN=mx.example, issuer CN=mx.example"))
    }

    @Test func `colours come when they are asked for`() async throws {
        let server = try await ScriptedServer.start()
        let script = try await Script.run(
            ["--color", "always", "-c", "NOOP", server.target], environment: ["NO_COLOR": "1"])
        #expect(script.output.contains("\u{1B}[36mC: NOOP\u{1B}[0m"))
        #expect(
            try await Probe.send(["--to", "a@b.test", "--color", "always", server.target]).output.contains(
                "\u{1B}[36m==="))
        for color in ["auto", "never"] {
            let plain = try await Script.run(server.target, ["NOOP"], ["--color", color])
            #expect(!plain.output.contains("\u{1B}"))
        }
    }

    @Test func `script options have long names`() async throws {
        let server = try await ScriptedServer.start(["VRFY": ["550 no"]])
        let folder = try TemporaryFolder()
        let file = try folder.write("VRFY x\nNOOP last\n".utf8, to: "script")
        let run = try await Script.run(["--command", "NOOP first", "--file", file, "--keep-going", server.target])
        #expect(run.status == 41)
        #expect(try await server.finish() == ["NOOP first", "VRFY x", "NOOP last", "QUIT"])
    }

    @Test func `help and version are answered on standard output`() async throws {
        for arguments in [["--help"], ["-h"], ["send", "--help"], ["send", "-h"]] {
            let help = try await Script.run(arguments)
            #expect(help.status == 0 && help.errors.isEmpty && help.output.contains("USAGE: smtp-probe"))
        }
        let version = try await Script.run(["--version"])
        #expect(version.status == 0 && version.output.hasPrefix("smtp-probe 0."))
    }

    @Test func `mail exchangers are tried in turn in a script, too`() async throws {
        let server = try await ScriptedServer.start()
        let names = try await TestNameServer.start([
            "--local=/test/", "--mx-host=b.test,dead.b.test,5", "--mx-host=b.test,mx.b.test,10",
            "--host-record=dead.b.test,127.0.0.2", "--host-record=mx.b.test,127.0.0.1",
        ])
        let run = try await Script.run(
            "b.test:\(server.port)", ["NOOP", ":status"], ["--mx", "--resolver", names.endpoint])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("connected to 127.0.0.1:\(server.port) (mx.b.test)"), "\(run.output)")
        #expect(try await server.finish() == ["NOOP", "QUIT"])
    }
}
