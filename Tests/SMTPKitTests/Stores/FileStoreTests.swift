import Glibc
import NIOCore
import ProcessSupport
import SMTPKit
import Synchronization
import Testing

@Suite("File stores", .blocking)
struct FileStoreTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    /// Stores a message for a session. Returns whether the session's event loop wrote it.
    private func isWrittenByLoop(usesEventLoop: Bool) async throws -> Bool {
        let eventLoop = Fixture.eventLoop
        let writers = Mutex<[Bool]>([])
        var calls = FileCalls.system
        calls.write = { descriptor, octets in
            writers.withLock { $0.append(eventLoop.inEventLoop) }
            return FileCalls.system.write(descriptor, octets)
        }
        let store = try FileStore(
            .mbox(.mboxrd), path: directory.file("m"), usesEventLoop: usesEventLoop, calls: calls)
        try await eventLoop.flatSubmit { store.forSessions.store(Fixture.message("n: 1\r\n"), on: eventLoop) }.get()
        await store.close()
        let found = writers.withLock { $0 }
        #expect(found.count == 1)
        return found.first == true
    }

    @Test func `a thread writes, unless the event loop may`() async throws {
        #expect(try await !isWrittenByLoop(usesEventLoop: false))
        #expect(try await isWrittenByLoop(usesEventLoop: true))
    }

    @Test func `only a store with a file for each message has names of files`() throws {
        #expect(try FileStore.maildir(path: directory.file("md")).files == .maildir(directory.file("md")))
        #expect(try FileStore.folder(path: directory.file("d")).files == .plain(directory.file("d")))
        #expect(try FileStore.mbox(path: directory.file("m")).files == nil)
        #expect(try FileStore.jsonLines(path: directory.file("j"), contentIn: .plain("d")).files == nil)
        #expect(FileStore.stream(descriptor: 1).files == nil)
    }

    @Test func `a lock's time is a duration`() async throws {
        try directory.write("m.lock", "")
        let store = try FileStore.jsonLines(path: directory.file("m"), lockTimeout: .milliseconds(30))
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.reason == "cannot lock: others held it for 0.03 s")
        await store.close()
    }

    @Test func `a store of the application is called in a task, and closed`() async throws {
        final class Own: MessageStore {
            let notes = Mutex<[String]>([])

            func store(_ message: Message) async throws {
                notes.withLock { $0.append("stored \(message.id)") }
                throw Reply.mailboxFull
            }

            func prepareToClose(within grace: Duration) { notes.withLock { $0.append("prepared") } }

            func close() async { notes.withLock { $0.append("closed") } }
        }
        let own = Own()
        let store = own.forSessions
        let eventLoop = Fixture.eventLoop
        let error = await #expect(throws: Reply.self) {
            try await eventLoop.flatSubmit { store.store(Fixture.message("", id: "7"), on: eventLoop) }.get()
        }
        #expect(error == .mailboxFull)
        store.prepareToClose(within: .seconds(1))
        await store.close()
        #expect(own.notes.withLock { $0 } == ["stored 7", "prepared", "closed"])
        #expect(store.needsContent)
    }
}
