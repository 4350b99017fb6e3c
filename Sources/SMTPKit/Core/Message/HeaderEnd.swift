/// Where the header of a message ends.
///
/// It ends after its first empty line, or before the first line that is neither a field nor the continuation of one:
/// text without a header is all body, as `mail(1)` from a script or a test by hand sends it.
package enum HeaderEnd {
    /// The offset of the first byte of the body.
    static func bodyStart(_ message: UnsafeRawBufferPointer) -> Int {
        var start = 0
        while start < message.count {
            let rest = message[start...]
            let end = rest.firstIndex(of: ASCII.lineFeed) ?? message.count
            var line = rest[..<end]
            if line.last == ASCII.carriageReturn { line = line.dropLast() }
            if line.isEmpty { return min(end + 1, message.count) }
            guard isPartOfHeader(line, isFirst: start == 0) else { return start }
            start = end + 1
        }
        return message.count
    }

    /// Whether a message begins with a header, perhaps an empty one. Fields can be put directly above it then.
    package static func beginsWithHeader(_ message: UnsafeRawBufferPointer) -> Bool {
        var line = message.prefix { $0 != ASCII.lineFeed }
        if line.last == ASCII.carriageReturn { line = line.dropLast() }
        return line.isEmpty || isPartOfHeader(line, isFirst: true)
    }

    /// Whether a line, which is not empty, can be in a header.
    ///
    /// - Parameter isFirst: whether it is the first line, which cannot continue another.
    static func isPartOfHeader(_ line: Slice<UnsafeRawBufferPointer>, isFirst: Bool) -> Bool {
        if let first = line.first, isBlank(first) { return !isFirst }
        return nameEnd(line) != nil
    }

    /// Where the name of a field ends.
    ///
    /// RFC 5322, section 2.2: a name of visible characters, a colon, and the value. Blanks before the colon are the
    /// obsolete form of section 4.5.
    ///
    /// - Returns: `nil` for a line that is no field.
    static func nameEnd(_ line: Slice<UnsafeRawBufferPointer>) -> (name: Int, colon: Int)? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var name = line[..<colon]
        while let last = name.last, isBlank(last) { name = name.dropLast() }
        guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        return (name.endIndex, colon)
    }

    static func isBlank(_ octet: UInt8) -> Bool { octet == ASCII.space || octet == UInt8(ascii: "\t") }
}
