import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

/// A server that is told to stop ends in time, whatever it waits for.
@Suite("A prompt stop", .blocking)
struct PromptStopTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Tells a server to stop and waits for its end. Documented are five seconds; a busy machine gets as many again.
    private static func expectPromptEnd(_ process: ChildProcess, status: Int32 = 0) {
        let start = ContinuousClock.now
        process.signal(SIGTERM)
        #expect(process.wait(atMost: 60) == status)
        #expect(start.duration(to: .now) < .seconds(10))
    }

    /// A pipe that is full and that nobody reads.
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

    /// Starts the tool with a descriptor that nobody reads.
    private func start(_ arguments: [String], blocking number: Int32) throws -> (
        process: ChildProcess, port: Int, end: () -> Void
    ) {
        let ends = Self.fullPipe()
        let process = try ChildProcess(
            [BuiltTool.path("smtpd-lite"), "-q", "-l", "0", "--port-file", folder.file("port")] + arguments,
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
        let server = try start([], blocking: 1)
        defer { server.end() }
        let client = try SocketClient(port: server.port)
        try client.reply()
        try Self.begin(client)
        client.send("Subject: x\r\n.\r\n")
        Self.expectPromptEnd(server.process)
    }

    @Test func `standard error that nobody reads does not hold it up`() throws {
        let ends = Self.fullPipe()
        defer {
            close(ends.reader)
            close(ends.writer)
        }
        let process = try ChildProcess(
            [
                BuiltTool.path("smtpd-lite"), "-v", "-l", "0", "--port-file", folder.file("port"), "--discard",
            ], descriptors: [2: ends.writer])
        try folder.wait(for: "port")
        let text = String(decoding: folder.read("port"), as: UTF8.self).trimmingCharacters(in: .newlines)
        let client = try SocketClient(port: try #require(Int(text)))
        try client.reply()
        for _ in 0..<2_000 { try client.command("NOOP") }
        Self.expectPromptEnd(process)
    }

    @Test func `a command that ignores SIGTERM does not hold it up, and is gone`() throws {
        let server = try ToolServer([
            "--exec",
            "trap '' TERM; echo $$ > '\(folder.path)/pid.part'; mv '\(folder.path)/pid.part' '\(folder.path)/pid'; "
                + "while :; do sleep 1; done", "--exec-shell", "--quiet",
        ])
        let client = try server.client()
        try Self.begin(client)
        client.send("Subject: x\r\n.\r\n")
        try folder.wait(for: "pid")
        Self.expectPromptEnd(server.process)
        let text = String(decoding: folder.read("pid"), as: UTF8.self).trimmingCharacters(in: .newlines)
        let command = try #require(pid_t(text))
        #expect(kill(command, 0) != 0 || Self.isZombie(command))
    }

    private static func isZombie(_ process: pid_t) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return status.isEmpty || status.contains(") Z ")
    }

    @Test func `a message in flight that never ends does not hold it up`() throws {
        let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
        let client = try server.client()
        try Self.begin(client)
        client.send("Subject: half\r\n")
        Self.expectPromptEnd(server.process)
        #expect(try client.reply().hasPrefix("421 4.3.2 "))
        #expect(folder.read("mbox").isEmpty)
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
