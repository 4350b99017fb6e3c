/// The fields of a `message/delivery-status` part, read line by line, one group per recipient.
///
/// - SeeAlso: RFC 3464, section 2; RFC 6533, section 4.
struct StatusFields {
    /// The most bytes of one field that are kept.
    private static let limit = 4096

    private var field: [UInt8] = []
    private var recipient = BounceRecipient()
    private var hasRecipient = false

    /// Takes one line.
    ///
    /// - Returns: the recipient whose group the line ends.
    mutating func read(_ line: ArraySlice<UInt8>) -> BounceRecipient? {
        if line.allSatisfy({ $0 == ASCII.space || $0 == 0x09 }) { return finish() }
        if let first = line.first, first == ASCII.space || first == 0x09 {
            let start = line.firstIndex { $0 != ASCII.space && $0 != 0x09 } ?? line.endIndex
            if field.count < Self.limit { field += [ASCII.space] + line[start...].prefix(Self.limit) }
            return nil
        }
        takeField()
        field = Array(line.prefix(Self.limit))
        return nil
    }

    /// Ends the group.
    mutating func finish() -> BounceRecipient? {
        takeField()
        defer {
            recipient = BounceRecipient()
            hasRecipient = false
        }
        return hasRecipient ? recipient : nil
    }

    private mutating func takeField() {
        defer { field = [] }
        guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = Self.trimmed(String(decoding: field[(colon + 1)...], as: UTF8.self))
        switch String(decoding: field[..<colon], as: UTF8.self).lowercased() {
        case "final-recipient":
            recipient.address = Self.address(value)
            hasRecipient = true
        case "original-recipient":
            if recipient.address.isEmpty { recipient.address = Self.address(value) }
            hasRecipient = true
        case "action":
            recipient.delivery = String(value.lowercased().prefix { $0.isASCII && $0.isLetter })
        case "status":
            recipient.status = EnhancedStatus(String(value.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }))
        case "remote-mta":
            recipient.remoteHost = String(Self.untyped(value).prefix { $0 != " " })
        case "diagnostic-code":
            recipient.diagnostic = Self.untyped(value)
        case _: break
        }
    }

    /// The value without its type: `rfc822; ann@example.org` or `smtp;550 …`.
    private static func untyped(_ value: String) -> String {
        guard let semicolon = value.firstIndex(of: ";"),
            value[..<semicolon].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == " " })
        else { return value }
        return trimmed(String(value[value.index(after: semicolon)...]))
    }

    private static func address(_ value: String) -> String {
        let text = unescaped(untyped(value))
        guard text.hasPrefix("<"), text.hasSuffix(">") else { return text }
        return String(text.dropFirst().dropLast())
    }

    /// Returns the address with `\\x{F6}` replaced by the character that it encodes.
    ///
    /// - SeeAlso: RFC 6533, section 3.
    private static func unescaped(_ text: String) -> String {
        guard text.contains("\\x{") else { return text }
        var rest = text[...]
        var result = ""
        while let start = rest.firstRange(ofText: "\\x{") {
            result += rest[..<start.lowerBound]
            let digits = rest[start.upperBound...].prefix { $0.isHexDigit }.prefix(6)
            let end = rest[digits.endIndex...]
            if end.first == "}", let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value),
                value >= 0x20
            {
                result.unicodeScalars.append(scalar)
                rest = end.dropFirst()
            } else {
                result += rest[start]
                rest = rest[start.upperBound...]
            }
        }
        return result + rest
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}

extension Substring {
    /// The first occurrence of a text.
    fileprivate func firstRange(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
