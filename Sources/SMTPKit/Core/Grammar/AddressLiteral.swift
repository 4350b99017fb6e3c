/// Addresses in brackets: `[192.0.2.1]`, `[IPv6:2001:db8::1]`, `[tag:content]`.
///
/// - SeeAlso: RFC 5321, section 4.1.3.
enum AddressLiteral {
    /// The longest literal that is read, in bytes with its brackets.
    static let maximumLength = 255

    /// Reads a literal that begins at `position`, and moves `position` to its end.
    static func parse(_ line: Span<UInt8>, at position: inout Int) throws(SyntaxError) -> String {
        let start = position
        position += 1
        while let octet = line.octet(at: position), octet != UInt8(ascii: "]") {
            // `dcontent`: printable, without brackets and backslash.
            guard 33...126 ~= octet, octet != UInt8(ascii: "["), octet != UInt8(ascii: "\\") else {
                throw .invalidPath
            }
            position += 1
            guard position - start < maximumLength else { throw .pathTooLong }
        }
        guard position < line.count else { throw .invalidPath }
        let content = String(copying: line.extracting((start + 1)..<position))
        position += 1
        guard isValid(content) else { throw .invalidPath }
        return "[\(content)]"
    }

    /// Whether the text between the brackets is an address.
    static func isValid(_ content: String) -> Bool {
        guard let colon = content.firstIndex(of: ":") else { return isIPv4(content[...]) }
        let tag = content[..<colon]
        let rest = content[content.index(after: colon)...]
        if tag.lowercased() == "ipv6" { return isIPv6(rest) }
        // `Standardized-tag ":" 1*dcontent`: a tag ends in a letter or digit.
        guard let last = tag.utf8.last, !rest.isEmpty else { return false }
        return (ASCII.isLetter(last) || ASCII.isDigit(last))
            && tag.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Four numbers from 0 to 255 of one to three digits.
    static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                1...3 ~= part.utf8.count && part.utf8.allSatisfy(ASCII.isDigit) && (UInt16(part) ?? 256) <= 255
            }
    }

    /// Eight groups of one to four hexadecimal digits; `::` once for at least one group of zeros; the
    /// last two groups may be an IPv4 address.
    static func isIPv6(_ text: Substring) -> Bool {
        let octets = Array(text.utf8)
        let colon = UInt8(ascii: ":")
        let gap = octets.indices.dropLast().first { octets[$0] == colon && octets[$0 + 1] == colon }
        guard let gap else { return groupCount(octets[...], mayEndInIPv4: true) == 8 }
        guard let head = groupCount(octets[..<gap], mayEndInIPv4: false),
            let tail = groupCount(octets[(gap + 2)...], mayEndInIPv4: true)
        else { return false }
        return head + tail <= 7
    }

    /// How many 16-bit groups the text holds, or `nil` when one of them is malformed.
    private static func groupCount(_ octets: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> Int? {
        guard !octets.isEmpty else { return 0 }
        let groups = octets.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var count = 0
        for (index, group) in groups.enumerated() {
            if 1...4 ~= group.count, group.allSatisfy({ ASCII.hexValue($0) != nil }) {
                count += 1
            } else if mayEndInIPv4, index == groups.count - 1, isIPv4(Substring(decoding: group, as: UTF8.self)) {
                count += 2
            } else {
                return nil
            }
        }
        return count
    }
}
