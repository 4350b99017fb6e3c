import Foundation
import ProcessSupport
import SMTPKit
import Synchronization
import Testing

@Suite("mbox store on a failing disk", .timed)
struct MboxStoreDiskTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    func store(_ disk: Disk, synchronizes: Bool = false) throws -> FileStore {
        try FileStore(
            .mbox(.mboxrd), path: directory.file("m"), adding: .none, synchronizes: synchronizes, calls: disk.calls)
    }

    @Test(arguments: [false, true])
    func `on a full disk those that fit are stored and nothing else stays`(synchronizes: Bool) async throws {
        let small = Fixture.stored("n: 1\n")
        let disk = Disk(room: 2 * small.utf8.count + 100)
        let store = try store(disk, synchronizes: synchronizes)
        let large = Fixture.message("X: " + String(repeating: "x", count: 500) + "\r\n")
        let errors = try await Fixture.storeTogether(
            [Fixture.message("n: 1\r\n"), large, Fixture.message("n: 2\r\n")],
            in: store
        )
        #expect(errors.map { $0 == nil } == [true, false, true])
        let error = try #require(errors[1] as? StoreError)
        #expect(error.isFull)
        #expect(error.description == "\(directory.file("m")): cannot write: No space left on device")
        #expect(directory.text("m") == small + Fixture.stored("n: 2\n"))

        disk.state.withLock { $0.room = .max / 2 }
        try await store.store(Fixture.message("n: 4\r\n"))
        await store.close()
        #expect(directory.text("m") == small + Fixture.stored("n: 2\n") + Fixture.stored("n: 4\n"))
    }

    @Test
    func `what was there before stays as it was, its last line incomplete`() async throws {
        try directory.write("m", "incomplete")
        let disk = Disk(room: 30)
        let store = try store(disk)
        await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(directory.text("m") == "incomplete")
        disk.state.withLock { $0.room = 10_000 }
        try await store.store(Fixture.message("n: 2\r\n"))
        await store.close()
        #expect(directory.text("m") == "incomplete\n" + Fixture.stored("n: 2\n"))
    }

    @Test
    func `a large message that does not fit leaves nothing`() async throws {
        let disk = Disk(room: 1_000_000)
        let store = try store(disk)
        let octets = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        let message = try Fixture.spooled(octets)
        let error = await #expect(throws: StoreError.self) { try await store.store(message) }
        #expect(error?.isFull == true)
        try await store.store(Fixture.message("n: 1\r\n"))
        await store.close()
        #expect(directory.text("m") == Fixture.stored("n: 1\n"))
    }

    @Test(arguments: [(ENOSPC, true), (EDQUOT, true), (EFBIG, true), (EIO, false), (EROFS, false)])
    func `the kind of failure is told apart`(number: Int32, isFull: Bool) async throws {
        let disk = Disk(room: 0)
        disk.state.withLock { $0.writeError = number }
        let store = try store(disk)
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.isFull == isFull)
        await store.close()
    }

    @Test
    func `nothing is appended behind half a message that cannot be cut off yet`() async throws {
        let disk = Disk(room: 20)
        disk.state.withLock { $0.truncationError = EIO }
        let store = try store(disk)
        await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(directory.text("m").utf8.count == 20)
        disk.state.withLock { $0.room = 10_000 }
        await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 2\r\n")) }
        #expect(directory.text("m").utf8.count == 20)
        disk.state.withLock { $0.truncationError = 0 }
        try await store.store(Fixture.message("n: 3\r\n"))
        await store.close()
        #expect(directory.text("m") == Fixture.stored("n: 3\n"))
    }

    @Test
    func `a group that cannot be synced is taken back`() async throws {
        let disk = Disk()
        let store = try store(disk, synchronizes: true)
        try await store.store(Fixture.message("n: 1\r\n"))
        disk.state.withLock { $0.syncError = EIO }
        let errors = try await Fixture.storeTogether(
            [Fixture.message("n: 2\r\n"), Fixture.message("n: 3\r\n")],
            in: store
        )
        #expect(
            errors.map { ($0 as? StoreError)?.reason } == Array(repeating: "cannot sync: Input/output error", count: 2)
        )
        #expect(directory.text("m") == Fixture.stored("n: 1\n"))
        disk.state.withLock { $0.syncError = 0 }
        try await store.store(Fixture.message("n: 4\r\n"))
        await store.close()
        #expect(directory.text("m") == Fixture.stored("n: 1\n") + Fixture.stored("n: 4\n"))
    }
}
