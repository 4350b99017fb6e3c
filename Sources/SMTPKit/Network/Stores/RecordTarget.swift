import Glibc
import NIOCore
import SMTPCore

/// A file of records, an mbox or lines of JSON, that messages are appended to under its locks.
///
/// The locks are kept over a burst: taking and giving them back costs a dozen system calls, appending a
/// group two. They are given back when nothing has come for a moment, and after a quarter of a second
/// of work so that others get a turn.
final class RecordTarget: GroupTarget {
    let path: String
    let form: StoredForm
    let calls: FileCalls
    let synchronizes: Bool
    private let lockTimeout: TimeAmount
    var file: MailboxFile
    var lock: MailboxLock
    /// When the locks were taken.
    private var heldSince = NIODeadline.distantPast
    /// How long the file is: where the next message starts.
    var goodLength: Int64 = 0
    /// Whether the next message has to complete a last line first.
    var lacksLineFeed = false
    /// A length that the file could not be cut back to, and the one that it had then.
    var owedCut: (to: Int64, from: Int64)?
    /// The state of the end before the last group.
    var groupStart: (length: Int64, lacksLineFeed: Bool)?
    /// The bytes of the next write; kept for its memory.
    var buffer: [UInt8] = []

    /// How long the locks are kept while there is work.
    private static let longestHold = TimeAmount.milliseconds(250)
    /// How long the locks were held since the last long gap or idle moment.
    private var heldInTurn = TimeAmount.zero
    /// When the locks were given back.
    private var releasedAt = NIODeadline.distantPast

    /// How long the locks stay free after that: longer the longer they were held. In the end, the gap is long enough
    /// for a program that tries once a second, as many that make dotlocks do.
    private func nextGap() -> TimeAmount {
        guard heldInTurn < .seconds(4) else {
            heldInTurn = .zero
            return .milliseconds(1_100)
        }
        return .nanoseconds(10_000_000 + heldInTurn.nanoseconds / 50)
    }
    /// From this size on a group is written in parts, and not on the event loop.
    static let largeGroup: UInt64 = 1_048_576

    init(path: String, form: StoredForm, synchronizes: Bool, lockTimeout: TimeAmount, calls: FileCalls) {
        self.path = path
        self.form = form
        self.synchronizes = synchronizes
        self.lockTimeout = lockTimeout
        self.calls = calls
        file = MailboxFile(path: path, synchronizes: synchronizes, calls: calls)
        lock = MailboxLock(for: path, calls: calls)
    }

    var isHolding: Bool { lock.isHeld }

    func rest() {
        groupStart = nil
        // What could not be cut off before may be cut off now, while no other program has written after it.
        if lock.isHeld {
            _ = payCut()
            releasedAt = .now()
            heldInTurn = heldInTurn + (releasedAt - heldSince)
        }
        lock.release(file.descriptor)
    }

    func close() {
        rest()
        file.close()
    }

    var reversal: Reversal { .truncation }

    func takeBack() {
        // The locks have been held since then, so no other program has written after it.
        guard lock.isHeld, let start = groupStart, goodLength > start.length else { return }
        let written = goodLength - start.length
        (goodLength, lacksLineFeed) = start
        cutBack(from: written)
    }

    /// Takes the locks once, which repairs what a killed process left, and releases them.
    ///
    /// - Returns: the error that prevents storing messages here; `nil` also when another process has the locks.
    func check() -> StoreError? {
        let attempt = tryLock()
        rest()
        if case .failed(let error) = attempt { return error }
        return nil
    }

    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome {
        if !mayWait, synchronizes || Self.isLarge(group) { return .needsToWait }
        // What was removed or moved away while the locks were held is no place for mail.
        if lock.isHeld, !file.hasItsName { rest() }
        if lock.isHeld, NIODeadline.now() - heldSince > Self.longestHold {
            rest()
            let time = nextGap()
            guard mayWait else { return .yields(time) }
            usleep(UInt32(time.nanoseconds / 1000))
        }
        if !lock.isHeld {
            switch mayWait ? waitForLock() : tryLock() {
            case .taken: break
            case .busy, .replaced: return .needsToWait
            case .failed(let error): return .failed(error, count: group.count)
            }
        }
        return write(group)
    }

    private static func isLarge(_ group: [PendingMessage]) -> Bool {
        var size: UInt64 = 0
        for pending in group {
            if case .spooled = pending.message.content { return true }
            size += pending.message.content.count
        }
        return size > largeGroup
    }

    // MARK: Locks

    /// Takes the locks if they are free, and looks at the end of the file.
    private func tryLock() -> MailboxLock.Attempt {
        // A file may be replaced at any moment, but not each time that one looks.
        for _ in 0..<3 {
            if let error = file.openIfReplaced() { return .failed(error) }
            let attempt = takeLock()
            switch attempt {
            case .taken: return lookAtEnd()
            case .busy, .failed: return attempt
            case .replaced: continue
            }
        }
        return .busy
    }

    private func takeLock() -> MailboxLock.Attempt {
        lock.tryTake(file.descriptor, file.identity) { file.recover($0, recordStart: form.recordStart) }
    }

    private func lookAtEnd() -> MailboxLock.Attempt {
        heldSince = NIODeadline.now()
        if heldSince - releasedAt > .seconds(1) { heldInTurn = .zero }
        guard let end = file.end() else {
            let error = StoreError(cannot: "look at the end", path: path, errorNumber: errno)
            rest()
            return .failed(error)
        }
        goodLength = end.length
        lacksLineFeed = end.lacksLineFeed
        if let owed = owedCut, owed.from == end.length {
            goodLength = owed.to
            if let error = payCut() {
                rest()
                return .failed(error)
            }
            lacksLineFeed = file.end()?.lacksLineFeed ?? false
        }
        owedCut = nil
        return .taken
    }

    /// Tries again and again until the time is over; only on a thread that may wait.
    private func waitForLock() -> MailboxLock.Attempt {
        let deadline = NIODeadline.now() + lockTimeout
        var pause: UInt32 = 500
        while true {
            switch tryLock() {
            case .taken: return .taken
            case .failed(let error): return .failed(error)
            case .busy, .replaced: break
            }
            guard NIODeadline.now() < deadline else {
                let seconds = Double(lockTimeout.nanoseconds) / 1e9
                return .failed(
                    StoreError(.locked, path: path, reason: "cannot lock: others held it for \(seconds) s")
                )
            }
            // Uneven pauses keep two who wait from meeting each time.
            usleep(pause + UInt32.random(in: 0...pause / 2))
            pause = min(pause * 2, 8000)
        }
    }
}
