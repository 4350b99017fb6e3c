/// The ways in which a part of a message is made fit for lines of ASCII.
///
/// - SeeAlso: RFC 2045, section 6.
package enum TransferEncoding: Hashable, Sendable {
    /// `7bit`, `8bit`, `binary`, and any unknown encoding: the bytes are left as they are.
    case identity
    case quotedPrintable
    case base64

    /// Reads the value of a `Content-Transfer-Encoding`.
    package init(_ value: String) {
        switch value.lowercased().split(whereSeparator: { $0 == " " || $0 == ";" || $0 == "\t" }).first {
        case "quoted-printable": self = .quotedPrintable
        case "base64": self = .base64
        case _: self = .identity
        }
    }

    /// Decodes a text to bytes. This never fails: malformed parts are kept or skipped.
    package func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .identity: Array(text)
        case .quotedPrintable: Self.decodeQuotedPrintable(text)
        case .base64: Self.decodeBase64(text)
        }
    }

    /// RFC 2045, section 6.7. An `=` that introduces nothing is kept.
    private static func decodeQuotedPrintable(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count)
        // Blanks at the end of a line were added on the way (rule 3).
        var pendingBlanks: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let octet = text[index]
            index += 1
            switch octet {
            case ASCII.space, UInt8(ascii: "\t"): pendingBlanks.append(octet)
            case ASCII.carriageReturn, ASCII.lineFeed:
                pendingBlanks.removeAll(keepingCapacity: true)
                octets.append(octet)
            case UInt8(ascii: "="):
                octets += pendingBlanks
                pendingBlanks.removeAll(keepingCapacity: true)
                index = decodeEscape(text, index, &octets)
            case _:
                octets += pendingBlanks
                pendingBlanks.removeAll(keepingCapacity: true)
                octets.append(octet)
            }
        }
        return octets
    }

    /// Reads the escape after an `=`.
    ///
    /// - Returns: where the text goes on.
    private static func decodeEscape(_ text: ArraySlice<UInt8>, _ start: Int, _ octets: inout [UInt8]) -> Int {
        if start + 1 < text.endIndex, let high = ASCII.hexValue(text[start]), let low = ASCII.hexValue(text[start + 1])
        {
            octets.append(high << 4 | low)
            return start + 2
        }
        // A soft line end (rule 5), after which blanks may have been added.
        var end = start
        while end < text.endIndex, text[end] == ASCII.space || text[end] == UInt8(ascii: "\t") { end += 1 }
        if end == text.endIndex { return end }
        if text[end] == ASCII.lineFeed { return end + 1 }
        if text[end] == ASCII.carriageReturn, end + 1 < text.endIndex, text[end + 1] == ASCII.lineFeed {
            return end + 2
        }
        octets.append(UInt8(ascii: "="))
        return start
    }

    /// RFC 2045, section 6.8: whatever is not of the alphabet is passed over.
    private static func decodeBase64(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var digits = 0
        for character in text {
            guard let value = digit(character) else {
                // Padding ends a group; what follows is another text.
                if character == UInt8(ascii: "="), digits > 0 {
                    flush(bits, digits, &octets)
                    (bits, digits) = (0, 0)
                }
                continue
            }
            bits = bits << 6 | UInt32(value)
            digits += 1
            guard digits == 4 else { continue }
            flush(bits, digits, &octets)
            (bits, digits) = (0, 0)
        }
        flush(bits, digits, &octets)
        return octets
    }

    private static func flush(_ bits: UInt32, _ digits: Int, _ octets: inout [UInt8]) {
        guard digits > 1 else { return }
        let bits = bits << UInt32(6 * (4 - digits))
        octets.append(UInt8(truncatingIfNeeded: bits >> 16))
        if digits > 2 { octets.append(UInt8(truncatingIfNeeded: bits >> 8)) }
        if digits > 3 { octets.append(UInt8(truncatingIfNeeded: bits)) }
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        case _: nil
        }
    }
}
