import Foundation
import ProcessSupport
import Testing

@Suite("send and a smtpd-lite that goes wrong", .blocking)
struct FaultTests {
    /// Options of the server, and the statuses for a refusal, a close, a reset, and a server that says nothing more.
    struct Stage: Sendable, CustomTestStringConvertible {
        let name: String
        let refused: Int32
        let closed: Int32
        var options: [String] = []

        var testDescription: String { name }
    }

    static let stages = [
        Stage(name: "connect", refused: 21, closed: 21), Stage(name: "helo", refused: 22, closed: 22),
        Stage(name: "starttls", refused: 29, closed: 29, options: ["--tls"]),
        Stage(
            name: "auth", refused: 28, closed: 28,
            options: ["--insecure-auth", "--auth-user", "u", "--auth-password", "sesame"]),
        Stage(name: "mail", refused: 23, closed: 23), Stage(name: "rcpt", refused: 24, closed: 24),
        Stage(name: "data", refused: 25, closed: 25), Stage(name: "dot", refused: 26, closed: 26),
        Stage(name: "bdat", refused: 26, closed: 26, options: ["--bdat"]), Stage(name: "quit", refused: 27, closed: 27),
    ]

    private static func send(_ fault: String, _ options: [String]) async throws -> Probe.Result {
        let server = try await LiteServer.start(["--auth", "any", "--auth-without-tls", "--fault", fault])
        return try await Probe.send(["--to", "a@b.test", server.target] + options)
    }

    @Test(arguments: stages)
    func `each stage has its status`(stage: Stage) async throws {
        let refused = try await Self.send("\(stage.name)=554 5.7.0 Not now", stage.options)
        #expect(refused.status == stage.refused && refused.errors.contains("554 5.7.0 Not now"), "\(refused.errors)")
        for action in ["drop", "reset"] {
            let closed = try await Self.send("\(stage.name)=\(action)", stage.options)
            #expect(closed.status == stage.closed, "\(action): \(closed.output)\(closed.errors)")
        }
        let late = try await Self.send("\(stage.name)=stall", stage.options + ["--timeout", "400ms"])
        #expect(late.status == 43, "\(late.output)\(late.errors)")
    }

    @Test(arguments: ["drop", "reset"])
    func `a message that is cut off in the middle`(action: String) async throws {
        let folder = try TemporaryFolder()
        let mail = try folder.write([UInt8](repeating: 10, count: 8 << 20), to: "mail")
        let result = try await Self.send("body=after:64K,\(action)", ["--data", "@\(mail)"])
        #expect(result.status == 26, "\(result.output)\(result.errors)")
    }

    @Test(arguments: [[], ["--tls"], ["--bdat"]])
    func `the last words of a server that wants no more are heard`(options: [String]) async throws {
        let folder = try TemporaryFolder()
        let line = Array("a line of a message that is larger than anybody wants\n".utf8)
        let mail = try folder.write((0..<60_000).flatMap { _ in line }, to: "mail")
        let hellos = ["250-stub\r\n250-STARTTLS\r\n250 CHUNKING", "250 stub"]
        // Five times: which of both sides is faster is chance.
        for _ in 0..<5 {
            let server = try await ScriptedServer.start(
                ["EHLO": hellos, "BODY": ["552 5.3.4 Too large"], "BDAT": ["552 5.3.4 Too large"]],
                certificate: TestCertificate.path)
            let sent = try await Probe.send(["--to", "a@b.test", server.target, "--data", "@\(mail)"] + options)
            #expect(sent.status == 26 && sent.errors.contains("552 5.3.4 Too large"), "\(sent.output)\(sent.errors)")
        }
    }

    @Test func `a script hears them as well`() async throws {
        let folder = try TemporaryFolder()
        let mail = try folder.write([UInt8](repeating: 10, count: 8 << 20), to: "mail")
        let server = try await ScriptedServer.start(["BODY": ["552 5.3.4 Too large"]])
        let lines = [":from joe@a.test", ":to ann@b.test", ":send \(mail)"]
        let run = try await Script.run(server.target, lines)
        #expect(run.status == 26 && run.errors.contains("552 5.3.4 Too large"), "\(run.output)\(run.errors)")
    }

    @Test(arguments: ["send --to a@b.test --data @$0 $1", "-c ':from a@b.test' -c ':to c@d.test' -c \":send $0\" $1"])
    func `a message waits in its file for a server that reads slowly`(arguments: String) async throws {
        let folder = try TemporaryFolder()
        let mail = try folder.write([UInt8](repeating: 65, count: 100 << 20), to: "mail")
        let script = """
            import socket, sys
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.bind(('127.0.0.1', 0)); s.listen(1)
            print(s.getsockname()[1], flush=True)
            c = s.accept()[0]
            c.sendall(b'220 slow\\r\\n')
            for reply in (b'250 slow', b'250 ok', b'250 ok', b'354 go'):
                c.recv(4096); c.sendall(reply + b'\\r\\n')
            tail = b''
            while tail != b'\\r\\n.\\r\\n': tail = (tail + c.recv(2048))[-5:]
            c.sendall(b'250 ok\\r\\n'); c.recv(4096); c.sendall(b'221 bye\\r\\n')
            """
        let server = try Companion.python(script)
        let target = "127.0.0.1:\(try await server.line())"
        let run = try await onThread {
            try ChildProcess.run([
                "sh", "-c", "/usr/bin/time -f %M -o '\(folder.file("peak"))' '\(Probe.path)' \(arguments)", mail,
                target,
            ])
        }
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let peak = String(decoding: folder.read("peak"), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try #require(Int(peak)) < 64 << 10)
    }

    @Test func `a port whose packets nobody answers is given up in time`() async throws {
        // The backlog of the listener is full, so the kernel drops what asks for a connection.
        let script = """
            import socket, sys
            s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(0)
            held = []
            for _ in range(8):
                c = socket.socket(); c.setblocking(False); c.connect_ex(s.getsockname()); held.append(c)
            print(s.getsockname()[1], flush=True)
            sys.stdin.read()
            """
        let filter = try Companion.python(script)
        let target = "127.0.0.1:\(try await filter.line())"
        let sent = try await Probe.send(["--to", "a@b.test", target, "--connect-timeout", "400ms"])
        #expect(sent.status == 2 && sent.errors.contains("no answer in time"), "\(sent.errors)")
        let run = try await Script.run(target, ["NOOP"], ["--connect-timeout", "400ms"])
        #expect(run.status == 2 && run.errors.contains("no answer in time"), "\(run.errors)")
    }
}
