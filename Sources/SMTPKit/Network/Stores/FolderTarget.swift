import Glibc
import SMTPCore

/// A folder in which each message becomes a file, which gets its name when it is whole.
final class FolderTarget: GroupTarget {
    let files: MessageFiles
    let calls: FileCalls
    private let form: StoredForm
    private let synchronizes: Bool
    var staging: OpenFolder
    var final: OpenFolder
    private var buffer: [UInt8] = []
    /// The names that the last group received.
    private var lastGroup: [String] = []
    /// Files that could not be removed yet. Nothing is stored until they are.
    private var owedRemovals: [(isStaging: Bool, name: String)] = []

    /// Whether a file needs no name before it is whole. Naming it later takes /proc.
    var usesUnnamedFiles = access("/proc/self/fd", X_OK) == 0

    /// From this size on a message is written in pieces, and not on the event loop.
    private static let largeMessage: UInt64 = 1_048_576

    init(files: MessageFiles, form: StoredForm, synchronizes: Bool, calls: FileCalls) {
        self.files = files
        self.form = form
        self.synchronizes = synchronizes
        self.calls = calls
        staging = OpenFolder(calls: calls)
        final = OpenFolder(calls: calls)
    }

    var path: String { files.folder }

    /// Opens the folder, creates it if there is none, and removes what a killed process left there.
    ///
    /// - Returns: why messages cannot be stored here.
    func check() -> StoreError? {
        if let error = openFolders() { return error }
        removeAbandoned()
        return nil
    }

    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome {
        if !mayWait, synchronizes || group.contains(where: { $0.message.content.count > Self.largeMessage }) {
            return .needsToWait
        }
        lastGroup.removeAll(keepingCapacity: true)
        if let error = openFolders() ?? payRemovals() { return .failed(error, count: group.count) }
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

    var reversal: Reversal { .removal }

    func takeBack() {
        for name in lastGroup { remove(.init(folder: final.descriptor, name: name)) }
        lastGroup.removeAll(keepingCapacity: true)
    }

    var isHolding: Bool { !owedRemovals.isEmpty }

    func rest() { _ = payRemovals() }

    func close() {
        rest()
        staging.close()
        final.close()
    }

    // MARK: One message

    /// Writes one message and gives it its name, or leaves nothing.
    private func store(_ message: Message) -> StoreError? {
        let name = files.name(of: message)
        let staged: StagedFile
        do throws(StoreError) { staged = try stage(name) } catch { return error }
        var failure = write(message, staged.descriptor) ?? publish(staged, as: name)
        if failure == nil { lastGroup.append(name) }
        // Some file systems tell only now that there is no room.
        let result = calls.close(staged.descriptor)
        if result != 0, failure == nil {
            failure = StoreError(cannot: "write", path: path, errorNumber: Int32(-result))
            lastGroup.removeLast()
            remove(.init(folder: final.descriptor, name: name))
        }
        if failure != nil, let temporary = staged.temporary { remove(temporary) }
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

    // MARK: Removing

    /// Removes a file, now or as soon as that works.
    func remove(_ file: FileCalls.FileName) {
        let result = calls.unlink(file)
        guard result != 0, result != -Int(ENOENT) else { return }
        owedRemovals.append((file.folder == staging.descriptor, file.name))
    }

    /// Removes the files that could not be removed before.
    private func payRemovals() -> StoreError? {
        while let owed = owedRemovals.last {
            let folder = owed.isStaging ? staging.descriptor : final.descriptor
            let result = calls.unlink(.init(folder: folder, name: owed.name))
            guard result == 0 || result == -Int(ENOENT) else {
                return StoreError(cannot: "remove a refused message", path: path, errorNumber: Int32(-result))
            }
            owedRemovals.removeLast()
        }
        return nil
    }

    // MARK: The folders

    /// Makes sure that the open folders are those that their paths name, and creates them if there are none.
    private func openFolders() -> StoreError? {
        let stagingPath = files.stagingFolder.map { "\(path)/\($0)" } ?? path
        let finalPath = files.finalFolder.map { "\(path)/\($0)" } ?? path
        if staging.isCurrent(stagingPath), final.isCurrent(finalPath) { return nil }
        for folder in [path] + files.innerFolders.map({ "\(path)/\($0)" }) {
            let result = calls.makeFolder(folder)
            guard result == 0 || result == -Int(EEXIST) else {
                return StoreError(cannot: "make the folder", path: folder, errorNumber: Int32(-result))
            }
        }
        for result in [staging.open(stagingPath), final.open(finalPath)] where result < 0 {
            return StoreError(cannot: "open the folder", path: path, errorNumber: Int32(-result))
        }
        guard faccessat(staging.descriptor, ".", W_OK, 0) == 0, faccessat(final.descriptor, ".", W_OK, 0) == 0 else {
            return StoreError(cannot: "write to the folder", path: path, errorNumber: errno)
        }
        return nil
    }
}

/// A folder that is held open.
struct OpenFolder: ~Copyable {
    private var folder: OpenDescriptor
    private var identity = FileIdentity(device: 0, inode: 0)
    private let calls: FileCalls

    init(calls: FileCalls) {
        self.calls = calls
        folder = OpenDescriptor(calls: calls)
    }

    /// The descriptor; -1 when the folder is not open.
    var descriptor: Int32 { folder.number }

    /// Closes the folder, if it is open.
    mutating func close() { folder.close() }

    /// Whether a path still names the folder.
    func isCurrent(_ path: String) -> Bool {
        var status = stat()
        return descriptor >= 0 && calls.statusOfPath(path, &status) == 0 && FileIdentity(status) == identity
    }

    /// Opens a path. Returns a negated error number on failure.
    mutating func open(_ path: String) -> Int {
        close()
        let result = calls.open(.init(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard result >= 0 else { return result }
        folder.replace(with: Int32(result))
        var status = stat()
        let known = calls.status(descriptor, &status)
        identity = known == 0 ? FileIdentity(status) : FileIdentity(device: 0, inode: 0)
        return known
    }
}
