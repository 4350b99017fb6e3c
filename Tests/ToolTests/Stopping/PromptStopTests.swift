import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

/// A server that is told to stop ends in time, whatever it waits for.
@Suite("A prompt stop", .blocking)
struct PromptStopTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Tells servers to stop, each in the same straits, until one ends within 5.5 seconds: the documented five, and
    /// some for the process itself. A machine that is busy with other things may make one late, but not three.
    ///
    /// - Parameter attempt: starts a server, has it wait for something, stops it by what it is given, and checks what
    ///   is left.
    private static func expectPromptEnd(_ attempt: ((ChildProcess) -> Void) throws -> Void) rethrows {
        var times: [Duration] = []
        for _ in 0..<3 {
            try attempt { process in
                let start = ContinuousClock.now
                process.signal(SIGTERM)
                #expect(process.wait(atMost: 60) == 0)
                times.append(start.duration(to: .now))
            }
            if let last = times.last, last < .seconds(5.5) { return }
        }
        Issue.record("it ended after \(times)")
    }

    /// A pipe that is full and has no active reader.
    private static func fullPipe() -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let octets = [UInt8](repeating: 10, count: 4096)
        while write(ends[1], octets, octets.count) > 0 {}
        while write(ends[1], octets, 1) > 0 {}
        _ = fcntl(ends[1], F_SETFL, 0)
        return (ends[0], ends[1])
    }

    /// Starts the tool with a descriptor that is never read.
    private func start(_ arguments: [String], blocking number: Int32) throws -> (
        process: ChildProcess, port: Int, end: () -> Void
    ) {
        let ends = Self.fullPipe()
        unlink(folder.file("port"))
        let process = try ChildProcess(
            [BuiltTool.path("smtpd-lite"), "-l", "0", "--port-file", folder.file("port")] + arguments,
            descriptors: [number: ends.writer])
        try folder.wait(for: "port")
        let text = String(decoding: folder.read("port"), as: UTF8.self).trimmingCharacters(in: .newlines)
        return (
            process, try #require(Int(text)),
            {
                close(ends.reader); close(ends.writer)
            }
        )
    }

    private static func begin(_ client: SocketClient) throws {
        for line in ["EHLO x", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA"] {
            try client.command(line)
        }
    }

    @Test func `standard output that nobody reads does not hold it up`() throws {
        try Self.expectPromptEnd { stop in
            let server = try start(["-q"], blocking: 1)
            defer { server.end() }
            let client = try SocketClient(port: server.port)
            try client.reply()
            try Self.begin(client)
            client.send("Subject: x\r\n.\r\n")
            stop(server.process)
        }
    }

    @Test func `standard error that nobody reads does not hold it up`() throws {
        try Self.expectPromptEnd { stop in
            let server = try start(["-v", "--discard"], blocking: 2)
            defer { server.end() }
            let client = try SocketClient(port: server.port)
            try client.reply()
            for _ in 0..<2_000 { try client.command("NOOP") }
            stop(server.process)
        }
    }

    @Test func `a command that ignores SIGTERM does not hold it up, and is gone`() throws {
        let file = folder.file("pid")
        let command =
            "trap '' TERM; echo $$ > '\(file).part'; mv '\(file).part' '\(file)'; while :; do sleep 1; done"
        try Self.expectPromptEnd { stop in
            let server = try ToolServer(["--exec", command, "--exec-shell", "--quiet"])
            let client = try server.client()
            try Self.begin(client)
            client.send("Subject: x\r\n.\r\n")
            try folder.wait(for: "pid")
            stop(server.process)
            let text = String(decoding: folder.read("pid"), as: UTF8.self).trimmingCharacters(in: .newlines)
            let started = try #require(pid_t(text))
            #expect(kill(started, 0) != 0 || Self.isZombie(started))
            unlink(file)
        }
    }

    private static func isZombie(_ process: pid_t) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return status.isEmpty || status.contains(") Z ")
    }

    @Test func `a message in flight that never ends does not hold it up`() throws {
        try Self.expectPromptEnd { stop in
            let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
            let client = try server.client()
            try Self.begin(client)
            client.send("Subject: half\r\n")
            stop(server.process)
            #expect(try client.reply().hasPrefix("421 4.3.2 "))
            #expect(folder.read("mbox").isEmpty)
        }
    }

    @Test func `a session hears 421 right after the reply to its message`() throws {
        let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
        let client = try server.client()
        try Self.begin(client)
        let idle = try server.client()
        server.process.signal(SIGTERM)
        #expect(try idle.reply().hasPrefix("421 4.3.2 "))
        client.send("Subject: x\r\n.\r\n")
        #expect(try client.reply().hasPrefix("250 2.0.0 "))
        #expect(try client.reply().hasPrefix("421 4.3.2 "))
        client.end()
        idle.end()
        #expect(server.process.wait() == 0)
    }

    @Test func `SIGHUP stops it, with its command and its socket`() throws {
        let server = try ToolServer(
            ["--discard", "--quiet"], listen: "unix:\(folder.file("socket"))", command: ["sleep", "1000"])
        server.process.signal(SIGHUP)
        #expect(server.process.wait() == 128 + SIGHUP)
        #expect(try folder.names == [])
    }
}
