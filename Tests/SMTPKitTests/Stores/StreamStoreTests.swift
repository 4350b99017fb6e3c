import Foundation
import NIOCore
import NIOPosix
import ProcessSupport
import SMTPKit
import Synchronization
import Testing

@Suite("Stream store", .blocking)
struct StreamStoreTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    @Test(arguments: [FileStore.StreamFormat.mbox(.mboxrd), .raw])
    func `messages go through a pipe in their format`(format: FileStore.StreamFormat) async throws {
        let pipe = Pipe()
        let store = FileStore.stream(
            descriptor: pipe.fileHandleForWriting.fileDescriptor, format: format, adding: .none)
        try await store.store(Fixture.message("n: 1\r\n\r\nFrom x"))
        try await store.store(Fixture.message("n: 2\r\n"))
        await store.close()
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let mbox = Fixture.stored("n: 1\n\n>From x\n") + Fixture.stored("n: 2\n")
        #expect(text == (format == .raw ? "n: 1\r\n\r\nFrom xn: 2\r\n" : mbox))
    }

    @Test(arguments: [false, true])
    func `a large message passes through a pipe that is full most of the time`(isNonBlocking: Bool) async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        if isNonBlocking { #expect(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0) }
        let store = FileStore.stream(descriptor: descriptor, format: .raw, adding: .none)
        let octets = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let message = try Fixture.spooled(octets)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let future = eventLoop.flatSubmit { store.forSessions.store(message, on: eventLoop) }
        // The pipe has no reader yet, and the event loop goes on all the same.
        try await eventLoop.submit {}.get()
        let reading = Task { await onThread { Array(pipe.fileHandleForReading.readDataToEndOfFile()) } }
        try await future.get()
        await store.close()
        try pipe.fileHandleForWriting.close()
        #expect(await reading.value == octets)
    }

    @Test
    func `a reader that has gone fails the message`() async throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let store = FileStore.stream(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.description == "standard output: cannot write: Broken pipe")
        #expect(error?.isFull == false)
        await store.close()
    }

    @Test
    func `a full device fails the message as full`() async throws {
        let device = open("/dev/full", O_WRONLY)
        defer { close(device) }
        #expect(device >= 0)
        let store = FileStore.stream(descriptor: device)
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.isFull == true)
        let again = #expect(throws: StoreError.self) { try FileStore.mbox(path: "/dev/full/x") }
        #expect(again?.description == "/dev/full/x: cannot open: Not a directory")
        await store.close()
    }

    @Test
    func `a file that the shell opened is cut back, wherever it was opened at`() async throws {
        try directory.write("out", "before\n")
        let descriptor = open(directory.file("out"), O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        let small = Fixture.stored("n: 2\n")
        let disk = Disk(room: small.utf8.count + 10)
        let store = FileStore(
            descriptor: descriptor,
            name: "out",
            format: .mbox(.mboxrd),
            adding: .none,
            calls: disk.calls
        )
        let long = Fixture.message("X: " + String(repeating: "x", count: 200) + "\r\n")
        let errors = try await Fixture.storeTogether([long, Fixture.message("n: 2\r\n")], in: store)
        #expect(errors.map { ($0 as? StoreError)?.isFull } == [true, nil])
        await store.close()
        #expect(directory.text("out") == "before\n" + small)
    }

    @Test
    func `behind a part that cannot be taken back nothing more is written`() async throws {
        let pipe = Pipe()
        let disk = Disk(room: 20)
        let store = FileStore(
            descriptor: pipe.fileHandleForWriting.fileDescriptor,
            name: "pipe",
            format: .mbox(.mboxrd),
            adding: .none,
            calls: disk.calls
        )
        await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        disk.state.withLock { $0.room = 10_000 }
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 2\r\n")) }
        #expect(
            error?.description
                == "pipe: an earlier message was written in part (cannot write: No space left on device)"
        )
        await store.close()
        try pipe.fileHandleForWriting.close()
        #expect(pipe.fileHandleForReading.readDataToEndOfFile().count == 20)
    }

    @Test
    func `a file that cannot be synced has no message`() async throws {
        let disk = Disk()
        try directory.write("out", "before\n")
        let descriptor = open(directory.file("out"), O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        let store = FileStore(
            descriptor: descriptor, name: "out", format: .raw, adding: .none, synchronizes: true, calls: disk.calls)
        disk.state.withLock { $0.syncError = EIO }
        await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(directory.text("out") == "before\n")
        disk.state.withLock { $0.syncError = 0 }
        try await store.store(Fixture.message("n: 2\r\n"))
        await store.close()
        #expect(directory.text("out") == "before\nn: 2\r\n")
    }

    @Test
    func `the discarding store needs no content`() async throws {
        let store = DiscardingStore()
        #expect(!store.needsContent)
        #expect(FileStore.stream(descriptor: 1).needsContent)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        try await eventLoop.flatSubmit { store.forSessions.store(Fixture.message(.discarded(count: 9)), on: eventLoop) }
            .get()
        await store.store(Fixture.message(.discarded(count: 9)))
    }

    @Test
    func `a store with a task alone serves event loops, and its errors pass`() async throws {
        struct Refusing: MessageStore {
            struct Refusal: Error {}
            func store(_ message: Message) async throws { throw Refusal() }
        }
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        await #expect(throws: Refusing.Refusal.self) {
            try await eventLoop.flatSubmit { Refusing().forSessions.store(Fixture.message("x"), on: eventLoop) }.get()
        }
    }
}
