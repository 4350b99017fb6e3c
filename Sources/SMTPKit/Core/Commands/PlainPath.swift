/// The usual form of `MAIL` and `RCPT`, read in one pass over the line.
///
///     C: RCPT TO:<ann@example.net> NOTIFY=NEVER
///
/// That is an address in angle brackets directly after the colon: a local part without quotes, and a domain name, both
/// in ASCII. Every other line is left to ``CommandParser``, which reads this form with the same result.
struct PlainPath {
    /// Where the local part begins in the line.
    let localStart: Int
    /// Where it ends, before the `@`.
    let localEnd: Int
    /// Where the domain begins; it ends before the closing bracket.
    let domainStart: Int
    /// The index after the closing bracket.
    let end: Int
    /// Whether the domain is the one that was known.
    let hasKnownDomain: Bool

    /// Reads a line whose verb is known.
    ///
    /// - Parameters:
    ///   - line: the line, or more. The text after the path is not read.
    ///   - verb: the verb, which takes four bytes and a blank.
    ///   - knownDomain: a domain that was read before, or an empty text. Recipients of one message often share theirs.
    ///   - limits: knows how long addresses may be.
    /// - Returns: `nil` for a line of any other form, be it right or wrong.
    @inline(__always)
    init?(_ line: UnsafeBufferPointer<UInt8>, _ verb: CommandParser.PathVerb, knownDomain: String, limits: PathParser) {
        let classes = OctetClass.table
        let count = line.count
        // Room for `FROM:<`, which follows the verb in every line of this form, and for what comes next.
        guard let octets = line.baseAddress, count >= 11 else { return nil }
        let word = UInt32(bigEndian: UnsafeRawPointer(octets).loadUnaligned(fromByteOffset: 5, as: UInt32.self))
        var index: Int
        switch verb {
        // `TO:<`, the letters in any case.
        case .rcpt:
            guard word & 0xDFDF_FFFF == 0x544F_3A3C else { return nil }
            index = 9
        case .mail:
            guard word & 0xDFDF_DFDF == 0x4652_4F4D, octets[9] == UInt8(ascii: ":"), octets[10] == UInt8(ascii: "<")
            else { return nil }
            index = 11
        }
        let localStart = index
        while index < count, classes[Int(octets[index])] & OctetClass.local != 0 { index &+= 1 }
        guard index > localStart, index < count, octets[index] == UInt8(ascii: "@") else { return nil }
        let localEnd = index
        index &+= 1
        let domainStart = index
        let length = knownDomain.utf8.count
        hasKnownDomain =
            length > 0 && index &+ length < count && octets[index &+ length] == UInt8(ascii: ">")
            && Self.isText(knownDomain, at: octets + index, length)
        if hasKnownDomain { index &+= length }
        // A label is not empty and has no hyphen at its ends: letters and digits, joined by a dot or by hyphens.
        while !hasKnownDomain {
            let runStart = index
            while index < count, classes[Int(octets[index])] & OctetClass.text != 0 { index &+= 1 }
            guard index > runStart, index < count else { return nil }
            if octets[index] == ASCII.dot {
                index &+= 1
            } else if octets[index] == UInt8(ascii: "-") {
                while index < count, octets[index] == UInt8(ascii: "-") { index &+= 1 }
            } else {
                break
            }
        }
        guard octets[index] == UInt8(ascii: ">") else { return nil }
        guard localEnd &- localStart <= limits.maximumLocalPart, index &- domainStart <= limits.maximumDomain,
            index &+ 2 &- localStart <= limits.maximumPath
        else { return nil }
        // Parameters follow, or nothing, or the end of the line.
        guard index &+ 1 == count || octets[index &+ 1] == ASCII.space || octets[index &+ 1] == ASCII.carriageReturn
        else { return nil }
        self.localStart = localStart
        self.localEnd = localEnd
        self.domainStart = domainStart
        end = index &+ 1
    }
}

extension PlainPath {
    /// Whether bytes are those of a text of the same length.
    @inline(__always)
    private static func isText(_ text: String, at octets: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { text in
            guard let letters = text.baseAddress else { return false }
            let (left, right) = (UnsafeRawPointer(letters), UnsafeRawPointer(octets))
            var index = 0
            while index &+ 8 <= length {
                let word = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                guard word == right.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
                index &+= 8
            }
            while index < length {
                guard letters[index] == octets[index] else { return false }
                index &+= 1
            }
            return true
        } ?? false
    }
}

/// The classes of the bytes of an address, for ``PlainPath``.
private enum OctetClass {
    /// A local part that is not quoted.
    static let local: UInt8 = 1
    /// A byte that may begin and end a label of a domain.
    static let text: UInt8 = 2

    /// For each byte its classes, as the digit of their sum.
    static var table: UnsafePointer<UInt8> { octets.utf8Start }

    private static let octets: StaticString = """
        00000000000000000000000000000000\
        01011111001101113333333333000101\
        03333333333333333333333333300013\
        13333333333333333333333333311110\
        00000000000000000000000000000000\
        00000000000000000000000000000000\
        00000000000000000000000000000000\
        00000000000000000000000000000000
        """
}
