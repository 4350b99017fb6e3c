import Foundation
import ProcessSupport
import Testing

@Suite("Mailboxes", .blocking)
struct MailboxTests {
    @Test func `other programs read back what was delivered`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
            let contents = [
                "Subject: plain\r\n\r\nHello\r\n", "Subject: From\r\n\r\nFrom a\r\n>From b\r\n>>From c\r\n",
                "\r\n", "no header at all\r\n", "Subject: blank end\r\n\r\n\r\n\r\n", "From nobody: x\r\n\r\nbody\r\n",
                "Subject: long\r\n\r\n\(String(repeating: "x", count: 300_000))\r\n",
            ]
            for content in contents { #expect(try server.deliver(content).hasPrefix("250 2.0.0 ")) }
            #expect(server.stop() == 0)
            let read = try MailboxReader.messages(in: folder.file("mbox")).map(MailboxReader.withoutTraceFields)
            // An empty line keeps text without a header apart from the fields above it.
            let bare = ["no header", "From nobody"]
            let expected = contents.map { content in
                (bare.contains { content.hasPrefix($0) } ? "\n" : "") + content.replacing("\r\n", with: "\n")
            }
            #expect(read == expected)
            #expect(try MailboxReader.countInPython(folder.file("mbox")) == contents.count)
            #expect(try folder.names == ["mbox"])
        }
    }

    @Test func `two servers share one mailbox`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let servers = try (0..<2).map { _ in try ToolServer(["--mbox", folder.file("mbox"), "--quiet"]) }
            let loads = try servers.map { server in
                try ChildProcess([
                    "smtp-source", "-s", "4", "-m", "100", "-l", "3000", "-t", "ann@example.net",
                    "127.0.0.1:\(server.port)",
                ])
            }
            for load in loads { #expect(load.wait() == 0) }
            for server in servers { #expect(server.stop() == 0) }
            #expect(try MailboxReader.countInPython(folder.file("mbox")) == 200)
            #expect(try MailboxReader.messages(in: folder.file("mbox")).count == 200)
        }
    }

    @Test(arguments: [
        ("mboxo", ">From a\n>From b\n"), ("mboxrd", ">From a\n>>From b\n"), ("mboxcl2", "From a\n>From b\n"),
    ])
    func `the dialect is chosen`(dialect: String, body: String) async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--mbox", folder.file("mbox"), "--mbox-format", dialect, "--fsync"])
            try server.deliver("Subject: x\r\n\r\nFrom a\r\n>From b\r\n")
            #expect(server.stop() == 0)
            let text = String(decoding: folder.read("mbox"), as: UTF8.self)
            #expect(text.hasSuffix("\n\n\(body)\n"))
            #expect(text.contains("Content-Length: 15\n") == (dialect == "mboxcl2"))
        }
    }

    @Test func `several outputs each get the message`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer([
                "--mbox", folder.file("a"), "--mbox", folder.file("b"), "--format", "raw", "--quiet",
            ])
            #expect(try server.deliver("Subject: x\r\n\r\nbody\r\n").hasPrefix("250 "))
            #expect(server.stop() == 0)
            #expect(folder.read("a") == folder.read("b"))
            #expect(String(decoding: folder.read("a"), as: UTF8.self).hasSuffix("Subject: x\n\nbody\n\n"))
            let raw = String(decoding: server.process.standardOutput, as: UTF8.self)
            #expect(raw.hasPrefix("Return-Path: <joe@example.org>\r\n"))
            #expect(raw.hasSuffix("Subject: x\r\n\r\nbody\r\n"))
        }
    }
}
