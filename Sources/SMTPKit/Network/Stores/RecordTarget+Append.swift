import Glibc
import SMTPCore

/// Writing under the locks: all of a message or nothing.
extension RecordTarget {
    /// Writes a group, in as few writes as its size allows, and syncs it once.
    func write(_ group: [PendingMessage]) -> GroupOutcome {
        groupStart = (goodLength, lacksLineFeed)
        var errors: [StoreError?] = []
        var first = 0
        while first < group.count {
            let end = endOfPart(group, from: first)
            if let error = writePart(group[first..<end]) {
                // Those that fit are stored all the same.
                let isAlone = end - first == 1
                if errors.isEmpty { errors = Array(repeating: nil, count: group.count) }
                for index in first..<end { errors[index] = isAlone ? error : writePart(group[index...index]) }
            }
            first = end
        }
        if synchronizes, let error = synchronize() {
            return .failed(error, count: group.count)
        }
        return errors.isEmpty ? .stored : .mixed(errors)
    }

    /// A part is one large message, or as many small ones as are written at once.
    private func endOfPart(_ group: [PendingMessage], from first: Int) -> Int {
        var size: UInt64 = 0
        var end = first
        while end < group.count {
            size += group[end].message.content.count
            guard end == first || size <= Self.largeGroup else { break }
            end += 1
        }
        return end
    }

    /// Writes some messages, all or none.
    private func writePart(_ part: ArraySlice<PendingMessage>) -> StoreError? {
        if owedCut != nil, let error = payCut() { return error }
        buffer.removeAll(keepingCapacity: true)
        // A crashed writer's last line must not become one with our first.
        if lacksLineFeed { buffer.append(UInt8(ascii: "\n")) }
        var written: Int64 = 0
        do {
            if let only = part.first, part.count == 1, only.message.content.count > Self.largeGroup {
                try writeLarge(only.message, &written)
            } else {
                for pending in part { try form.append(pending.message, to: &buffer) }
                try put(buffer, &written, isUnfinished: false)
            }
        } catch {
            if written > 0 { cutBack(from: written) }
            return error as? StoreError ?? StoreError(.unavailable, path: path, reason: "cannot write: \(error)")
        }
        goodLength += written
        lacksLineFeed = false
        if buffer.capacity > 4 * Int(Self.largeGroup) { buffer = [] }
        return nil
    }

    private func writeLarge(_ message: Message, _ written: inout Int64) throws {
        // The LF that completes another's last line.
        if !buffer.isEmpty { try put(buffer, &written, isUnfinished: true) }
        var pieces = 0
        let form = form
        try form.forEachPiece(of: message) { piece, isLast in
            try put(piece, &written, isUnfinished: !isLast)
            pieces += 1
            // 64 pieces are 16 MiB; a disk that takes 300 s for those is beyond help.
            if pieces % 64 == 0 { lock.touch() }
        }
    }

    private func put(_ octets: [UInt8], _ total: inout Int64, isUnfinished: Bool) throws {
        let reach = goodLength + total + Int64(octets.count)
        if let error = lock.announce(goodLength: goodLength, reach: reach, isUnfinished: isUnfinished) { throw error }
        let (written, errorNumber) = octets.withUnsafeBytes { calls.writeAll(file.descriptor, $0) }
        total += Int64(written)
        if errorNumber != 0 { throw StoreError(cannot: "write", path: path, errorNumber: errorNumber) }
    }

    /// Takes away what was written of a message.
    func cutBack(from written: Int64) {
        owedCut = (to: goodLength, from: goodLength + written)
        _ = payCut()
    }

    /// Cuts the file back to what is owed. Nothing is appended until that is done.
    func payCut() -> StoreError? {
        guard let owed = owedCut else { return nil }
        let result = calls.truncate(file.descriptor, owed.to)
        guard result == 0 else {
            return StoreError(cannot: "cut off half a message", path: path, errorNumber: Int32(-result))
        }
        owedCut = nil
        return nil
    }

    /// Syncs the file to the disk. If that fails, the contents of the disk are unknown, and the whole group is rolled
    /// back.
    private func synchronize() -> StoreError? {
        guard let start = groupStart, goodLength > start.length else { return nil }
        let result = calls.synchronize(file.descriptor)
        guard result != 0 else { return nil }
        takeBack()
        return StoreError(cannot: "sync", path: path, errorNumber: Int32(-result))
    }
}
