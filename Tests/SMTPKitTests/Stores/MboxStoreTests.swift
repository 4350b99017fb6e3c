import Foundation
import NIOCore
import NIOPosix
import ProcessSupport
import SMTPKit
import Synchronization
import Testing

@Suite("mbox store", .blocking)
struct MboxStoreTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    /// Names in `/dev` refer to open descriptors, but not these.
    @Test func `a file in memory is a file`() async throws {
        let path = "/dev/shm/smtpkit-\(UUID().uuidString)"
        defer { unlink(path) }
        let store = try FileStore.mbox(path: path, adding: .none)
        try await store.store(Fixture.message("n: 1\r\n"))
        await store.close()
        #expect(FileManager.default.contents(atPath: path) == Data(Fixture.stored("n: 1\n").utf8))
    }

    @Test
    func `a message is stored with its trace fields`() async throws {
        let store = try FileStore.mbox(path: directory.file("m"))
        try await store.store(Fixture.message("Subject: x\r\n\r\nFrom me\r\n"))
        await store.close()
        #expect(
            directory.text("m") == """
                From joe@example.org Sun Nov 22 15:00:00 2026
                Return-Path: <joe@example.org>
                Delivered-To: ann@example.net
                Received: from mail.example.org ([192.0.2.1])
                \tby mx.example.net with ESMTP id 1
                \tfor <ann@example.net>;
                \tSun, 22 Nov 2026 15:00:00 +0000
                Subject: x

                >From me


                """
        )
        #expect(try directory.names == ["m"])
    }

    @Test(arguments: [false, true])
    func `messages of one tick are one write, and one sync`(synchronizes: Bool) async throws {
        let disk = Disk()
        let store = try FileStore(
            .mbox(.mboxrd), path: directory.file("m"),
            adding: .none,
            synchronizes: synchronizes,
            calls: disk.calls
        )
        let messages = (0..<20).map { Fixture.message("n: \($0)\r\n") }
        let errors = try await Fixture.storeTogether(messages, in: store)
        await store.close()
        #expect(errors.allSatisfy { $0 == nil })
        #expect(disk.state.withLock { $0.writes } == 1)
        #expect(disk.state.withLock { $0.syncs } == (synchronizes ? 1 : 0))
        #expect(directory.text("m") == (0..<20).map { Fixture.stored("n: \($0)\n") }.joined())
    }

    @Test
    func `messages from many event loops and tasks are all there, whole`() async throws {
        let store = try FileStore.mbox(path: directory.file("m"), adding: .none)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 4)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<400 {
                let message = Fixture.message("n: \(number)\r\n")
                let eventLoop = group.next()
                tasks.addTask {
                    if number % 4 == 0 {
                        try await store.store(message)
                    } else {
                        try await eventLoop.flatSubmit { store.forSessions.store(message, on: eventLoop) }.get()
                    }
                }
            }
            try await tasks.waitForAll()
        }
        await store.close()
        try await group.shutdownGracefully()
        let stored = directory.text("m").components(separatedBy: Fixture.fromLine).dropFirst()
        #expect(Set(stored) == Set((0..<400).map { "n: \($0)\n\n" }))
        #expect(stored.count == 400)
    }

    @Test(arguments: MboxFormat.allCases)
    func `a large spooled message is stored like a small one in memory`(format: MboxFormat) async throws {
        let line = Array("From the start of a line to its end, 64 octets and the line end\r\n".utf8)
        let octets = Array("Subject: large\r\n\r\n".utf8) + (0..<40_000).flatMap { _ in line }
        let store = try FileStore.mbox(path: directory.file("spooled"), format: format)
        let other = try FileStore.mbox(path: directory.file("memory"), format: format)
        try await store.store(Fixture.spooled(octets))
        try await store.store(Fixture.message("A: b\r\n"))
        try await other.store(Fixture.message(.memory(octets)))
        try await other.store(Fixture.message("A: b\r\n"))
        await store.close()
        await other.close()
        let stored = directory.read("spooled")
        #expect(stored == (directory.read("memory")))
        #expect(stored.count > 2_500_000)
    }

    @Test(arguments: [("", ""), ("x", "x\n"), ("x\n", "x\n"), ("\n", "\n")])
    func `a last line without an end is completed first`(before: String, kept: String) async throws {
        try directory.write("m", before)
        let store = try FileStore.mbox(path: directory.file("m"), adding: .none)
        try await store.store(Fixture.message("A: b\r\n"))
        try await store.store(Fixture.message("C: d\r\n"))
        await store.close()
        #expect(directory.text("m") == kept + Fixture.stored("A: b\n") + Fixture.stored("C: d\n"))
    }

    @Test
    func `a file that is taken away is made again, and a new one is found`() async throws {
        let store = try FileStore.mbox(path: directory.file("m"), adding: .none)
        try await store.store(Fixture.message("n: 1\r\n"))
        try FileManager.default.moveItem(atPath: directory.file("m"), toPath: directory.file("old"))
        try await store.store(Fixture.message("n: 2\r\n"))
        try FileManager.default.removeItem(atPath: directory.file("m"))
        try directory.write("m", "other\n")
        try await store.store(Fixture.message("n: 3\r\n"))
        await store.close()
        #expect(directory.text("old") == Fixture.stored("n: 1\n"))
        #expect(directory.text("m") == "other\n" + Fixture.stored("n: 3\n"))
    }

    @Test
    func `a closed store refuses messages`() async throws {
        let store = try FileStore.mbox(path: directory.file("m"), adding: .none)
        await store.close()
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("A: b\r\n")) }
        #expect(error?.code == .closed)
        #expect(directory.text("m").isEmpty)
    }

    @Test
    func `a message whose content was dropped is refused, its neighbours are not`() async throws {
        let store = try FileStore.mbox(path: directory.file("m"), adding: .none)
        let messages = [
            Fixture.message("n: 1\r\n"), Fixture.message(.discarded(count: 5)), Fixture.message("n: 3\r\n"),
        ]
        let errors = try await Fixture.storeTogether(messages, in: store)
        await store.close()
        #expect(errors.map { $0 == nil } == [true, false, true])
        #expect(directory.text("m") == Fixture.stored("n: 1\n") + Fixture.stored("n: 3\n"))
    }

    @Test
    func `what cannot be opened is named`() throws {
        try directory.write("file", "x")
        try FileManager.default.createDirectory(atPath: directory.file("sub"), withIntermediateDirectories: false)
        for (path, reason) in [
            ("\(directory.path)/none/m", "cannot open: No such file or directory"),
            (directory.file("file/m"), "cannot open: Not a directory"),
            (directory.file("sub"), "cannot open: Is a directory"),
        ] {
            let error = #expect(throws: StoreError.self) { try FileStore.mbox(path: path) }
            #expect(error?.description == "\(path): \(reason)")
        }
    }

    @Test
    func `a FIFO is written to without locks`() async throws {
        #expect(mkfifo(directory.file("fifo"), 0o600) == 0)
        let reader = try Companion("cat", [directory.file("fifo")])
        do {
            let store = try FileStore.mbox(path: directory.file("fifo"), adding: .none)
            try await store.store(Fixture.message("n: 1\r\n"))
            try await store.store(Fixture.message("n: 2\r\n"))
            #expect(try directory.names == ["fifo"])
            await store.close()
        }
        let text = String(decoding: try await reader.finish().output, as: UTF8.self)
        #expect(text == Fixture.stored("n: 1\n") + Fixture.stored("n: 2\n"))
    }
}
