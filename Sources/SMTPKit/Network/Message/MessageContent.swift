/// The content of a message, as sent between the command `DATA` and the final dot, or in the chunks of `BDAT`: header
/// and body, with CRLF as line end, and without the dots that the transfer added.
public enum MessageContent: Sendable {
    /// In memory.
    case memory([UInt8])
    /// In a file without a name: a message too large for memory.
    case spooled(SpoolFile)
    /// Counted and not kept, because no store needs it (``MessageStore/needsContent``).
    case discarded(count: UInt64)

    /// How many bytes there are, kept or not.
    public var count: UInt64 {
        switch self {
        case .memory(let octets): UInt64(octets.count)
        case .spooled(let file): file.count
        case .discarded(let count): count
        }
    }

    /// The most bytes that ``forEachChunk(_:)`` holds in memory at a time: 256 KiB.
    public static let chunkSize = 262_144

    /// Gives the content piece by piece, in order, without holding more than ``chunkSize`` bytes of a
    /// spooled one in memory. A discarded content has no pieces.
    ///
    /// - Parameter body: takes a piece; its memory is valid during the call alone.
    /// - Throws: ``StoreError`` when a spooled message cannot be read, and what `body` throws.
    public func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch self {
        case .memory(let octets):
            guard !octets.isEmpty else { return }
            try octets.withUnsafeBytes(body)
        case .spooled(let file):
            let size = Int(min(UInt64(Self.chunkSize), max(file.count, 1)))
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
            defer { buffer.deallocate() }
            var offset: UInt64 = 0
            while true {
                let count = try file.read(at: offset, into: buffer)
                guard count > 0 else { return }
                try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                offset += UInt64(count)
            }
        case .discarded:
            break
        }
    }

    /// Whether fields can be put directly above it: it begins with a header, perhaps an empty one.
    var beginsWithHeader: Bool {
        get throws(StoreError) {
            // A name of a field is shorter than a line, which has 1,000 octets at most.
            let start = 1024
            switch self {
            case .memory(let octets):
                return octets.withUnsafeBytes {
                    HeaderEnd.beginsWithHeader(UnsafeRawBufferPointer(rebasing: $0.prefix(start)))
                }
            case .spooled: return try prefix(start).withUnsafeBytes { HeaderEnd.beginsWithHeader($0) }
            case .discarded: return true
            }
        }
    }

    /// The first bytes.
    ///
    /// - Parameter limit: the most bytes to give.
    /// - Throws: ``StoreError`` when a spooled message cannot be read.
    public func prefix(_ limit: Int) throws(StoreError) -> [UInt8] {
        switch self {
        case .memory(let octets):
            return octets.count <= limit ? octets : Array(octets.prefix(limit))
        case .spooled(let file):
            let size = Int(min(UInt64(max(limit, 0)), file.count))
            var octets = [UInt8](repeating: 0, count: size)
            var failure: StoreError?
            octets.withUnsafeMutableBytes { buffer in
                do throws(StoreError) { _ = try file.read(at: 0, into: buffer) } catch { failure = error }
            }
            if let failure { throw failure }
            return octets
        case .discarded:
            return []
        }
    }
}
