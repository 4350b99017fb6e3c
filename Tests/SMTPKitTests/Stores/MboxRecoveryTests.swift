import Foundation
import NIOCore
import ProcessSupport
import SMTPKit
import Testing

/// The state that a process leaves when it is killed in the middle of an append, made by hand.
@Suite("mbox recovery", .blocking)
struct MboxRecoveryTests {
    let directory: Directory
    let good = Fixture.stored("n: 1\n")
    let half = Fixture.fromLine + "n: 2\n\nhalf of th"

    init() throws { directory = try Directory() }

    /// Writes the mbox and the dotlock of a process that is gone.
    func leave(
        _ tail: String,
        intended: Int,
        isUnfinished: Bool = false,
        inode: UInt64? = nil,
        host: String? = nil
    ) async throws {
        try directory.write("m", good + tail)
        var status = stat()
        #expect(stat(directory.file("m"), &status) == 0)
        var name = [CChar](repeating: 0, count: 256)
        #expect(gethostname(&name, 255) == 0)
        let ours = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let gone = try Companion("true", [])
        #expect(try await gone.finish().status == 0)
        let pad = { (text: String) in String(repeating: "0", count: 20 - text.count) + text }
        let numbers = [
            String(status.st_dev, radix: 16), String(inode ?? UInt64(status.st_ino), radix: 16),
            String(good.utf8.count), String(good.utf8.count + intended),
        ]
        try directory.write(
            "m.lock",
            """
            \(gone.processIdentifier):\(host ?? ours)
            smtpkit-append 1 \(numbers.map(pad).joined(separator: " ")) \(isUnfinished ? 1 : 0)

            """
        )
    }

    func storeAfterwards() async throws -> String {
        let store = try FileStore.mbox(path: directory.file("m"), adding: .none, lockTimeout: .milliseconds(50))
        try await store.store(Fixture.message("n: 3\r\n"))
        await store.close()
        #expect(try directory.names == ["m"])
        return directory.text("m")
    }

    @Test(arguments: [1, 4, 5, 20, 61])
    func `half a message is cut off, however little of it there is`(length: Int) async throws {
        try await leave(String(half.prefix(length)), intended: 3000)
        #expect(try await storeAfterwards() == good + Fixture.stored("n: 3\n"))
    }

    @Test
    func `it is cut off as soon as the mbox is opened`() async throws {
        try await leave(half, intended: 3000)
        let store = try FileStore.mbox(path: directory.file("m"))
        #expect(directory.text("m") == good)
        #expect(try directory.names == ["m"])
        await store.close()
    }

    @Test
    func `a write that was done stays`() async throws {
        let whole = Fixture.stored("n: 2\n")
        try await leave(whole, intended: whole.utf8.count)
        #expect(try await storeAfterwards() == good + whole + Fixture.stored("n: 3\n"))
    }

    @Test
    func `a piece that was written, of a message with more to come, does not stay`() async throws {
        try await leave(half, intended: half.utf8.count, isUnfinished: true)
        #expect(try await storeAfterwards() == good + Fixture.stored("n: 3\n"))
    }

    @Test
    func `the LF that completes the line above goes with the half`() async throws {
        try await leave("\n" + half, intended: 3000)
        #expect(try await storeAfterwards() == good + Fixture.stored("n: 3\n"))
    }

    @Test
    func `what others appended since is never cut`() async throws {
        let others = Fixture.stored("other: " + String(repeating: "x", count: 3000) + "\n")
        try await leave(half + others, intended: 3000)
        #expect(try await storeAfterwards() == good + half + others + Fixture.stored("n: 3\n"))
    }

    @Test
    func `a tail that is no message of ours is never cut`() async throws {
        try await leave("something else\n", intended: 3000)
        #expect(try await storeAfterwards() == good + "something else\n" + Fixture.stored("n: 3\n"))
    }

    @Test
    func `a record of another file cuts nothing`() async throws {
        try await leave(half + "\n", intended: 3000, inode: 1)
        #expect(try await storeAfterwards() == good + half + "\n" + Fixture.stored("n: 3\n"))
    }

    @Test
    func `a record of another host is left to that host`() async throws {
        try await leave(half, intended: 3000, host: "elsewhere.example")
        await #expect(throws: StoreError.self) { try await storeAfterwards() }
        #expect(directory.text("m") == good + half)
        #expect(try directory.names == ["m", "m.lock"])
    }

    @Test
    func `a file that was cut already stays as it is`() async throws {
        try await leave("", intended: 3000)
        #expect(try await storeAfterwards() == good + Fixture.stored("n: 3\n"))
    }
}
