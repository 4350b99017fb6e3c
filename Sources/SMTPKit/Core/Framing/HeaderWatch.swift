/// Follows the header of a message as it passes and counts its `Received` fields.
///
/// - SeeAlso: RFC 5321, section 6.3.
struct HeaderWatch {
    private static let fieldName: StaticString = "received:"
    /// The line does not begin with the field name; its rest is of no interest.
    private static let noMatch: UInt8 = .max

    /// How many bytes of the line agree with the field name, or ``noMatch``.
    private var matched: UInt8 = 0
    /// Whether the empty line after the header has not come yet.
    private(set) var isInHeader = true
    /// How many `Received` fields there were.
    private(set) var receivedFields = 0

    /// Whether the rest of the line is of no interest.
    var isQuiet: Bool { !isInHeader || matched == Self.noMatch }

    /// Reads a byte of the header that is no LF of a CRLF.
    ///
    /// - Returns: whether it completed the name of a `Received` field.
    mutating func read(_ octet: UInt8) -> Bool {
        guard matched != Self.noMatch else { return false }
        // A CR at the start of a line leaves `matched` at 0: the line is empty.
        if matched == 0, octet == ASCII.carriageReturn { return false }
        guard Self.fieldName.utf8Start[Int(matched)] == (octet | (ASCII.isLetter(octet) ? 0x20 : 0)) else {
            matched = Self.noMatch
            return false
        }
        matched += 1
        guard Int(matched) == Self.fieldName.utf8CodeUnitCount else { return false }
        matched = Self.noMatch
        receivedFields += 1
        return true
    }

    /// Reads the first bytes of a line at once, where they are the name of a field that is counted.
    ///
    /// - Returns: how many bytes were read: all of the name, or none.
    @inline(__always)
    mutating func readName(_ octets: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let length = Self.fieldName.utf8CodeUnitCount
        guard matched == 0, start &+ length <= octets.count, let base = octets.baseAddress else { return 0 }
        // "received" as a word; all of its letters in lower case.
        let word = UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self)
        guard UInt64(bigEndian: word) | 0x2020_2020_2020_2020 == 0x7265_6365_6976_6564,
            octets[start &+ 8] == UInt8(ascii: ":")
        else { return 0 }
        matched = Self.noMatch
        receivedFields += 1
        return length
    }

    /// Reads the first byte of a line, where it shows that the line is no field that is counted and no line end.
    @inline(__always)
    mutating func skipsLine(beginningWith octet: UInt8) -> Bool {
        guard octet > ASCII.carriageReturn, octet | 0x20 != UInt8(ascii: "r") else { return false }
        matched = Self.noMatch
        return true
    }

    /// A CRLF came.
    mutating func endOfLine() {
        if matched == 0 { isInHeader = false }
        matched = 0
    }
}
