import Glibc

/// The lock that is a file: `FILE.lock` beside the mbox, for programs that know no other kind.
///
/// It is made complete and given its name in one step, so nobody ever sees it empty.
struct DotLock: ~Copyable {
    /// What came of trying to take it.
    enum Attempt {
        case taken
        case exists
        case failed(Int32)
    }

    /// What is known of another's lock.
    struct Holder {
        /// The lock file itself.
        var identity: FileIdentity
        /// How long ago it was last written to, in seconds.
        var age: Int
        /// The process that its first line names, if any.
        var process: Int32?
        /// The host that its first line names, if any.
        var host: String?
        /// What it says, if it is one of ours.
        var record: AppendRecord?
    }

    let path: String
    private let directory: String
    private var descriptor: Int32 = -1
    private var numbersOffset = 0
    private var line: [UInt8] = []

    init(for mailbox: String) {
        path = mailbox + ".lock"
        directory = Self.directory(of: mailbox)
    }

    deinit {
        if descriptor >= 0 {
            Self.remove(path, ifStill: descriptor)
            close(descriptor)
        }
    }

    /// The directory that holds a file.
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Takes the lock, if nobody has it.
    mutating func take(_ record: AppendRecord) -> Attempt {
        let text = record.text
        numbersOffset = record.numbersOffset
        let unnamed = open(directory, LinuxFlags.unnamedFile | O_RDWR | O_CLOEXEC, 0o644)
        if unnamed >= 0 {
            guard write(unnamed, text, text.count) == text.count else { return fail(unnamed, errno) }
            if linkat(AT_FDCWD, "/proc/self/fd/\(unnamed)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 {
                descriptor = unnamed
                return .taken
            }
            let reason = errno
            close(unnamed)
            if reason == EEXIST { return .exists }
        }
        // A file system without unnamed files, or a system without /proc.
        let named = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard named >= 0 else { return errno == EEXIST ? .exists : .failed(errno) }
        guard write(named, text, text.count) == text.count else {
            let reason = errno
            unlink(path)
            return fail(named, reason)
        }
        descriptor = named
        return .taken
    }

    /// Says what is about to be done. A record that cannot be written is no reason to refuse a message:
    /// the one from before then speaks of a shorter mbox, and nothing will be cut.
    mutating func announce(_ record: AppendRecord) {
        guard descriptor >= 0 else { return }
        line.removeAll(keepingCapacity: true)
        record.appendNumbers(to: &line)
        _ = pwrite(descriptor, line, line.count, off_t(numbersOffset))
    }

    /// Keeps others from taking the lock for stale in the course of a long append.
    func touch() {
        if descriptor >= 0 { futimens(descriptor, nil) }
    }

    /// Gives the lock back.
    mutating func release() {
        guard descriptor >= 0 else { return }
        Self.remove(path, ifStill: descriptor)
        close(descriptor)
        descriptor = -1
    }

    /// Reads the lock of another; `nil` when there is none any more.
    func holder() -> Holder? {
        let other = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard other >= 0 else { return nil }
        defer { close(other) }
        var status = stat()
        guard fstat(other, &status) == 0 else { return nil }
        var octets = [UInt8](repeating: 0, count: 1024)
        let count = max(0, read(other, &octets, octets.count))
        let text = String(decoding: octets.prefix(count), as: UTF8.self)
        let first = text.prefix { $0 != "\n" }.split(separator: ":", maxSplits: 1)
        return Holder(
            identity: FileIdentity(status),
            age: time(nil) - status.st_mtim.tv_sec,
            process: first.first.flatMap { Int32($0.filter { $0 != " " }) }.flatMap { $0 > 0 ? $0 : nil },
            host: first.count == 2 ? String(first[1]) : nil,
            record: AppendRecord(parsing: text)
        )
    }

    /// Removes the lock of another, if it is still the one that was looked at.
    func breakLock(of holder: Holder) {
        var status = stat()
        if lstat(path, &status) == 0, FileIdentity(status) == holder.identity { unlink(path) }
    }

    private static func remove(_ path: String, ifStill descriptor: Int32) {
        var own = stat()
        var named = stat()
        // Somebody may have taken the lock for stale, and have made another.
        guard fstat(descriptor, &own) == 0, lstat(path, &named) == 0, FileIdentity(own) == FileIdentity(named) else {
            return
        }
        unlink(path)
    }

    private func fail(_ descriptor: Int32, _ errorNumber: Int32) -> Attempt {
        close(descriptor)
        return .failed(errorNumber)
    }
}
