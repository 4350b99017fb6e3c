import Glibc
import NIOCore
import SMTPCore

/// A descriptor that messages are written to: a pipe, a terminal, a file that the shell opened, a FIFO.
final class StreamTarget: GroupTarget {
    let path: String
    private var descriptor: Int32
    /// Whether the descriptor is opened here, by the path.
    private let opensPath: Bool
    private let form: StoredForm
    private let patience: TimeAmount
    /// Whether a file is synced before its messages are acknowledged.
    private let synchronizes: Bool
    private let calls: FileCalls
    /// Whether it is a file, which can be cut and on which nothing waits for a reader.
    private let isRegular: Bool
    /// Set once the end has a part of a message that cannot be removed: a following message would become its
    /// continuation.
    private var damage: StoreError?
    /// The start to which a file could not be cut back, and the size of what was written since. The target writes
    /// nothing until the file is cut.
    private var owedCut: (start: Int64, count: Int64)?
    private var buffer: [UInt8] = []
    /// Where the last group starts, and how much it is, in a file.
    private var lastGroup: (start: Int64, count: Int64)?

    /// Messages up to this size, together, are written in one go, and on the event loop if nothing waits.
    static let largeGroup: UInt64 = 1_048_576

    /// Writes to a descriptor that the caller opened.
    init(descriptor: Int32, path: String, form: StoredForm, synchronizes: Bool = false, calls: FileCalls) {
        self.descriptor = descriptor
        self.path = path
        opensPath = false
        self.form = form
        patience = .zero
        self.calls = calls
        var status = stat()
        isRegular = calls.status(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        self.synchronizes = synchronizes && isRegular
    }

    /// Writes to a name that is no file: a device, or a FIFO, which is opened when there is a message for
    /// its reader, and again when it has another reader.
    init(path: String, form: StoredForm, patience: TimeAmount, calls: FileCalls) throws(StoreError) {
        self.path = path
        descriptor = -1
        opensPath = true
        self.form = form
        self.patience = patience
        synchronizes = false
        self.calls = calls
        isRegular = false
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFIFO else { return }
        if let error = open(mayWait: false) { throw error }
    }

    deinit { closePath() }

    func close() {
        rest()
        closePath()
    }

    private func closePath() {
        guard opensPath, descriptor >= 0 else { return }
        _ = calls.close(descriptor)
        descriptor = -1
    }

    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome {
        let size = group.reduce(0) { $0 + $1.message.content.count }
        if !mayWait, !isRegular || synchronizes || size > Self.largeGroup { return .needsToWait }
        if descriptor < 0, let error = open(mayWait: true) { return .failed(error, count: group.count) }
        lastGroup = nil
        if let error = payCut() { return .failed(error, count: group.count) }
        if isRegular {
            guard let start = position() else {
                return .failed(StoreError(cannot: "seek", path: path, errorNumber: EIO), count: group.count)
            }
            lastGroup = (start, 0)
        }
        var errors: [StoreError?] = []
        for pending in group { errors.append(store(pending.message)) }
        if synchronizes, let group = lastGroup, group.count > 0 {
            let result = calls.synchronize(descriptor)
            if result != 0 {
                takeBack()
                let error = StoreError(cannot: "sync", path: path, errorNumber: Int32(-result))
                return .failed(error, count: errors.count)
            }
        }
        return errors.allSatisfy { $0 == nil } ? .stored : .mixed(errors)
    }

    var reversal: Reversal { isRegular ? .truncation : .impossible }

    func takeBack() {
        guard let group = lastGroup, group.count > 0 else { return }
        lastGroup = nil
        owedCut = group
        _ = payCut()
    }

    func rest() { _ = payCut() }

    /// Writes one message, whole or, as far as the descriptor allows, not at all.
    private func store(_ message: Message) -> StoreError? {
        if let error = damage ?? payCut() { return error }
        var written: Int64 = 0
        let start = lastGroup.map { $0.start + $0.count }
        do {
            if message.content.count <= Self.largeGroup {
                buffer.removeAll(keepingCapacity: true)
                try form.append(message, to: &buffer)
                try write(buffer, &written)
            } else {
                try form.forEachPiece(of: message) { piece, _ in try write(piece, &written) }
            }
            lastGroup?.count += written
            return nil
        } catch {
            let failure =
                error as? StoreError
                ?? StoreError(.unavailable, path: path, reason: "cannot write: \(error)")
            if opensPath, descriptor < 0 { return failure }
            if written > 0, let start {
                owedCut = (start, written)
                _ = payCut()
            } else if written > 0 {
                damage = StoreError(
                    .unavailable,
                    path: path,
                    reason: "an earlier message was written in part (\(failure.reason))"
                )
            }
            return failure
        }
    }

    private func write(_ octets: [UInt8], _ total: inout Int64) throws {
        let (written, errorNumber) = octets.withUnsafeBytes { calls.writeAll(descriptor, $0) }
        total += Int64(written)
        guard errorNumber != 0 else { return }
        // Whoever reads next starts afresh.
        if errorNumber == EPIPE { closePath() }
        throw StoreError(cannot: "write", path: path, errorNumber: errorNumber)
    }

    /// Opens the path. A FIFO without a reader is waited for as long as a lock would be.
    private func open(mayWait: Bool) -> StoreError? {
        let deadline = NIODeadline.now() + patience
        while true {
            let result = calls.open(.init(path), O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0)
            if result >= 0 {
                descriptor = Int32(result)
                return nil
            }
            guard result == -Int(ENXIO) else {
                return StoreError(cannot: "open", path: path, errorNumber: Int32(-result))
            }
            guard mayWait, NIODeadline.now() < deadline else {
                return StoreError(.unavailable, path: path, reason: "cannot open: nobody reads it")
            }
            usleep(20_000)
        }
    }

    /// Where the next byte goes: the position, or the end when the shell opened the file for appending.
    private func position() -> Int64? {
        let flags = fcntl(descriptor, F_GETFL)
        let offset = calls.seek(descriptor, 0, flags & O_APPEND != 0 ? SEEK_END : SEEK_CUR)
        return offset < 0 ? nil : Int64(offset)
    }

    /// Removes what was written of a message, unless another program wrote after it.
    private func payCut() -> StoreError? {
        guard let owed = owedCut else { return nil }
        var status = stat()
        let isKnown = calls.status(descriptor, &status) == 0
        let length = Int64(status.st_size)
        // The end is reached again when the cut itself worked before.
        guard isKnown, length == owed.start + owed.count || length == owed.start,
            calls.truncate(descriptor, owed.start) == 0, calls.seek(descriptor, owed.start, SEEK_SET) >= 0
        else {
            return StoreError(
                .unavailable, path: path, reason: "an earlier message was written in part and cannot be cut off")
        }
        owedCut = nil
        return nil
    }
}
