import Glibc

/// The file of a given name. It is opened, reopened when another file took its place, and its end is inspected.
struct MailboxFile: ~Copyable {
    let path: String
    private var file: OpenDescriptor
    private(set) var identity = FileIdentity(device: 0, inode: 0)
    private let synchronizes: Bool
    private let calls: FileCalls

    init(path: String, synchronizes: Bool, calls: FileCalls) {
        self.path = path
        self.synchronizes = synchronizes
        self.calls = calls
        file = OpenDescriptor(calls: calls)
    }

    /// The descriptor; -1 when the file is not open.
    var descriptor: Int32 { file.number }

    /// Closes the file, if it is open.
    mutating func close() { file.close() }

    /// Whether the file is open and still has its name.
    var hasItsName: Bool {
        var named = stat()
        return descriptor >= 0 && calls.statusOfPath(path, &named) == 0 && FileIdentity(named) == identity
    }

    /// Opens the file of that name again if another took its place, and makes it if there is none.
    mutating func openIfReplaced() -> StoreError? {
        if hasItsName { return nil }
        close()
        var result = calls.open(.init(path), O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0)
        if result == -Int(ENOENT) {
            result = calls.open(.init(path), O_RDWR | O_APPEND | O_CLOEXEC | O_CREAT, 0o600)
            // The name, too, has to outlive a power cut.
            if result >= 0, synchronizes { synchronizeDirectory() }
        }
        guard result >= 0 else { return StoreError(cannot: "open", path: path, errorNumber: Int32(-result)) }
        file.replace(with: Int32(result))
        var named = stat()
        result = calls.status(descriptor, &named)
        guard result == 0 else { return StoreError(cannot: "look at", path: path, errorNumber: Int32(-result)) }
        identity = FileIdentity(named)
        guard named.st_mode & S_IFMT == S_IFREG else {
            return StoreError(.unavailable, path: path, reason: "is not a regular file")
        }
        return nil
    }

    /// How long the file is, and whether its last byte is something else than an LF.
    func end() -> (length: Int64, lacksLineFeed: Bool)? {
        var status = stat()
        guard calls.status(descriptor, &status) == 0 else { return nil }
        let length = Int64(status.st_size)
        guard length > 0 else { return (0, false) }
        var last: UInt8 = 0
        let count = withUnsafeMutableBytes(of: &last) { calls.readAt(descriptor, $0, length - 1) }
        guard count == 1 else { return nil }
        return (length, last != UInt8(ascii: "\n"))
    }

    /// Cuts off a partial message at the end that a killed process left.
    ///
    /// The record gives the length before the append (`goodLength`) and the length after the current
    /// `write` (`reach`). A file of that length or more is left alone: either the
    /// write was done, or another program, which did not heed the dotlock, has appended since, and its mail
    /// must not be lost with our half. So is one whose tail does not start as a message does. What remains
    /// is another program that appended less than our write was short of: it cannot be told from our own
    /// bytes, and would have had to ignore the dotlock.
    ///
    /// - Parameter recordStart: how a message begins.
    /// - Returns: an error when the file could not be cut.
    func recover(_ record: AppendRecord, recordStart: String) -> StoreError? {
        guard let length = end()?.length, length > record.goodLength else { return nil }
        guard length < record.reach || (length == record.reach && record.isUnfinished) else { return nil }
        guard startsMessage(at: record.goodLength, as: recordStart) else { return nil }
        let result = calls.truncate(descriptor, record.goodLength)
        return result == 0
            ? nil : StoreError(cannot: "cut off half a message", path: path, errorNumber: Int32(-result))
    }

    /// Whether what follows is the start of a message, or of an LF that completes the line above and then
    /// a message; or as much of that as there is.
    private func startsMessage(at offset: Int64, as recordStart: String) -> Bool {
        var octets = [UInt8](repeating: 0, count: recordStart.utf8.count + 1)
        let count = octets.withUnsafeMutableBytes { calls.readAt(descriptor, $0, offset) }
        guard count > 0 else { return false }
        let found = octets.prefix(count)
        return [recordStart, "\n" + recordStart].contains { expected in
            zip(found, expected.utf8).allSatisfy { $0 == $1 }
        }
    }

    private func synchronizeDirectory() {
        let directory = open(DotLock.directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        Glibc.close(directory)
    }
}
