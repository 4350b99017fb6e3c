import Glibc
import SMTPCore

/// A descriptor that messages are written to: a pipe, a terminal, a file that the shell opened.
final class StreamTarget: GroupTarget {
    let path: String
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let form: StoredForm
    private let calls: FileCalls
    /// Whether it is a file, which can be cut and on which nothing waits for a reader.
    private let isRegular: Bool
    /// Set once a part of a message stands at the end and cannot be taken away: what followed would become
    /// its continuation.
    private var damage: StoreError?
    private var buffer: [UInt8] = []

    /// Messages up to this size, together, are written in one go, and on the event loop if nothing waits.
    static let largeGroup: UInt64 = 1_048_576

    init(descriptor: Int32, path: String, ownsDescriptor: Bool, form: StoredForm, calls: FileCalls) {
        self.descriptor = descriptor
        self.path = path
        self.ownsDescriptor = ownsDescriptor
        self.form = form
        self.calls = calls
        var status = stat()
        isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    deinit {
        if ownsDescriptor { close(descriptor) }
    }

    var isHolding: Bool { false }

    func rest() {}

    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome {
        let size = group.reduce(0) { $0 + $1.message.content.count }
        if !mayWait, !isRegular || size > Self.largeGroup { return .needsToWait }
        var errors: [StoreError?] = []
        for pending in group { errors.append(store(pending.message)) }
        return errors.allSatisfy { $0 == nil } ? .stored : .mixed(errors)
    }

    /// Writes one message, whole or, as far as the descriptor allows, not at all.
    private func store(_ message: Message) -> StoreError? {
        if let damage { return damage }
        var written: Int64 = 0
        let start = isRegular ? position() : nil
        do {
            if message.content.count <= Self.largeGroup {
                buffer.removeAll(keepingCapacity: true)
                try form.append(message, to: &buffer)
                try write(buffer, &written)
            } else {
                try form.forEachPiece(of: message) { piece, _ in try write(piece, &written) }
            }
            return nil
        } catch {
            let failure =
                error as? StoreError
                ?? StoreError(.unavailable, path: path, reason: "cannot write: \(error)")
            if written > 0, !cutBack(to: start, from: written) {
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
        if errorNumber != 0 { throw StoreError(cannot: "write", path: path, errorNumber: errorNumber) }
    }

    /// Where the next octet goes: the position, or the end when the shell opened the file for appending.
    private func position() -> Int64? {
        let flags = fcntl(descriptor, F_GETFL)
        let offset = lseek(descriptor, 0, flags & O_APPEND != 0 ? SEEK_END : SEEK_CUR)
        return offset < 0 ? nil : Int64(offset)
    }

    /// Takes away what was written of a message, unless somebody else wrote behind it.
    private func cutBack(to start: Int64?, from written: Int64) -> Bool {
        guard let start else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int64(status.st_size) == start + written else { return false }
        return calls.truncate(descriptor, start) == 0 && lseek(descriptor, off_t(start), SEEK_SET) >= 0
    }
}
