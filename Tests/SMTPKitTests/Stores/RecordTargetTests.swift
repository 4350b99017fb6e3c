import Glibc
import NIOCore
import ProcessSupport
import SMTPCore
import Synchronization
import Testing

@testable import SMTPKit

@Suite("Record target", .blocking)
struct RecordTargetTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    private func target(
        synchronizes: Bool = false, _ calls: FileCalls = .system
    ) -> RecordTarget {
        RecordTarget(
            path: directory.file("m"), form: StoredForm(layout: .mbox(.mboxrd), added: .none),
            synchronizes: synchronizes, lockTimeout: .milliseconds(20), calls: calls)
    }

    /// Appends messages, and returns the outcome of each as a word.
    private func append(_ texts: [String], to target: RecordTarget, mayWait: Bool = false) async -> String {
        await outcome(texts.map { Fixture.message($0) }, target, mayWait: mayWait)
    }

    private func outcome(_ messages: [Message], _ target: RecordTarget, mayWait: Bool) async -> String {
        // Nothing is completed here, so each message waits for a promise that is kept at once.
        let promise = Fixture.eventLoop.makePromise(of: Void.self)
        promise.succeed()
        let group = messages.map { PendingMessage(message: $0, waiter: .session(promise)) }
        return switch target.append(group, mayWait: mayWait) {
        case .stored: "stored"
        case .mixed(let errors): errors.map { $0?.reason ?? "stored" }.joined(separator: "; ")
        case .needsToWait: "needs to wait"
        case .yields: "yields"
        }
    }

    @Test func `a group is one write, and the locks are held until the target rests`() async throws {
        let disk = Disk()
        let target = target(disk.calls)
        #expect(await append(["n: 1\r\n", "n: 2\r\n"], to: target) == "stored")
        #expect(disk.state.withLock { $0.writes } == 1)
        #expect(target.isHolding)
        #expect(try directory.names == ["m", "m.lock"])
        target.rest()
        #expect(!target.isHolding)
        #expect(try directory.names == ["m"])
        #expect(directory.text("m") == Fixture.stored("n: 1\n") + Fixture.stored("n: 2\n"))
    }

    @Test func `a message that does not fit is cut off, and the rest of its group is stored`() async throws {
        let small = Fixture.stored("n: 1\n").utf8.count
        let disk = Disk(room: 2 * small + 1)
        let target = target(disk.calls)
        let long = "n: " + String(repeating: "x", count: 2 * small) + "\r\n"
        let outcome = await append(["n: 1\r\n", long, "n: 2\r\n"], to: target)
        #expect(outcome == "stored; cannot write: No space left on device; stored")
        #expect(directory.text("m") == Fixture.stored("n: 1\n") + Fixture.stored("n: 2\n"))
    }

    @Test func `a group is rolled back under the locks, and not after they were released`() async throws {
        let target = target()
        _ = await append(["n: 1\r\n"], to: target)
        _ = await append(["n: 2\r\n"], to: target)
        target.takeBack()
        #expect(directory.text("m") == Fixture.stored("n: 1\n"))
        #expect(await append(["n: 3\r\n"], to: target) == "stored")
        target.rest()
        target.takeBack()
        #expect(directory.text("m") == Fixture.stored("n: 1\n") + Fixture.stored("n: 3\n"))
        #expect(target.reversal == .truncation)
    }

    @Test func `half a message that cannot be cut off stops the target until it can`() async throws {
        let disk = Disk(room: 10)
        disk.state.withLock { $0.truncationError = EIO }
        let target = target(disk.calls)
        #expect(await append(["n: 1\r\n"], to: target) == "cannot write: No space left on device")
        disk.state.withLock { $0.room = .max / 2 }
        let refused = await append(["n: 2\r\n"], to: target)
        #expect(refused.hasPrefix("cannot cut off half a message"))
        disk.state.withLock { $0.truncationError = 0 }
        #expect(await append(["n: 3\r\n"], to: target) == "stored")
        #expect(directory.text("m") == Fixture.stored("n: 3\n"))
    }

    @Test func `a last line without LF is completed first`() async throws {
        try directory.write("m", "torn")
        let target = target()
        _ = await append(["n: 1\r\n"], to: target)
        #expect(directory.text("m") == "torn\n" + Fixture.stored("n: 1\n"))
        target.takeBack()
        #expect(directory.text("m") == "torn")
    }

    @Test func `a group that fails to sync is rolled back whole`() async throws {
        let disk = Disk()
        let target = target(synchronizes: true, disk.calls)
        #expect(await append(["n: 1\r\n"], to: target) == "needs to wait")
        #expect(await append(["n: 1\r\n"], to: target, mayWait: true) == "stored")
        disk.state.withLock { $0.syncError = EIO }
        let outcome = await append(["n: 2\r\n", "n: 3\r\n"], to: target, mayWait: true)
        #expect(outcome == "cannot sync: Input/output error; cannot sync: Input/output error")
        #expect(directory.text("m") == Fixture.stored("n: 1\n"))
    }

    @Test func `a lock of another process makes the event loop wait elsewhere, and a thread give up`() async throws {
        try directory.write("m.lock", "")
        let target = target()
        #expect(await append(["n: 1\r\n"], to: target) == "needs to wait")
        let outcome = await append(["n: 1\r\n"], to: target, mayWait: true)
        #expect(outcome == "cannot lock: others held it for 0.02 s")
        #expect(!target.isHolding)
    }

    @Test func `a file that was removed while the locks were held is made again`() async throws {
        let target = target()
        _ = await append(["n: 1\r\n"], to: target)
        #expect(unlink(directory.file("m")) == 0)
        #expect(await append(["n: 2\r\n"], to: target) == "stored")
        #expect(directory.text("m") == Fixture.stored("n: 2\n"))
    }

    @Test func `large and spooled messages are left to a thread`() async throws {
        let target = target()
        let large = "n: " + String(repeating: "x", count: Int(RecordTarget.largeGroup)) + "\r\n"
        #expect(await append([large], to: target) == "needs to wait")
        let spooled = try Fixture.spooled(Array("n: 1\r\n".utf8))
        #expect(await outcome([spooled], target, mayWait: false) == "needs to wait")
        #expect(await outcome([spooled], target, mayWait: true) == "stored")
    }
}
