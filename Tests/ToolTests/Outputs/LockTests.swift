import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

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
}
