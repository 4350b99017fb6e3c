import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("The process", .blocking)
struct ProcessTests {
    private static let tool = BuiltTool.path("smtpd-lite")

    // MARK: Ready

    @Test func `a line for each listener says that it is ready`() async throws {
        try await onThread {
            let server = try ToolServer(["--listen", "127.0.0.1:0", "--discard"])
            #expect(server.stop() == 0)
            let lines = server.process.standardError.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first == "listening smtp 127.0.0.1:\(server.port)")
            #expect(lines.allSatisfy { $0.hasPrefix("listening smtp 127.0.0.1:") })
        }
    }

    @Test func `nothing but messages is on standard output, and quiet is quiet`() async throws {
        try await onThread {
            let server = try ToolServer(["--quiet", "--once"])
            try server.deliver("Subject: x\r\n\r\nbody\r\n")
            #expect(server.process.wait() == 0)
            #expect(server.process.standardError.isEmpty)
            let output = String(decoding: server.process.standardOutput, as: UTF8.self)
            #expect(output.hasPrefix("From joe@example.org "))
            #expect(output.hasSuffix("\n\nbody\n\n"))
        }
    }

    @Test func `it listens on a UNIX socket and takes it away`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--discard"], listen: "unix:\(folder.file("socket"))")
            #expect(server.process.standardError == "listening smtp unix:\(folder.file("socket"))\n")
            let result = try ChildProcess.run(["nc", "-U", "-N", folder.file("socket")], input: Array("QUIT\r\n".utf8))
            #expect(result.output.hasPrefix("220 "))
            #expect(result.output.contains("\r\n221 2.0.0 "))
            #expect(server.stop() == 0)
            #expect(try folder.names == [])
        }
    }

    @Test func `an address that is taken is an error of one line`() async throws {
        try await onThread {
            let server = try ToolServer(["--discard"])
            let result = try ChildProcess.run([Self.tool, "--listen", "\(server.port)", "--discard"])
            #expect(result.status == 1)
            #expect(result.errors.split(separator: "\n").count == 1)
            #expect(result.errors.contains("127.0.0.1:\(server.port)"))
            #expect(result.errors.contains(": Address already in use (-p 0 picks a free port)\n"))
            server.stop()
        }
    }

    // MARK: Ends

    @Test func `once means that the client sees 250 and 221`() async throws {
        try await onThread {
            let server = try ToolServer(["--once", "--discard"])
            let client = try server.client()
            #expect(try client.deliver("Subject: x\r\n").hasPrefix("250 2.0.0 "))
            #expect(try client.command("QUIT").hasPrefix("221 2.0.0 "))
            #expect(server.process.wait() == 0)
        }
    }

    @Test func `after the last message no other is taken`() async throws {
        try await onThread {
            let server = try ToolServer(["--once", "--discard"])
            let client = try server.client()
            #expect(try client.deliver("Subject: x\r\n").hasPrefix("250 2.0.0 "))
            #expect(try client.command("MAIL FROM:<joe@example.org>").hasPrefix("421 "))
            #expect(server.process.wait() == 0)
        }
    }

    @Test func `it ends after so many messages or sessions`() async throws {
        try await onThread {
            let messages = try ToolServer(["--count", "3", "--discard"])
            for _ in 0..<3 { try messages.deliver("Subject: x\r\n") }
            #expect(messages.process.wait() == 0)
            let sessions = try ToolServer(["--sessions", "2", "--discard"])
            for _ in 0..<2 { try sessions.client().command("QUIT") }
            #expect(sessions.process.wait() == 0)
        }
    }

    @Test(
        arguments: [
            (["--timeout", "50ms"], 0), (["--idle", "50ms"], 0), (["--once", "--timeout", "50ms"], 124),
            (["--sessions", "1", "--idle", "50ms"], 124),
        ] as [([String], Int32)])
    func `time ends it as well`(arguments: [String], status: Int32) async throws {
        try await onThread {
            let server = try ToolServer(arguments + ["--discard"])
            #expect(server.process.wait() == status)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal answers the idle and ends it`(signal: Int32) async throws {
        try await onThread {
            let server = try ToolServer(["--discard"])
            let client = try server.client()
            server.process.signal(signal)
            #expect(try client.reply().hasPrefix("421 4.3.2 "))
            #expect(server.process.wait() == 0)
        }
    }

    @Test func `a signal lets a message in flight end`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--mbox", folder.file("mbox")])
            let client = try server.client()
            for line in ["EHLO x", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA"] {
                try client.command(line)
            }
            let idle = try server.client()
            server.process.signal(SIGTERM)
            // The idle one is told when the signal has come.
            #expect(try idle.reply().hasPrefix("421 4.3.2 "))
            client.send("Subject: in flight\r\n.\r\n")
            #expect(try client.reply().hasPrefix("250 2.0.0 "))
            try client.command("QUIT")
            #expect(server.process.wait() == 0)
            #expect(try MailboxReader.messages(in: folder.file("mbox")).count == 1)
        }
    }

    @Test func `a second signal ends it at once`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--mbox", folder.file("mbox")])
            let client = try server.client()
            for line in ["EHLO x", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA"] {
                try client.command(line)
            }
            client.send("Subject: half\r\n")
            let idle = try server.client()
            server.process.signal(SIGTERM)
            #expect(try idle.reply().hasPrefix("421 4.3.2 "))
            server.process.signal(SIGINT)
            #expect(server.process.wait() == 130)
            #expect(folder.read("mbox").isEmpty)
        }
    }

    // MARK: The command

    @Test func `a command finds the server in its environment`() async throws {
        try await onThread {
            let script = """
                import os, smtplib
                with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"])) as server:
                    server.sendmail("joe@example.org", ["ann@example.net"], "Subject: x\\n\\nbody\\n")
                print(os.environ["SMTP_URL"])
                """
            let folder = try TemporaryFolder()
            let server = try ToolServer(
                ["--count", "1", "--mbox", folder.file("mbox"), "--quiet"], command: ["python3", "-c", script])
            #expect(server.process.wait() == 0, "\(server.process.standardError)")
            #expect(server.process.standardOutput == Array("smtp://127.0.0.1:\(server.port)\n".utf8))
            #expect(try MailboxReader.messages(in: folder.file("mbox")).count == 1)
        }
    }

    @Test(
        arguments: [
            ([], ["sh", "-c", "exit 7"], 7), ([], ["true"], 0), (["--count", "1"], ["true"], 124),
            (["--count", "1"], ["false"], 1), ([], ["/nonexistent/program"], 125),
            ([], ["sh", "-c", "kill -9 $$"], 137),
            (["--timeout", "100ms"], ["sleep", "60"], 124),
        ] as [([String], [String], Int32)])
    func `a command's end is the server's`(arguments: [String], command: [String], status: Int32) async throws {
        try await onThread {
            let server = try ToolServer(arguments + ["--discard", "--quiet"], command: command)
            #expect(server.process.wait() == status)
        }
    }

    @Test func `a command gets none of the server's descriptors`() async throws {
        try await onThread {
            let list = ["find", "/proc/self/fd", "-printf", "%l\\n"]
            let server = try ToolServer(["--discard", "--quiet"], command: list)
            #expect(server.process.wait() == 0)
            let output = String(decoding: server.process.standardOutput, as: UTF8.self)
            let kinds = ["socket:", "anon_inode:", "pipe:"]
            let given = output.split(separator: "\n").filter { line in kinds.contains { line.hasPrefix($0) } }
            // Those that the test itself was started with may be there.
            let known = try ChildProcess.run(list).output.split(separator: "\n")
            #expect(Set(given).subtracting(known) == [])
            #expect(output.contains("/stdout\n"))
        }
    }

    @Test func `a command gets the signals that the server gets`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let started = folder.file("started")
            #expect(mkfifo(started, 0o600) == 0)
            let script = """
                import signal, sys
                signal.signal(signal.SIGTERM, lambda *_: sys.exit(9))
                with open(sys.argv[1], "w") as started: started.write("started")
                signal.pause()
                """
            let server = try ToolServer(["--discard", "--quiet"], command: ["python3", "-c", script, started])
            // Opening a FIFO waits for its writer.
            let descriptor = open(started, O_RDONLY)
            defer { close(descriptor) }
            var octet: UInt8 = 0
            #expect(read(descriptor, &octet, 1) == 1)
            server.process.signal(SIGTERM)
            #expect(server.process.wait() == 9)
        }
    }
}
