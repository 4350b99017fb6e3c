import Glibc
import SMTPCore

/// A folder in which each message becomes a file: written aside, and given its name when it is whole.
final class FolderTarget: GroupTarget {
    private let files: MessageFiles
    private let form: StoredForm
    private let synchronizes: Bool
    private let calls: FileCalls
    private var staging = OpenFolder()
    private var final = OpenFolder()
    private var buffer: [UInt8] = []
    /// What the last group became.
    private var lastGroup: [String] = []

    /// From this size on a message is written in pieces, and not on the event loop.
    private static let largeMessage: UInt64 = 1_048_576

    init(files: MessageFiles, form: StoredForm, synchronizes: Bool, calls: FileCalls) {
        self.files = files
        self.form = form
        self.synchronizes = synchronizes
        self.calls = calls
    }

    var path: String { files.folder }

    /// Opens the folder, and makes it if there is none.
    ///
    /// - Returns: why messages cannot be stored here.
    func check() -> StoreError? { openFolders() }

    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome {
        if !mayWait, synchronizes || group.contains(where: { $0.message.content.count > Self.largeMessage }) {
            return .needsToWait
        }
        lastGroup.removeAll(keepingCapacity: true)
        if let error = openFolders() { return .failed(error, count: group.count) }
        var errors: [StoreError?] = []
        for pending in group {
            let error = store(pending.message)
            if error != nil, errors.isEmpty { errors = Array(repeating: nil, count: lastGroup.count) }
            if error != nil || !errors.isEmpty { errors.append(error) }
        }
        if synchronizes, !lastGroup.isEmpty {
            // The names, too, have to outlive a power cut.
            let result = calls.synchronize(final.descriptor)
            if result != 0 {
                takeBack()
                let error = StoreError(cannot: "sync", path: path, errorNumber: Int32(-result))
                return .failed(error, count: group.count)
            }
        }
        return errors.isEmpty ? .stored : .mixed(errors)
    }

    var reversal: Reversal { .seen }

    func takeBack() {
        for name in lastGroup { unlinkat(final.descriptor, name, 0) }
        lastGroup.removeAll(keepingCapacity: true)
    }

    // MARK: One message

    /// Writes one message and gives it its name, or leaves nothing.
    private func store(_ message: Message) -> StoreError? {
        let name = files.name(of: message)
        let temporary = files.stagingName(of: name)
        let descriptor = openat(
            staging.descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return StoreError(cannot: "make a file", path: path, errorNumber: errno) }
        var failure = write(message, descriptor)
        // Some file systems tell only now that there is no room.
        if close(descriptor) != 0, failure == nil {
            failure = StoreError(cannot: "write", path: path, errorNumber: errno)
        }
        if failure == nil { failure = publish(temporary, as: name) }
        if failure == nil { lastGroup.append(name) } else { unlinkat(staging.descriptor, temporary, 0) }
        return failure
    }

    private func write(_ message: Message, _ descriptor: Int32) -> StoreError? {
        do {
            if message.content.count <= Self.largeMessage {
                buffer.removeAll(keepingCapacity: true)
                try form.append(message, to: &buffer)
                try write(buffer, descriptor)
            } else {
                try form.forEachPiece(of: message) { piece, _ in try write(piece, descriptor) }
            }
        } catch {
            return error as? StoreError ?? StoreError(.unavailable, path: path, reason: "cannot write: \(error)")
        }
        guard synchronizes else { return nil }
        let result = calls.synchronize(descriptor)
        return result == 0 ? nil : StoreError(cannot: "sync", path: path, errorNumber: Int32(-result))
    }

    private func write(_ octets: [UInt8], _ descriptor: Int32) throws {
        let (_, errorNumber) = octets.withUnsafeBytes { calls.writeAll(descriptor, $0) }
        if errorNumber != 0 { throw StoreError(cannot: "write", path: path, errorNumber: errorNumber) }
    }

    /// Gives a whole file its name, which no other may have.
    private func publish(_ temporary: String, as name: String) -> StoreError? {
        let aside = FileCalls.FileName(folder: staging.descriptor, name: temporary)
        let whole = FileCalls.FileName(folder: final.descriptor, name: name)
        var result = calls.rename(aside, whole)
        // File systems that cannot rename without replacing, such as NFS, know links; FAT on old systems knows neither:
        // there, a file of that name would be replaced.
        if result == -Int(EINVAL) || result == -Int(ENOSYS) {
            result = calls.link(aside, whole)
            if result == 0 {
                unlinkat(aside.folder, temporary, 0)
            } else if result == -Int(EPERM) || result == -Int(EOPNOTSUPP), faccessat(whole.folder, name, F_OK, 0) != 0 {
                result = renameat(aside.folder, temporary, whole.folder, name) == 0 ? 0 : -Int(errno)
            }
        }
        return result == 0 ? nil : StoreError(cannot: "name a message", path: path, errorNumber: Int32(-result))
    }

    // MARK: The folders

    /// Sees to it that the folders are those that their names stand for, and makes them if there are none.
    private func openFolders() -> StoreError? {
        let stagingPath = files.stagingFolder.map { "\(path)/\($0)" } ?? path
        let finalPath = files.finalFolder.map { "\(path)/\($0)" } ?? path
        if staging.isCurrent(stagingPath), final.isCurrent(finalPath) { return nil }
        for folder in [path] + files.innerFolders.map({ "\(path)/\($0)" }) {
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                return StoreError(cannot: "make the folder", path: folder, errorNumber: errno)
            }
        }
        guard staging.open(stagingPath), final.open(finalPath) else {
            return StoreError(cannot: "open the folder", path: path, errorNumber: errno)
        }
        guard faccessat(staging.descriptor, ".", W_OK, 0) == 0, faccessat(final.descriptor, ".", W_OK, 0) == 0 else {
            return StoreError(cannot: "write to the folder", path: path, errorNumber: errno)
        }
        return nil
    }
}

/// A folder that is held open.
private struct OpenFolder: ~Copyable {
    private(set) var descriptor: Int32 = -1
    private var identity = FileIdentity(device: 0, inode: 0)

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether a path still stands for the folder.
    func isCurrent(_ path: String) -> Bool {
        var status = stat()
        return descriptor >= 0 && stat(path, &status) == 0 && FileIdentity(status) == identity
    }

    mutating func open(_ path: String) -> Bool {
        if descriptor >= 0 { close(descriptor) }
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else { return false }
        identity = FileIdentity(status)
        return true
    }
}
