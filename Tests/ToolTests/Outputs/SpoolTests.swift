import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

/// The tool with a folder for large messages that is full or cannot be used.
@Suite("The spool folder", .blocking)
struct SpoolTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func message(_ size: Int) -> String {
        let head = "Subject: large\r\n\r\n"
        let line = String(repeating: "x", count: 70) + "\r\n"
        let lines = head + String(repeating: line, count: (size - head.utf8.count) / line.utf8.count)
        return lines + String(repeating: "y", count: max(0, size - lines.utf8.count - 2)) + "\r\n"
    }

    /// Delivers large messages in one session, each followed by a small one.
    ///
    /// - Returns: the sizes of the large messages that were accepted.
    private func deliver(_ sizes: some Sequence<Int>, to server: ToolServer) throws -> [Int] {
        let client = try server.client()
        defer { client.end() }
        var accepted: [Int] = []
        for size in sizes {
            let reply = try client.deliver(Self.message(size))
            if reply.hasPrefix("250 ") {
                accepted.append(size)
            } else {
                #expect(reply.hasPrefix("452 4.3.1 "), "\(reply)")
            }
            #expect(try client.deliver("Subject: small\r\n").hasPrefix("250 "))
        }
        try client.command("QUIT")
        return accepted
    }

    /// Checks that the mbox has the accepted large messages, each whole, and all the small ones.
    private func check(_ accepted: [Int], small: Int) throws {
        let messages = try MailboxReader.messages(in: folder.file("mbox")).map(MailboxReader.withoutTraceFields)
        let large = messages.filter { $0 != "Subject: small\n" }
        #expect(messages.count - large.count == small)
        #expect(large == accepted.map { Self.message($0).replacing("\r\n", with: "\n") })
    }

    @Test func `a folder that is not there refuses large messages, and the next message is clean`() throws {
        let server = try ToolServer(
            ["--mbox", folder.file("mbox"), "--quiet"], shell: "TMPDIR=/nonexistent; export TMPDIR;")
        #expect(try deliver([354_016, 354_016], to: server) == [])
        #expect(server.stop() == 0)
        #expect(server.process.standardError.contains("/nonexistent: cannot make a spool file"))
        try check([], small: 2)
    }

    @Test func `a folder that is removed refuses large messages, and the next message is clean`() throws {
        let spool = folder.file("spool")
        try FileManager.default.createDirectory(atPath: spool, withIntermediateDirectories: false)
        let server = try ToolServer(
            ["--mbox", folder.file("mbox"), "--quiet"], shell: "TMPDIR='\(spool)'; export TMPDIR;")
        #expect(try deliver([354_016], to: server) == [354_016])
        try FileManager.default.removeItem(atPath: spool)
        #expect(try deliver([354_016], to: server) == [])
        #expect(server.stop() == 0)
        try check([354_016], small: 2)
    }

    /// Sizes around the place: what does not fit may be the first piece, one in the middle or the end.
    @Test func `a full folder refuses what does not fit, and never stores it empty`() throws {
        let spool = folder.file("spool")
        try FileManager.default.createDirectory(atPath: spool, withIntermediateDirectories: false)
        // The file system is seen by the server alone, and goes with it.
        let script = "mount -t tmpfs -o size=240k spool '\(spool)'\nTMPDIR='\(spool)' exec \"$@\""
        let words = MountNamespace.words(script, ["sh"]).map { "'\($0.replacing("'", with: "'\\''"))'" }
        let server = try ToolServer(
            ["--mbox", folder.file("mbox"), "--quiet"], shell: "set -- \(words.joined(separator: " ")) \"$@\";")
        let sizes = stride(from: 200_000, through: 263_000, by: 450)
        let accepted = try deliver(sizes, to: server)
        #expect(accepted.first == 200_000)
        #expect(accepted.count < 120)
        #expect(server.stop() == 0)
        try check(accepted, small: Array(sizes).count)
    }
}
