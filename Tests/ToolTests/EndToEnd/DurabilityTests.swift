import Foundation
import ProcessSupport
import Synchronization
import Testing
import TranscriptSupport

@Suite("Nothing acknowledged is lost", .blocking)
struct DurabilityTests {
    private static let filler = String(repeating: "\(String(repeating: "x", count: 70))\r\n", count: 60)

    private static func content(_ name: String) -> String {
        "Subject: \(name)\r\n\r\n\(filler)the end of \(name)\r\n"
    }

    /// The names of the messages in an mbox; each message has to be whole.
    private static func names(in mbox: String) throws -> [String] {
        try MailboxReader.messages(in: mbox).map { message in
            let text = MailboxReader.withoutTraceFields(message)
            let name = text.prefix { $0 != "\n" }.dropFirst("Subject: ".count)
            #expect(text == content(String(name)).replacing("\r\n", with: "\n"), "a message is not whole")
            return String(name)
        }
    }

    @Test(arguments: [[], ["--fsync"]])
    func `a killed server has every message that it acknowledged`(options: [String]) async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"] + options)
            let acknowledged = Mutex<[String]>([])
            let enough = DispatchSemaphore(value: 0)
            DispatchQueue.global().async {
                enough.wait()
                server.process.signal(SIGKILL)
            }
            let threads = DispatchGroup()
            for number in 0..<4 {
                threads.enter()
                Thread.detachNewThread {
                    defer { threads.leave() }
                    guard let client = try? server.client() else { return }
                    for message in 0..<100_000 {
                        let name = "\(number)-\(message)"
                        guard let reply = try? client.deliver(Self.content(name)), reply.hasPrefix("250 ") else {
                            return
                        }
                        acknowledged.withLock { $0.append(name) }
                        if message == 25 { enough.signal() }
                    }
                }
            }
            #expect(server.process.wait() == 128 + SIGKILL)
            threads.wait()
            // Whatever was under way is cleared up by the next server to open the mailbox.
            let next = try ToolServer(["--once", "--mbox", folder.file("mbox"), "--quiet"])
            try next.deliver(Self.content("last"))
            #expect(next.process.wait() == 0)
            let names = try Self.names(in: folder.file("mbox"))
            #expect(names.last == "last")
            #expect(Set(names).count == names.count)
            #expect(Set(names).isSuperset(of: acknowledged.withLock { $0 }))
        }
    }

    @Test func `a full disk is told and leaves nothing behind`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            // A limit on the size of files takes the place of a full disk: 64 blocks of 512 bytes.
            let server = try ToolServer(
                ["--mbox", folder.file("mbox"), "--quiet"], shell: "trap '' XFSZ; ulimit -f 64;")
            var acknowledged: [String] = []
            var refusals: [String] = []
            for number in 0..<20 {
                let reply = try server.deliver(Self.content("m\(number)"))
                if reply.hasPrefix("250 ") { acknowledged.append("m\(number)") } else { refusals.append(reply) }
            }
            #expect(acknowledged.count > 2)
            #expect(refusals.count > 2)
            #expect(refusals.allSatisfy { $0.hasPrefix("452 4.3.1 ") || $0.hasPrefix("451 4.3.0 ") })
            // A message that fits is taken again.
            let small = try server.deliver("Subject: x\r\n")
            #expect(small.hasPrefix("250 ") || small.hasPrefix("45"))
            #expect(server.stop() == 0)
            let messages = try MailboxReader.messages(in: folder.file("mbox"))
            let names = messages.compactMap { message -> String? in
                let text = MailboxReader.withoutTraceFields(message)
                return text == "Subject: x\n" ? nil : String(text.prefix { $0 != "\n" }.dropFirst("Subject: ".count))
            }
            #expect(names == acknowledged)
        }
    }

    @Test func `standard output that is full or gone is told`() async throws {
        try await onThread {
            let server = try ToolServer(["--mbox", "/dev/full", "--quiet"])
            #expect(try server.deliver("Subject: x\r\n").hasPrefix("452 4.3.1 "))
            #expect(try server.deliver("Subject: y\r\n").hasPrefix("45"))
            #expect(server.stop() == 0)
        }
    }
}
