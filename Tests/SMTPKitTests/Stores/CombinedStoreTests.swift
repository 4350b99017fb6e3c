import Foundation
import ProcessSupport
import SMTPKit
import Synchronization
import Testing

@Suite("Combined store", .timed)
struct CombinedStoreTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    private func messages(_ ids: ClosedRange<Int>) -> [Message] {
        ids.map { Fixture.message("n: \($0)\r\n", id: "\($0)") }
    }

    @Test func `every store has every message`() async throws {
        let folder = try FileStore.folder(path: directory.file("d"), adding: .none)
        let store = CombinedStore([
            folder, try FileStore.mbox(path: directory.file("m"), adding: .none),
            try FileStore.jsonLines(path: directory.file("j")),
            try FileStore.maildir(path: directory.file("md"), adding: .none),
        ])
        let errors = try await Fixture.storeTogether(messages(1...5), in: store)
        #expect(errors.allSatisfy { $0 == nil })
        await store.close()
        #expect(directory.text("m") == (1...5).map { Fixture.stored("n: \($0)\n") }.joined())
        #expect(directory.text("j").split(separator: "\n").count == 5)
        for path in ["d", "md/new"] {
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.file(path)).count == 5)
        }
        #expect(try directory.names == ["d", "j", "m", "md"])
    }

    @Test(arguments: [false, true])
    func `what one store has no room for is in none`(synchronizes: Bool) async throws {
        let disk = Disk(room: 250)
        let store = CombinedStore([
            try FileStore.mbox(path: directory.file("a"), adding: .none, synchronizes: synchronizes),
            try FileStore(
                .mbox(.mboxrd), path: directory.file("b"), adding: .none, synchronizes: synchronizes, calls: disk.calls),
            try FileStore.folder(path: directory.file("d"), adding: .none, synchronizes: synchronizes),
        ])
        let errors = try await Fixture.storeTogether(messages(1...8), in: store)
        let stored = errors.filter { $0 == nil }.count
        #expect(1..<8 ~= stored)
        // And with room again, the next is stored everywhere.
        disk.state.withLock { $0.room = .max }
        try await store.store(Fixture.message("n: 9\r\n", id: "9"))
        await store.close()
        let expected = zip(1...8, errors).filter { $1 == nil }.map { Fixture.stored("n: \($0.0)\n") }.joined()
        #expect(directory.text("a") == expected + Fixture.stored("n: 9\n"))
        #expect(directory.text("b") == directory.text("a"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.file("d")).count == stored + 1)
    }

    @Test func `a folder that fails has the mbox cut back`() async throws {
        let folder = try FileStore.folder(path: directory.file("d"), adding: .none)
        let store = CombinedStore([folder, try FileStore.mbox(path: directory.file("m"), adding: .none)])
        try await store.store(Fixture.message("n: 1\r\n", id: "1"))
        // The same name once more.
        await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: again\r\n", id: "1")) }
        try await store.store(Fixture.message("n: 2\r\n", id: "2"))
        await store.close()
        #expect(directory.text("m") == Fixture.stored("n: 1\n") + Fixture.stored("n: 2\n"))
    }

    @Test func `a pipe comes last, and when it breaks the files forget`() async throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let store = CombinedStore([
            FileStore.stream(descriptor: pipe.fileHandleForWriting.fileDescriptor, adding: .none),
            try FileStore.mbox(path: directory.file("m"), adding: .none),
            try FileStore.maildir(path: directory.file("md")),
        ])
        let errors = try await Fixture.storeTogether(messages(1...3), in: store)
        #expect(errors.allSatisfy { $0 != nil })
        await store.close()
        #expect(directory.text("m").isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.file("md/new")).isEmpty)
    }

    @Test func `a command is asked before anything is written`() async throws {
        let command = try CommandStore(["/bin/sh", "-c", "grep -q 'n: 1' || exit 67"])
        let store = CombinedStore([try FileStore.mbox(path: directory.file("m"), adding: .none), command])
        try await store.store(Fixture.message("n: 1\r\n"))
        let error = await #expect(throws: Reply.self) { try await store.store(Fixture.message("n: 2\r\n")) }
        #expect(error?.code == 550)
        await store.close()
        #expect(directory.text("m") == Fixture.stored("n: 1\n"))
    }

    @Test func `content is wanted when one store wants it`() throws {
        #expect(!CombinedStore([DiscardingStore()]).needsContent)
        #expect(CombinedStore([DiscardingStore(), FileStore.stream(descriptor: 1)]).needsContent)
    }
}
