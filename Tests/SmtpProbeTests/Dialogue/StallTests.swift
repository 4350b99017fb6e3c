import Foundation
import ProcessSupport
import Testing

/// Whatever `smtp-probe` waits for, signals and the total time limit end it at once, and the document says where it
/// was.
@Suite("Waiting, ended by signals and by --deadline", .blocking)
struct StallTests {
    static let signals: [(number: Int32, status: Int32)] = [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)]

    /// Where a server says nothing more: the rule, the line that shows that the client has come there, and the stage.
    static let stages: [(rule: String, line: String)] = [
        ("EHLO", "EHLO"), ("AUTH", "AUTH"), ("MAIL", "MAIL"), ("RCPT", "RCPT"), ("DATA", "DATA"), ("DOT", "| "),
        ("QUIT", "QUIT"),
    ]

    private static func probe(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess([Probe.path] + arguments, environment: ["LOGNAME": "tester"])
    }

    private static func document(_ process: ChildProcess) async throws -> [String: Any] {
        let document = try await Probe.document(String(decoding: process.standardOutput, as: UTF8.self))
        return try #require(document["result"] as? [String: Any])
    }

    @Test(arguments: stages, signals)
    func `a silent server at any stage`(
        stage: (rule: String, line: String), signal: (number: Int32, status: Int32)
    ) async throws {
        var rules = ["EHLO": ["250-stub\r\n250 AUTH PLAIN"]]
        rules[stage.rule] = ["STALL"]
        let server = try await ScriptedServer.start(rules)
        let process = try Self.probe([
            "send", "--json", "--to", "a@b.test", "--body", "hi", "--insecure-auth", "--auth-user", "u",
            "--auth-password", "p",
            server.target,
        ])
        while case let line = try await server.line(), !line.hasPrefix(stage.line) {
            try #require(!line.isEmpty)
        }
        process.signal(signal.number)
        #expect(process.wait() == signal.status)
        let result = try await Self.document(process)
        #expect(result["exit"] as? Int == Int(signal.status))
        #expect(result["stage"] as? String != nil)
    }

    @Test(arguments: [["send", "--to", "a@b.test"], ["-c", "NOOP"], ["--mx", "-c", "NOOP"]], signals)
    func `a silent name server`(arguments: [String], signal: (number: Int32, status: Int32)) async throws {
        let nameServer = try Companion.python(Self.silentNameServer)
        let port = try await nameServer.line()
        let process = try Self.probe(arguments + ["--json", "--resolver", "127.0.0.1:\(port)", "mx.example"])
        #expect(try await nameServer.line() == "asked")
        process.signal(signal.number)
        #expect(process.wait() == signal.status)
        #expect(try await Self.document(process)["exit"] as? Int == Int(signal.status))
    }

    @Test(arguments: [["send", "--to", "a@b.test"], ["-c", "NOOP"]])
    func `a silent name server has the time of a connection`(arguments: [String]) async throws {
        let nameServer = try Companion.python(Self.silentNameServer)
        let port = try await nameServer.line()
        let process = try Self.probe(
            arguments + ["--json", "--resolver", "127.0.0.1:\(port)", "--connect-timeout", "200ms", "mx.example"])
        #expect(process.wait() == 2)
        let text = String(decoding: process.standardOutput, as: UTF8.self)
        let document = try await Probe.document(text)
        let result = try #require(document["result"] as? [String: Any])
        #expect((result["reason"] as? String)?.contains("no name server answered in time") == true)
        #expect(result["stage"] as? String == "resolve" && result["class"] as? String == "transient")
        #expect(try #require((document["timing_ms"] as? [String: Any])?["resolve"] as? Double) > 100)
    }

    @Test(arguments: [["send", "--to", "a@b.test", "--data", "@FIFO"], ["-f", "FIFO"]], signals)
    func `a FIFO that stalls`(arguments: [String], signal: (number: Int32, status: Int32)) async throws {
        let folder = try TemporaryFolder()
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let server = try await ScriptedServer.start()
        let process = try Self.probe(
            arguments.map { $0.replacingOccurrences(of: "FIFO", with: fifo) } + ["--json", server.target])
        // This waits until the FIFO is opened for reading.
        let writer = open(fifo, O_WRONLY | O_CLOEXEC)
        defer { close(writer) }
        #expect(write(writer, "Subject", 7) == 7)
        process.signal(signal.number)
        #expect(process.wait() == signal.status)
        #expect(try await Self.document(process)["exit"] as? Int == Int(signal.status))
    }

    @Test(arguments: [
        ["send", "--to", "a@b.test", "--data", "-"], ["-f", "-"], ["send", "--to", "a@b.test", "--deadline"],
    ])
    func `the total time limit`(arguments: [String]) async throws {
        let server = try await ScriptedServer.start(["MAIL": ["STALL"]])
        let input = Pipe()
        defer { try? input.fileHandleForWriting.close() }
        let process = try ChildProcess(
            [Probe.path] + arguments.filter { $0 != "--deadline" } + ["--json", "--deadline", "300ms", server.target],
            descriptors: [0: input.fileHandleForReading.fileDescriptor])
        #expect(process.wait() == 43)
        #expect(try await Self.document(process)["reason"] as? String == "the time of --deadline is over")
    }

    @Test func `a 421 is heard while input stalls`() async throws {
        let server = try await ScriptedServer.start(["BODY": ["421 4.3.2 closing"]])
        let input = Pipe()
        let process = try ChildProcess(
            [Probe.path, "send", "--json", "--to", "a@b.test", "--data", "-", server.target],
            descriptors: [0: input.fileHandleForReading.fileDescriptor])
        // More than is read before the dialogue begins, and no end.
        let content = Data(String(repeating: String(repeating: "x", count: 62) + "\r\n", count: 20_000).utf8)
        // The probe may end before it has read all of it.
        signal(SIGPIPE, SIG_IGN)
        try input.fileHandleForReading.close()
        try? await onThread { try input.fileHandleForWriting.write(contentsOf: content) }
        #expect(process.wait() != 0)
        let text = String(decoding: process.standardOutput, as: UTF8.self)
        #expect(text.contains("421") && text.contains("4.3.2"))
        try input.fileHandleForWriting.close()
    }

    @Test func `a script ends when its connection does while input stalls`() async throws {
        let server = try Companion.python(
            """
            import socket
            s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(1)
            print(s.getsockname()[1], flush=True)
            c, _ = s.accept(); f = c.makefile('rwb', 0)
            f.write(b'220 stub\\r\\n'); f.readline(); f.write(b'421 4.3.2 closing\\r\\n')
            c.shutdown(socket.SHUT_WR); f.read()
            """)
        let input = Pipe()
        let process = try ChildProcess(
            [Probe.path, "--json", "127.0.0.1:\(try await server.line())"],
            descriptors: [0: input.fileHandleForReading.fileDescriptor])
        try input.fileHandleForWriting.write(contentsOf: Data("NOOP\n".utf8))
        #expect(process.wait() != 0)
        #expect(String(decoding: process.standardOutput, as: UTF8.self).contains("4.3.2"))
        try input.fileHandleForWriting.close()
    }

    @Test(arguments: ["NOOP", "MAIL FROM:<>"])
    func `a script ends after 421 from a server that stays`(line: String) async throws {
        let server = try await ScriptedServer.start(["NOOP": ["421 4.3.2 closing"], "MAIL": ["421 4.3.2 closing"]])
        let input = Pipe()
        let process = try ChildProcess(
            [Probe.path, "--json", server.target], descriptors: [0: input.fileHandleForReading.fileDescriptor])
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
        #expect(process.wait() == (line == "NOOP" ? 41 : 23))
        #expect(try await Self.document(process)["class"] as? String == "transient")
        try input.fileHandleForWriting.close()
        // RFC 5321, section 3.8: nothing more is said to a server that closes.
        #expect(try await server.finish() == [line])
    }

    @Test func `a 421 that the next line expects does not end a script`() async throws {
        let server = try await ScriptedServer.start(["NOOP": ["421 4.3.2 closing"]])
        let run = try await Script.run([server.target], input: "NOOP\n:expect 421\n")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
    }

    private static let silentNameServer = """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))
        print(s.getsockname()[1], flush=True)
        while True:
            s.recvfrom(512); print('asked', flush=True)
        """
}
