import Foundation
import ProcessSupport
import Testing

/// Whatever file, name server, server or pipe blocks, a signal ends the tool with its status and a document.
@Suite("Files, servers and pipes that block, ended by signals", .blocking)
struct BlockedFileTests {
    /// Command lines that open `FIFO`, into which nothing is written.
    static let readers: [[String]] = [
        ["check", "--mx", "--policy", "FIFO", "stub.test"], ["check", "--ca", "FIFO", "127.0.0.1:1"],
        ["load", "--ca", "FIFO", "127.0.0.1:1"], ["load", "--cert", "FIFO", "127.0.0.1:1"],
        ["load", "--data", "@FIFO", "127.0.0.1:1"],
        ["load", "--auth-user", "u", "--auth-password-file", "FIFO", "127.0.0.1:1"],
        ["send", "--to", "a@b.test", "--ca", "FIFO", "127.0.0.1:1"],
        ["send", "--to", "a@b.test", "--cert", "FIFO", "127.0.0.1:1"],
        ["send", "--to", "a@b.test", "--auth-user", "u", "--auth-password-file", "FIFO", "127.0.0.1:1"],
        ["send", "--to", "@FIFO", "127.0.0.1:1"], ["send", "--to", "a@b.test", "--body", "@FIFO", "127.0.0.1:1"],
        ["-c", "NOOP", "--ca", "FIFO", "127.0.0.1:1"], ["-f", "FIFO", "127.0.0.1:1"], ["-c", ":source FIFO"],
    ]

    /// Opens a FIFO for writing as soon as it is open for reading.
    private static func writer(_ fifo: String) async throws -> Int32 {
        try await onThread {
            var writer: Int32 = -1
            let isOpen = try Loopback.until {
                writer = open(fifo, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
                return writer >= 0
            }
            try #require(isOpen, "nothing reads \(fifo)")
            return writer
        }
    }

    private static func end(_ process: ChildProcess, _ signal: (number: Int32, status: Int32)) async throws {
        process.signal(signal.number)
        let status = await onThread { process.wait() }
        #expect(status == signal.status)
        let document = try await Probe.document(String(decoding: process.standardOutput, as: UTF8.self))
        #expect((document["result"] as? [String: Any])?["exit"] as? Int == Int(signal.status))
    }

    @Test(arguments: readers, StallTests.signals)
    func `a FIFO into which nothing is written`(
        arguments: [String], signal: (number: Int32, status: Int32)
    ) async throws {
        let folder = try TemporaryFolder()
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let words = arguments.map { $0.replacingOccurrences(of: "FIFO", with: fifo) }
        let process = try ChildProcess([Probe.path] + words + ["--json"])
        let writer = try await Self.writer(fifo)
        defer { close(writer) }
        try await Self.end(process, signal)
    }

    @Test(arguments: [["check"], ["check", "--mx"], ["load"], ["load", "--mx"]], StallTests.signals)
    func `a silent name server`(arguments: [String], signal: (number: Int32, status: Int32)) async throws {
        let nameServer = try Companion.python(
            """
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))
            print(s.getsockname()[1], flush=True)
            while True: s.recvfrom(512); print('asked', flush=True)
            """)
        let port = try await nameServer.line()
        let process = try ChildProcess(
            [Probe.path] + arguments + ["--json", "--resolver", "127.0.0.1:\(port)", "mx.example"])
        #expect(try await nameServer.line() == "asked")
        try await Self.end(process, signal)
    }

    @Test(arguments: [["check"], ["load"], ["send", "--to", "a@b.test"], ["-c", "NOOP"]], StallTests.signals)
    func `a server that does not greet`(arguments: [String], signal: (number: Int32, status: Int32)) async throws {
        let server = try Companion.python(
            """
            import socket, sys
            s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)
            c = s.accept()[0]; print('there', flush=True); sys.stdin.read()
            """)
        let port = try await server.line()
        let process = try ChildProcess([Probe.path] + arguments + ["--json", "127.0.0.1:\(port)"])
        #expect(try await server.line() == "there")
        try await Self.end(process, signal)
    }

    @Test(arguments: StallTests.signals)
    func `a server whose QUIT stalls keeps no check`(signal: (number: Int32, status: Int32)) async throws {
        let server = try await ScriptedServer.start(["QUIT": ["STALL"]])
        let process = try ChildProcess([Probe.path, "check", "--json", "--only", "helo,vrfy", server.target])
        while try await server.line() != "QUIT" {}
        try await Self.end(process, signal)
    }

    @Test(arguments: [SIGTERM, SIGHUP])
    func `a command of the system that goes on`(number: Int32) async throws {
        let folder = try TemporaryFolder()
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let process = try ChildProcess([Probe.path, "--json", "-c", ":!exec cat '\(fifo)' 2>/dev/null"])
        let writer = try await Self.writer(fifo)
        defer { close(writer) }
        try await Self.end(process, (number, 128 + number))
    }

    @Test(
        arguments: [
            ["-c", ":help"], ["--json", "-c", "NOOP", "SERVER"], ["send", "--to", "a@b.test", "SERVER"],
            ["send", "--json", "--to", "a@b.test", "SERVER"], ["check", "--only", "vrfy", "SERVER"],
            ["check", "--json", "--only", "vrfy", "SERVER"], ["load", "SERVER"], ["load", "--json", "SERVER"],
        ], [SIGINT, SIGTERM])
    func `standard output that nothing reads`(arguments: [String], signal: Int32) async throws {
        let server = try await ScriptedServer.start()
        let output = Pipe()
        let writing = output.fileHandleForWriting.fileDescriptor
        // The pipe is full before the tool begins.
        #expect(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
        let piece = [UInt8](repeating: 10, count: 4_096)
        while write(writing, piece, piece.count) > 0 {}
        #expect(fcntl(writing, F_SETFL, 0) == 0)
        let process = try ChildProcess(
            [Probe.path] + arguments.map { $0.replacingOccurrences(of: "SERVER", with: server.target) },
            descriptors: [1: writing])
        let isWriting = try await onThread { try Loopback.until { Self.isWriting(process.processID) } }
        try #require(isWriting)
        process.signal(signal)
        let status = await onThread { process.wait() }
        #expect(status == 128 + signal)
    }

    /// Whether a thread of a process waits in a call to write(2) to standard output, or a copy of it.
    private static func isWriting(_ process: pid_t) -> Bool {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.contains { thread in
            let place = "/proc/\(process)/task/\(thread)/wchan"
            return (try? String(contentsOfFile: place, encoding: .utf8))?.contains("pipe_write") == true
        }
    }

    @Test(arguments: [["send", "--to", "a@b.test", "--keylog", "FIFO", "127.0.0.1:1"], ["-c", ":log FIFO"]])
    func `a FIFO that nothing reads is no file to write to`(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let run = try await Script.run(arguments.map { $0.replacingOccurrences(of: "FIFO", with: fifo) })
        #expect(run.status == 1 && run.errors.contains("no program reads this FIFO"), "\(run.errors)")
    }

    @Test(arguments: ["check", "load"])
    func `certificates of authorities may come from a pipe, and from a folder`(command: String) async throws {
        let folder = try TemporaryFolder()
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        try FileManager.default.copyItem(atPath: TestCertificate.authority, toPath: folder.file("authority.pem"))
        let server = try await LiteServer.start(["--cert", TestCertificate.signed])
        for place in ["\"$1/fifo\"", "\"$1\""] {
            // The FIFO in the folder is no reason to wait.
            let script = """
                cat '\(TestCertificate.authority)' >"$1/fifo" &
                '\(Probe.path)' \(command) --json --ca \(place) --name stub.test \(command == "check" ? "--only cert.trust" : "--tls") \(server.target)
                status=$?; kill $! 2>/dev/null; exit $status
                """
            let run = try await onThread { try ChildProcess.run(["sh", "-c", script, "sh", folder.path]) }
            #expect(run.status == 0, "\(run.output)\(run.errors)")
        }
    }
}
