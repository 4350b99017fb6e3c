import Glibc

/// The two locks of an mbox, `fcntl` and dotlock: both or neither.
///
/// The `fcntl` lock is taken first and released last. A process that has it therefore knows that a dotlock of this
/// library for the same file was left by a process that was killed, whatever process has its number now.
///
/// Any other dotlock is stale when the process that it names is gone from this host, or when it was last written to 300
/// seconds ago or earlier.
struct MailboxLock: ~Copyable {
    /// The result of an attempt to take both.
    enum Attempt {
        case taken
        case busy
        /// Another lost the file under our hands: it is to be opened again.
        case replaced
        case failed(StoreError)
    }

    /// Age from which a dotlock is stale, in seconds.
    static let staleAge = 300

    private let path: String
    private var dotLock: DotLock
    private let host: String
    private var record: AppendRecord?
    private let calls: FileCalls

    init(for path: String, calls: FileCalls) {
        self.path = path
        self.calls = calls
        dotLock = DotLock(for: path, calls: calls)
        host = Self.hostName()
    }

    /// Whether both locks are held.
    var isHeld: Bool { record != nil }

    /// Takes both locks, or neither, without waiting.
    ///
    /// - Parameters:
    ///   - descriptor: the mbox, open for writing.
    ///   - recover: called with what a killed process was doing to this very file, before anything else
    ///     happens to it. Returns an error when the file cannot be put right.
    mutating func tryTake(
        _ descriptor: Int32,
        _ identity: FileIdentity,
        recover: (AppendRecord) -> StoreError?
    ) -> Attempt {
        let result = setLock(descriptor, F_WRLCK)
        guard result == 0 else {
            return result == -Int(EAGAIN) || result == -Int(EACCES)
                ? .busy : .failed(StoreError(cannot: "lock", path: path, errorNumber: Int32(-result)))
        }
        var named = stat()
        guard calls.statusOfPath(path, &named) == 0, FileIdentity(named) == identity else {
            _ = setLock(descriptor, F_UNLCK)
            return .replaced
        }
        let own = AppendRecord(process: getpid(), host: host, mailbox: identity)
        let attempt = takeDotLock(own, recover)
        if case .taken = attempt { record = own } else { _ = setLock(descriptor, F_UNLCK) }
        return attempt
    }

    /// Records what is about to be done to the mbox.
    ///
    /// - Returns: why it must not be done.
    mutating func announce(goodLength: Int64, reach: Int64, isUnfinished: Bool) -> StoreError? {
        guard var record else { return nil }
        record.goodLength = goodLength
        record.reach = reach
        record.isUnfinished = isUnfinished
        let errorNumber = dotLock.announce(record)
        guard errorNumber == 0 else {
            return StoreError(cannot: "write to the lock", path: dotLock.path, errorNumber: errorNumber)
        }
        self.record = record
        return nil
    }

    /// Keeps others from taking the lock for stale.
    func touch() { dotLock.touch() }

    /// Gives both locks back.
    mutating func release(_ descriptor: Int32) {
        guard record != nil else { return }
        dotLock.release()
        _ = setLock(descriptor, F_UNLCK)
        record = nil
    }

    private mutating func takeDotLock(_ own: AppendRecord, _ recover: (AppendRecord) -> StoreError?) -> Attempt {
        // The second attempt follows the removal of a stale lock.
        for _ in 0..<2 {
            switch dotLock.take(own) {
            case .taken:
                return .taken
            case .failed(EACCES), .failed(EPERM), .failed(EROFS):
                // The folder takes no files of this user. Postfix, too, then relies on the other lock.
                return .taken
            case .failed(let errorNumber):
                return .failed(StoreError(cannot: "make a lock", path: dotLock.path, errorNumber: errorNumber))
            case .blocked(let reason):
                return .failed(
                    StoreError(.unavailable, path: path, reason: "cannot lock: \(dotLock.path) \(reason); remove it"))
            case .exists:
                guard let holder = dotLock.holder() else { continue }
                guard isStale(holder, own) else { return .busy }
                if let record = holder.record, record.mailbox == own.mailbox, let error = recover(record) {
                    return .failed(error)
                }
                dotLock.breakLock(of: holder)
            }
        }
        return .busy
    }

    private func isStale(_ holder: DotLock.Holder, _ own: AppendRecord) -> Bool {
        if holder.age > Self.staleAge { return true }
        guard holder.host == nil || holder.host == host else { return false }
        if holder.record?.mailbox == own.mailbox { return true }
        guard let process = holder.process else { return false }
        // Another store of this process would hold the fcntl lock, too.
        if process == own.process { return true }
        return kill(process, 0) != 0 && errno == ESRCH
    }

    private func setLock(_ descriptor: Int32, _ type: Int32) -> Int {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        return calls.lock(descriptor, &lock)
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        let octets = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let text = String(decoding: octets, as: UTF8.self).filter { $0 > " " && $0 != ":" }
        return text.isEmpty ? "localhost" : text
    }
}
