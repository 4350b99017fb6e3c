import SMTPKit

/// Reads a message for what the RFCs ask of it, in pieces of any size.
struct ContentLint {
    /// The longest line, without its CRLF (RFC 5322, section 2.1.1).
    private static let longestLine = 998
    /// Fields that there may be one of (RFC 5322, section 3.6).
    private static let single = [
        "date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject",
    ]
    /// The longest name that is looked at.
    private static let longestName = 76

    private var line = 1
    private var length = 0
    private var isInHeader = true
    /// The line under way up to its first colon, while that may be the name of a field.
    private var name: [UInt8] = []
    private var isInName = true
    private var counts: [String: Int] = [:]
    private var longLine: (number: Int, length: Int)?
    private var badField: Int?
    private var highOctet: Int?
    private var nulOctet: Int?

    /// Reads on.
    mutating func read(_ octets: UnsafeRawBufferPointer) {
        for octet in octets {
            guard octet != 10 else {
                endLine()
                continue
            }
            length += 1
            if octet >= 0x80, highOctet == nil { highOctet = line }
            if octet == 0, nulOctet == nil { nulOctet = line }
            if isInHeader, isInName { readName(octet) }
        }
    }

    private mutating func readName(_ octet: UInt8) {
        if octet == UInt8(ascii: ":") {
            isInName = false
            let key = String(decoding: name, as: UTF8.self).lowercased()
            counts[key, default: 0] += Self.isWatched(key) ? 1 : 0
        } else if name.count < Self.longestName {
            name.append(octet)
        }
    }

    private static func isWatched(_ key: String) -> Bool { single.contains(key) }

    private mutating func endLine() {
        // The CR before the LF is none of the line.
        let count = max(0, length - 1)
        if count > Self.longestLine, longLine == nil { longLine = (line, count) }
        if isInHeader {
            if count == 0 {
                isInHeader = false
            } else if isInName, name.first != UInt8(ascii: " "), name.first != UInt8(ascii: "\t"), badField == nil {
                badField = line
            }
        }
        line += 1
        length = 0
        name = []
        isInName = true
    }

    /// Returns a remark for each fault.
    ///
    /// - Parameters:
    ///   - allows8Bit: whether the client announced bytes above 127.
    ///   - isBinary: whether the client announced anything.
    func remarks(allows8Bit: Bool, isBinary: Bool) -> [String] {
        var remarks: [String] = []
        for (key, field) in [("date", "Date"), ("from", "From")] where counts[key] == nil {
            remarks.append("no \(field) field (RFC 5322, section 3.6)")
        }
        if counts["message-id"] == nil { remarks.append("no Message-ID field (RFC 5322, section 3.6.4)") }
        for key in Self.single {
            guard let count = counts[key], count > 1 else { continue }
            remarks.append("\(count) \(key) fields; there may be one (RFC 5322, section 3.6)")
        }
        if let badField { remarks.append("line \(badField) of the header is no field (RFC 5322, section 2.2)") }
        if let longLine, !isBinary {
            remarks.append(
                "line \(longLine.number) has \(longLine.length) octets, more than \(Self.longestLine) "
                    + "(RFC 5322, section 2.1.1)")
        }
        if let highOctet, !allows8Bit {
            remarks.append("8-bit octets from line \(highOctet) on without BODY=8BITMIME (RFC 6152, section 3)")
        }
        if let nulOctet, !isBinary { remarks.append("a NUL in line \(nulOctet) (RFC 5322, section 3.5)") }
        return remarks
    }
}
