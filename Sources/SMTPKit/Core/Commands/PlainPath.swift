/// The usual form of `MAIL` and `RCPT`, read in one pass over the line.
///
///     C: RCPT TO:<ann@example.net> NOTIFY=NEVER
///
/// That is an address in angle brackets directly behind the colon: a local part without quotes, and a domain name, both in
/// ASCII. Every other line is left to ``CommandParser``, which reads this form with the same result.
struct PlainPath {
    /// Where the local part stands in the line.
    let localPart: Range<Int>
    /// Where the domain stands in the line.
    let domain: Range<Int>
    /// The index behind the closing bracket.
    let end: Int

    /// Reads a line whose verb is known.
    ///
    /// - Parameters:
    ///   - line: the line. What stands behind the path is not looked at.
    ///   - keyword: what stands behind the verb, in upper case and with the colon.
    ///   - start: the index behind the verb and a blank.
    /// - Returns: `nil` for a line of any other form, be it right or wrong.
    @inline(__always)
    init?(_ line: UnsafeBufferPointer<UInt8>, behind keyword: StaticString, at start: Int, limits: PathParser) {
        let letters = keyword.utf8Start
        let length = keyword.utf8CodeUnitCount
        let classes = OctetClass.table
        let count = line.count
        guard let octets = line.baseAddress, start &+ length < count else { return nil }
        var index = 0
        while index < length {
            guard ASCII.uppercased(octets[start &+ index]) == letters[index] else { return nil }
            index &+= 1
        }
        index &+= start
        guard octets[index] == UInt8(ascii: "<") else { return nil }
        index &+= 1
        let localStart = index
        while index < count, classes[Int(octets[index])] & OctetClass.local != 0 { index &+= 1 }
        guard index > localStart, index < count, octets[index] == UInt8(ascii: "@") else { return nil }
        let localEnd = index
        index &+= 1
        let domainStart = index
        // A label is not empty and has no hyphen at its ends: letters and digits, joined by a dot or by hyphens.
        while true {
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
        // Behind it stand parameters, or nothing.
        guard index &+ 1 == count || octets[index &+ 1] == ASCII.space else { return nil }
        localPart = localStart..<localEnd
        domain = domainStart..<index
        end = index &+ 1
    }
}

/// What an octet of an address can be, for ``PlainPath``.
private enum OctetClass {
    /// A local part that is not quoted.
    static let local: UInt8 = 1
    /// What may begin and end a label of a domain.
    static let text: UInt8 = 2

    /// For each octet its classes, as the digit of their sum.
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
