import SMTPCore

/// The text of a message, and how it travels.
struct BodyText: Sendable {
    /// How content is written so that it survives (RFC 2045, section 6).
    enum Encoding: String, Sendable {
        case sevenBit = "7bit"
        case eightBit = "8bit"
        case quotedPrintable = "quoted-printable"
        case base64
    }

    /// The longest line, in bytes without CRLF (RFC 5322, section 2.1.1).
    private static let longestLine = 998

    /// The text as it was given.
    private let octets: [UInt8]
    /// How it travels.
    let encoding: Encoding
    /// The name of its character set.
    let charset: String

    /// Looks at a text.
    ///
    /// - Parameter allows8bit: whether the server takes lines with bytes above 127.
    init(_ octets: [UInt8], allows8bit: Bool) {
        self.octets = octets
        var length = 0
        var isWellFormed = true
        var isASCII = true
        var escapes = 0
        for (index, octet) in octets.enumerated() {
            if octet == 10 {
                length = 0
                continue
            }
            if octet == 13, index + 1 < octets.count, octets[index + 1] == 10 { continue }
            length += 1
            if octet >= 0x80 { isASCII = false }
            if octet >= 0x80 || octet == UInt8(ascii: "=") || (octet < 0x20 && octet != 9) { escapes += 1 }
            if octet == 0 || octet == 13 || length > Self.longestLine { isWellFormed = false }
        }
        let isUTF8 = isASCII || String(validating: octets, as: UTF8.self) != nil
        // RFC 1428: the character set is unknown.
        charset = isASCII ? "us-ascii" : isUTF8 ? "utf-8" : "unknown-8bit"
        if isASCII, isWellFormed {
            encoding = .sevenBit
        } else if allows8bit, isUTF8, isWellFormed {
            encoding = .eightBit
        } else {
            // Mostly ASCII stays readable.
            encoding = escapes * 3 <= octets.count ? .quotedPrintable : .base64
        }
    }

    /// The text as it was given, in lines that end with CRLF: for one that is encoded already.
    var unencoded: [UInt8] { lines.flatMap { $0 + [13, 10] } }

    /// The text as it travels: encoded, with CRLF, the last line ended.
    var encoded: [UInt8] {
        switch encoding {
        case .sevenBit, .eightBit: unencoded
        case .quotedPrintable: lines.flatMap { QuotedPrintable.line($0) + [13, 10] }
        case .base64: Base64Lines.encode(Array(lines.joined(separator: [13, 10])) + [13, 10])
        }
    }

    /// The lines without their ends; a lone CR is part of a line.
    private var lines: [ArraySlice<UInt8>] {
        var lines = octets.split(separator: 10, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0.last == 13 ? $0.dropLast() : $0 }
    }
}

/// - SeeAlso: RFC 2045, section 6.7.
enum QuotedPrintable {
    /// The longest line, the `=` at its end included.
    private static let width = 76

    /// One line, broken into as many as it takes.
    static func line(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var column = 0
        for (index, octet) in zip(octets.indices, octets) {
            let isLast = index == octets.endIndex - 1
            let isBlank = octet == 9 || octet == 0x20
            let isPlain = isBlank ? !isLast : octet > 0x20 && octet < 0x7F && octet != UInt8(ascii: "=")
            let length = isPlain ? 1 : 3
            if column + length > (isLast ? width : width - 1) {
                result += [UInt8(ascii: "="), 13, 10]
                column = 0
            }
            if isPlain {
                result.append(octet)
            } else {
                result.append(UInt8(ascii: "="))
                result += HexDigits.pair(octet).utf8
            }
            column += length
        }
        return result
    }
}
