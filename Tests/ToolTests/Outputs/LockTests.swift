import Foundation
import ProcessSupport
import Synchronization
import Testing
import TranscriptSupport

/// Messages that clients deliver until they are told to stop.
private final class Traffic: Sendable {
    let isStopped = Atomic<Bool>(false)
    let messages = Atomic<Int>(0)
}

/// The tool, and locks of others on its files.
@Suite("Locks of others", .blocking)
struct LockTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Sends a message whose reply is still to come.
    private static func send(to server: ToolServer) throws -> SocketClient {
        let client = try server.client()
        for line in ["EHLO x", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA"] {
            try client.command(line)
        }
        client.send("Subject: x\r\n.\r\n")
        return client
    }

    @Test(arguments: ["--mbox", "--json"])
    func `a message waits for the lock that Python holds`(option: String) async throws {
        let script = """
            import fcntl, sys
            with open(sys.argv[1], "ab") as file:
                fcntl.lockf(file, fcntl.LOCK_EX)
                print("held", flush=True)
                sys.stdin.readline()
                file.write(b"of Python\\n")
            """
        let server = try ToolServer([option, folder.file("out"), "--quiet"])
        let python = try Companion.python(script, folder.file("out"))
        #expect(try await python.line() == "held")
        let client = try Self.send(to: server)
        // The server has taken the message by the time that it answers another.
        try server.client().command("QUIT")
        #expect(folder.read("out").isEmpty)
        python.say("go on")
        #expect(try client.reply().hasPrefix("250 "))
        client.end()
        #expect(try await python.finish().status == 0)
        #expect(server.stop() == 0)
        #expect(String(decoding: folder.read("out"), as: UTF8.self).hasPrefix("of Python\n"))
        #expect(try folder.names == ["out"])
    }

    @Test func `a dotlock whose owner is gone is in nobody's way`() throws {
        let gone = try ChildProcess(["true"])
        gone.wait()
        let host = try ChildProcess.run(["uname", "-n"]).output
        try folder.write("\(gone.processID):\(host)".utf8, to: "mbox.lock")
        let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
        #expect(try server.deliver("Subject: x\r\n").hasPrefix("250 "))
        #expect(server.stop() == 0)
        #expect(try folder.names == ["mbox"])
    }

    @Test(arguments: ["dotlock", "fcntl"])
    func `others get the lock of a busy server`(kind: String) async throws {
        // Both try every ten milliseconds and give up after ninety seconds: a hang, not a wait for a gap.
        let script = """
            import errno, fcntl, os, sys, time
            path, kind = sys.argv[1:]
            deadline = time.monotonic() + 90
            while time.monotonic() < deadline:
                try:
                    if kind == "dotlock": os.close(os.open(path + ".lock", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                    else: file = open(path, "ab"); fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    print("taken", flush=True)
                    break
                except OSError as error:
                    if error.errno not in (errno.EEXIST, errno.EAGAIN, errno.EACCES): raise
                    time.sleep(0.01)
            sys.stdin.readline()
            if kind == "dotlock": os.unlink(path + ".lock")
            """
        let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
        let traffic = Traffic()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await onThread {
                        let client = try server.client()
                        while !traffic.isStopped.load(ordering: .relaxed) {
                            #expect(try client.deliver("Subject: x\r\n").hasPrefix("250 "))
                            traffic.messages.wrappingAdd(1, ordering: .relaxed)
                        }
                        try client.command("QUIT")
                    }
                }
            }
            await onThread {
                let deadline = ContinuousClock.now + .seconds(Patience.seconds)
                while traffic.messages.load(ordering: .relaxed) < 100, ContinuousClock.now < deadline { usleep(1_000) }
            }
            let other = try Companion.python(script, folder.file("mbox"), kind)
            #expect(try await other.line() == "taken")
            traffic.isStopped.store(true, ordering: .relaxed)
            #expect(try await other.finish().status == 0)
            try await group.waitForAll()
        }
        #expect(server.stop() == 0)
        let messages = String(decoding: folder.read("mbox"), as: UTF8.self).split(separator: "\n").count {
            $0 == "Subject: x"
        }
        #expect(messages == traffic.messages.load(ordering: .relaxed))
        #expect(try folder.names == ["mbox"])
    }

    @Test func `a mailbox in a folder that is not writable has the other locks`() async throws {
        // Root may write everywhere, so the server is another user's.
        let isRoot = geteuid() == 0
        let tool = folder.file("tool")
        try FileManager.default.copyItem(atPath: BuiltTool.path("smtpd-lite"), toPath: tool)
        try FileManager.default.createDirectory(atPath: folder.file("box"), withIntermediateDirectories: false)
        let mbox = folder.file("box/mbox")
        try folder.write([], to: "box/mbox")
        #expect(chmod(folder.path, 0o777) == 0 && chmod(mbox, 0o666) == 0 && chmod(folder.file("box"), 0o555) == 0)
        defer { chmod(folder.file("box"), 0o755) }
        let words = isRoot ? ["setpriv", "--reuid", "54321", "--clear-groups"] : []
        let process = try ChildProcess(
            words + [tool, "-l", "0", "--port-file", folder.file("port"), "--mbox", mbox, "-q"])
        try folder.wait(for: "port")
        let text = String(decoding: folder.read("port"), as: UTF8.self).trimmingCharacters(in: .newlines)
        let python = try Companion.python(
            """
            import fcntl, sys
            with open(sys.argv[1], "ab") as file:
                fcntl.lockf(file, fcntl.LOCK_EX)
                print("held", flush=True)
                sys.stdin.readline()
            """, mbox)
        #expect(try await python.line() == "held")
        let client = try SocketClient(port: try #require(Int(text)))
        try client.reply()
        for line in ["EHLO x", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA"] {
            try client.command(line)
        }
        client.send("Subject: x\r\n.\r\n")
        let other = try SocketClient(port: try #require(Int(text)))
        try other.reply()
        try other.command("QUIT")
        #expect(folder.read("box/mbox").isEmpty)
        python.say("go on")
        #expect(try client.reply().hasPrefix("250 "))
        client.end()
        #expect(try await python.finish().status == 0)
        process.signal(SIGTERM)
        #expect(process.wait() == 0)
        #expect(String(decoding: folder.read("box/mbox"), as: UTF8.self).contains("\nSubject: x\n"))
    }
}
