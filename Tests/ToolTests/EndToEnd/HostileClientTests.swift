import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Hostile clients", .blocking)
struct HostileClientTests {
    /// Dialogues that need no hook, with the settings that the command line has.
    static let transcripts = Transcript.all.filter { transcript in
        let known: Set<Transcript.Setting> = [.hostname, .bareNewline, .maxSize, .maxRecipients, .maxErrors, .hide]
        let prefixes = ["smuggling", "killer", "bare-", "lone-", "http-", "nul-", "size-", "closed-", "data-"]
        return transcript.runsOverSocket && transcript.hooks.isEmpty && known.isSuperset(of: transcript.settings.keys)
            && prefixes.contains { transcript.name.hasPrefix($0) }
    }

    @Test(arguments: transcripts)
    func `a dialogue harms neither the server nor the mailbox`(transcript: Transcript) async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            // A transcript without the setting is for the library's default.
            let settings = transcript.settings.merging([.bareNewline: "reject"]) { set, _ in set }
            let options = settings.flatMap { ["--\($0.key.rawValue)", $0.value] }
            let server = try ToolServer(
                ["--mbox", folder.file("mbox"), "--quiet", "--hostname", transcript.hostname] + options)
            #expect(try SocketRunner(port: server.port).mismatches(transcript.withoutMessages) { [] } == [])
            // The next client is served.
            #expect(try server.client().command("NOOP").hasPrefix("250 "))
            #expect(server.stop() == 0)
            if let count = transcript.messageCount {
                #expect(try MailboxReader.messages(in: folder.file("mbox")).count == count)
            }
        }
    }

    @Test func `a line without an end is not kept`() async throws {
        try await onThread {
            let server = try ToolServer(["--discard", "--quiet"])
            let client = try SocketClient(port: server.port)
            client.send([UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20))
            #expect(try client.reply().hasPrefix("220 "))
            #expect(try client.reply().hasPrefix("421 4.7.0 "))
            #expect(try Self.peakMemory(of: server) < 64 << 10)
            #expect(try server.client().command("NOOP").hasPrefix("250 "))
            #expect(server.stop() == 0)
        }
    }

    @Test func `who talks first is answered in order`() async throws {
        try await onThread {
            let server = try ToolServer(["--discard", "--quiet"])
            let client = try SocketClient(port: server.port)
            client.send("EHLO early\r\nQUIT\r\n")
            let said = try client.readToEnd()
            #expect(said.hasPrefix("220 "))
            #expect(said.contains("\r\n250 "))
            #expect(said.contains("\r\n221 2.0.0 "))
            #expect(server.stop() == 0)
        }
    }

    @Test func `two hundred slow clients do not slow down another`() async throws {
        try await onThread {
            let server = try ToolServer(["--discard", "--quiet"])
            let slow = try (0..<200).map { _ in try server.client() }
            for client in slow { client.send("EHLO sl") }
            #expect(try server.deliver("Subject: quick\r\n").hasPrefix("250 2.0.0 "))
            for client in slow { client.send("ow\r\n") }
            for client in slow { #expect(try client.reply().hasPrefix("250 ")) }
            for client in slow { client.end() }
            #expect(server.stop() == 0)
        }
    }

    @Test func `beyond the limit connections are turned away with a reason`() async throws {
        try await onThread {
            let server = try ToolServer(["--discard", "--quiet", "--max-connections", "2"])
            let clients = try (0..<2).map { _ in try server.client() }
            #expect(try SocketClient(port: server.port).reply().hasPrefix("421 "))
            for client in clients { #expect(try client.command("NOOP").hasPrefix("250 ")) }
            #expect(server.stop() == 0)
        }
    }

    @Test func `a silent client is told and closed on`() async throws {
        try await onThread {
            let server = try ToolServer(["--discard", "--quiet", "--command-timeout", "100ms"])
            #expect(try server.client().reply().hasPrefix("421 4.4.2 "))
            #expect(server.stop() == 0)
        }
    }

    @Test func `a client that is silent within a message is told and closed on`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet", "--data-timeout", "100ms"])
            let client = try server.client()
            for line in ["EHLO x", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA"] {
                try client.command(line)
            }
            client.send("Subject: ")
            #expect(try client.reply().hasPrefix("421 4.4.2 "))
            #expect(server.stop() == 0)
            #expect(folder.read("mbox").isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func `a connection may break at any octet`(isReset: Bool) async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
            let dialogue = Array(
                """
                EHLO client.example\r\nMAIL FROM:<joe@example.org>\r\nRCPT TO:<ann@example.net>\r\nDATA\r\n\
                Subject: whole\r\n\r\nbody\r\n.\r\nQUIT\r\n
                """.utf8)
            let end = dialogue.count - "QUIT\r\n".utf8.count
            for length in 0...dialogue.count {
                let client = try SocketClient(port: server.port)
                client.send(Array(dialogue[..<length]))
                if isReset {
                    client.end(isReset: true)
                } else {
                    client.finishSending()
                    let said = try client.readToEnd()
                    #expect(said.contains("queued") == (length >= end))
                }
            }
            #expect(try server.client().command("NOOP").hasPrefix("250 "))
            #expect(server.stop() == 0)
            let messages = try MailboxReader.messages(in: folder.file("mbox")).map(MailboxReader.withoutTraceFields)
            #expect(messages.allSatisfy { $0 == "Subject: whole\n\nbody\n" })
            if !isReset { #expect(messages.count == dialogue.count - end + 1) }
        }
    }

    /// The most resident memory that the server had, in KiB.
    private static func peakMemory(of server: ToolServer) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(server.process.processID)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        guard let number = line.split(separator: " ").dropLast().last.flatMap({ Int($0.filter(\.isNumber)) }) else {
            throw HarnessError("no VmHWM in \(status)")
        }
        return number
    }
}
