import Glibc

/// The lock that is a file: `FILE.lock` beside the mbox, for programs that know no other kind.
///
/// It is written in full and given its name in one step, so other programs never see it empty.
struct DotLock: ~Copyable {
    /// The result of an attempt to take the lock.
    enum Attempt {
        case taken
        case exists
        case failed(Int32)
        /// Its name is that of something that is no lock and will not go away by itself.
        case blocked(String)
    }

    /// Facts about a lock of another process.
    struct Holder {
        /// The lock file itself.
        var identity: FileIdentity
        /// How long ago it was last written to, in seconds.
        var age: Int
        /// The process that its first line names, if any.
        var process: Int32?
        /// The host that its first line names, if any.
        var host: String?
        /// Its record, if this library wrote it.
        var record: AppendRecord?
    }

    let path: String
    private let directory: String
    private var descriptor: Int32 = -1
    private var numbersOffset = 0
    private var line: [UInt8] = []
    /// A file of ours, with a part of its text, that could not be removed.
    private var leftover: FileIdentity?
    private let calls: FileCalls

    init(for mailbox: String, calls: FileCalls) {
        self.calls = calls
        path = mailbox + ".lock"
        directory = Self.directory(of: mailbox)
    }

    deinit {
        if descriptor >= 0 {
            removeIfOwn()
            _ = calls.close(descriptor)
        }
    }

    /// The directory that holds a file.
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Takes the lock, if no other process has it.
    mutating func take(_ record: AppendRecord) -> Attempt {
        if let errorNumber = removeLeftover() { return .failed(errorNumber) }
        let text = record.text
        numbersOffset = record.numbersOffset
        let unnamed = calls.open(.init(directory), LinuxFlags.unnamedFile | O_RDWR | O_CLOEXEC, 0o644)
        if unnamed >= 0 {
            let file = Int32(unnamed)
            let errorNumber = write(text, to: file)
            guard errorNumber == 0 else { return fail(file, errorNumber) }
            let result = calls.nameOpenFile(file, .init(path))
            if result == 0 {
                descriptor = file
                return .taken
            }
            _ = calls.close(file)
            if result == -Int(EEXIST) { return obstacle() }
        }
        // A file system without unnamed files, or a system without /proc.
        let named = calls.open(.init(path), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard named >= 0 else { return named == -Int(EEXIST) ? obstacle() : .failed(Int32(-named)) }
        let errorNumber = write(text, to: Int32(named))
        guard errorNumber == 0 else {
            var own = stat()
            if fstat(Int32(named), &own) == 0 { leftover = FileIdentity(own) }
            _ = removeLeftover()
            return fail(Int32(named), errorNumber)
        }
        descriptor = Int32(named)
        return .taken
    }

    /// Describes what has the lock's name.
    private func obstacle() -> Attempt {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .exists }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .exists
        case S_IFDIR: return .blocked("is a folder")
        case S_IFLNK:
            return access(path, F_OK) == 0 ? .exists : .blocked("is a symbolic link to nothing")
        default: return .blocked("is not a regular file")
        }
    }

    /// Removes the file that could not be removed before.
    ///
    /// - Returns: the number of the error, if it still cannot.
    private mutating func removeLeftover() -> Int32? {
        guard let leftover else { return nil }
        var named = stat()
        if lstat(path, &named) == 0, FileIdentity(named) == leftover {
            let result = calls.unlink(.init(path))
            if result != 0 { return Int32(-result) }
        }
        self.leftover = nil
        return nil
    }

    private func write(_ text: [UInt8], to file: Int32) -> Int32 {
        text.withUnsafeBytes { calls.writeAll(file, $0, at: 0) }
    }

    /// Records what is about to be done.
    ///
    /// An append without a record must not begin: a process that finds the lock after a crash would judge the mbox by
    /// an older record.
    ///
    /// - Returns: 0 or the number of the error.
    mutating func announce(_ record: AppendRecord) -> Int32 {
        guard descriptor >= 0 else { return 0 }
        line.removeAll(keepingCapacity: true)
        record.appendNumbers(to: &line)
        return line.withUnsafeBytes { calls.writeAll(descriptor, $0, at: Int64(numbersOffset)) }
    }

    /// Keeps others from taking the lock for stale in the course of a long append.
    func touch() {
        if descriptor >= 0 { futimens(descriptor, nil) }
    }

    /// Gives the lock back.
    mutating func release() {
        guard descriptor >= 0 else { return }
        removeIfOwn()
        _ = calls.close(descriptor)
        descriptor = -1
    }

    /// Reads the lock of another; `nil` when there is none any more.
    func holder() -> Holder? {
        let opened = calls.open(.init(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
        guard opened >= 0 else { return nil }
        let other = Int32(opened)
        defer { _ = calls.close(other) }
        var status = stat()
        guard calls.status(other, &status) == 0 else { return nil }
        var octets = [UInt8](repeating: 0, count: 1024)
        let count = max(0, octets.withUnsafeMutableBytes { calls.readAt(other, $0, 0) })
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
        if lstat(path, &status) == 0, FileIdentity(status) == holder.identity { _ = calls.unlink(.init(path)) }
    }

    /// Removes the lock, unless another process took it for stale and made its own.
    private func removeIfOwn() {
        var own = stat()
        var named = stat()
        guard fstat(descriptor, &own) == 0, lstat(path, &named) == 0, FileIdentity(own) == FileIdentity(named) else {
            return
        }
        _ = calls.unlink(.init(path))
    }

    private func fail(_ descriptor: Int32, _ errorNumber: Int32) -> Attempt {
        _ = calls.close(descriptor)
        return .failed(errorNumber)
    }
}
