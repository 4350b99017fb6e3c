import Foundation
import NIOCore
import NIOPosix
import ProcessSupport
import SMTPKit
import Testing

@Suite("mbox locks", .blocking)
struct MboxLockTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    /// Takes the `fcntl` lock, says so, and gives it back when told.
    static let holdRecordLock = """
        import fcntl, sys
        file = open(sys.argv[1], 'r+b')
        fcntl.lockf(file, fcntl.LOCK_EX)
        print('locked', flush=True)
        sys.stdin.readline()
        if len(sys.argv) > 2:
            file.seek(0, 2)
            file.write(sys.argv[2].encode())
        """

    func store(timeout: Duration = .seconds(60)) throws -> FileStore {
        try FileStore.mbox(path: directory.file("m"), adding: .none, lockTimeout: timeout)
    }

    @Test
    func `a message waits while another program has the fcntl lock`() async throws {
        try directory.write("m", "")
        let other = try Companion.python(Self.holdRecordLock, directory.file("m"), "other\n")
        #expect(try await other.line() == "locked")
        let store = try store()
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let future = eventLoop.flatSubmit { store.forSessions.store(Fixture.message("n: 1\r\n"), on: eventLoop) }
        // The event loop is not held up meanwhile.
        try await eventLoop.submit {}.get()
        #expect(try directory.names == ["m"])
        other.say("go on")
        #expect(try await other.finish().status == 0)
        try await future.get()
        await store.close()
        #expect(directory.text("m") == "other\n" + Fixture.stored("n: 1\n"))
    }

    @Test
    func `a lock that is held for too long fails the message`() async throws {
        try directory.write("m", "")
        let other = try Companion.python(Self.holdRecordLock, directory.file("m"))
        #expect(try await other.line() == "locked")
        let store = try store(timeout: .milliseconds(50))
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.description == "\(directory.file("m")): cannot lock: others held it for 0.05 s")
        #expect(error?.code == .locked)
        #expect(try await other.finish().status == 0)
        try await store.store(Fixture.message("n: 2\r\n"))
        await store.close()
        #expect(directory.text("m") == Fixture.stored("n: 2\n"))
    }

    @Test
    func `the dotlock of another is respected, and the fcntl lock not kept meanwhile`() async throws {
        let store = try store(timeout: .milliseconds(50))
        try directory.write("m.lock", "")
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.code == .locked)
        let other = try Companion.python(Self.holdRecordLock, directory.file("m"))
        #expect(try await other.line() == "locked")
        #expect(try await other.finish().status == 0)
        #expect(try directory.names == ["m", "m.lock"])
        try FileManager.default.removeItem(atPath: directory.file("m.lock"))
        try await store.store(Fixture.message("n: 2\r\n"))
        await store.close()
        #expect(directory.text("m") == Fixture.stored("n: 2\n"))
    }

    @Test(arguments: [200, 301])
    func `a dotlock without a process is stale behind 300 seconds`(age: Int) async throws {
        let store = try store(timeout: .milliseconds(20))
        try directory.write("m.lock", "0")
        let then = Date(timeIntervalSinceNow: -Double(age))
        try FileManager.default.setAttributes([.modificationDate: then], ofItemAtPath: directory.file("m.lock"))
        if age > 300 {
            try await store.store(Fixture.message("n: 1\r\n"))
            await store.close()
            #expect(try directory.names == ["m"])
        } else {
            await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
            #expect(try directory.names == ["m", "m.lock"])
        }
    }

    @Test
    func `a dotlock is stale when its process is gone from this host`() async throws {
        let gone = try Companion("true", [])
        #expect(try await gone.finish().status == 0)
        let alive = try Companion("cat", [])
        let host = ProcessInfo.processInfo.hostName
        var name = [CChar](repeating: 0, count: 256)
        #expect(gethostname(&name, 255) == 0)
        let ours = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let store = try store(timeout: .milliseconds(20))
        for (text, isStale) in [
            ("\(gone.processIdentifier)\n", true), ("\(gone.processIdentifier):\(ours)\n", true),
            ("\(gone.processIdentifier):elsewhere.\(host)\n", false), ("\(alive.processIdentifier)\n", false),
            ("\(alive.processIdentifier):\(ours)\n", false), ("no number", false),
        ] {
            try directory.write("m.lock", text)
            let isStored = (try? await store.store(Fixture.message("n: 1\r\n"))) != nil
            #expect(isStored == isStale, "\(text)")
            try? FileManager.default.removeItem(atPath: directory.file("m.lock"))
        }
        await store.close()
        #expect(try await alive.finish().status == 0)
    }

    @Test
    func `two stores on one file in one process exclude each other`() async throws {
        let stores = [try store(), try store()]
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<100 {
                let message = Fixture.message("n: \(number)\r\n")
                tasks.addTask { try await stores[number % 2].store(message) }
            }
            try await tasks.waitForAll()
        }
        for store in stores { await store.close() }
        let stored = directory.text("m").components(separatedBy: Fixture.fromLine).dropFirst()
        #expect(stored.sorted() == (0..<100).map { "n: \($0)\n\n" }.sorted())
    }

    @Test
    func `a store that rests has let go of both locks`() async throws {
        let store = try store()
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        try await eventLoop.flatSubmit { store.forSessions.store(Fixture.message("n: 1\r\n"), on: eventLoop) }.get()
        // The script waits for both locks without a timeout: only the store has them.
        let script = """
            import fcntl, os, sys, time
            file = open(sys.argv[1], 'ab')
            fcntl.lockf(file, fcntl.LOCK_EX)
            while os.path.exists(sys.argv[1] + '.lock'): time.sleep(0.001)
            """
        let other = try Companion.python(script, directory.file("m"))
        #expect(try await other.finish().status == 0)
        await store.close()
    }

    @Test
    func `others get a turn while messages keep coming`() async throws {
        let store = try store()
        let script = """
            import fcntl, os, sys, time
            for turn in range(3):
                with open(sys.argv[1], 'ab') as file:
                    while True:
                        fcntl.lockf(file, fcntl.LOCK_EX)
                        try:
                            os.close(os.open(sys.argv[1] + '.lock', os.O_CREAT | os.O_EXCL))
                            break
                        except FileExistsError:
                            fcntl.lockf(file, fcntl.LOCK_UN)
                            time.sleep(0.001)
                    file.write(b'From python@example.org Sun Nov 22 15:00:00 2026\\npython: 1\\n\\n')
                    file.flush()
                    os.unlink(sys.argv[1] + '.lock')
            print('done', flush=True)
            """
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let other = try Companion.python(script, directory.file("m"))
        let ended = Ended()
        // A child task of the test runs on the test's executor, and does not wait for other tests.
        async let waiting = {
            let line = try await other.line()
            ended.set()
            return (line, try await other.finish().status)
        }()
        var count = 0
        while !ended.isSet {
            let messages = (0..<20).map { _ in Fixture.message("n: 1\r\n") }
            try await eventLoop.flatSubmit {
                EventLoopFuture.andAllSucceed(
                    messages.map { store.forSessions.store($0, on: eventLoop) }, on: eventLoop)
            }.get()
            count += messages.count
        }
        let (line, status) = try await waiting
        #expect(line == "done")
        #expect(status == 0)
        await store.close()
        let text = directory.text("m")
        #expect(text.components(separatedBy: Fixture.stored("n: 1\n")).count - 1 == count)
        #expect(text.components(separatedBy: "\npython: 1\n\n").count - 1 == 3)
    }
}
