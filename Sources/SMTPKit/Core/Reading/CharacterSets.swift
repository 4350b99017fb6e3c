/// Converts bytes of a named character set into text.
///
/// UTF-8, US-ASCII and ISO 8859-1 are built in; a converter supplies the others. Labels are resolved by the table of
/// the WHATWG's Encoding Standard, as browsers and mail readers do, so that a sender's `gb2312` is read as GBK.
package struct CharacterSets: Sendable {
    private let convert: @Sendable (_ encoding: String, _ octets: [UInt8]) -> String?

    /// - Parameter convert: returns the text of bytes in an encoding, or `nil` for an unknown encoding. It is asked for
    ///   encodings in lower case, and for labels that the table does not have.
    package init(convert: @escaping @Sendable (_ encoding: String, _ octets: [UInt8]) -> String? = { _, _ in nil }) {
        self.convert = convert
    }

    /// The text. Bytes without a meaning become U+FFFD. Text in an unknown encoding, or without a label, is read as
    /// UTF-8 if it is valid, and as windows-1252 otherwise. A byte order mark is left out.
    package func text(_ octets: [UInt8], in label: String?) -> String {
        let text = decoded(octets, in: label.map(Self.normalized) ?? "us-ascii")
        guard text.unicodeScalars.first == "\u{FEFF}" else { return text }
        return String(text.unicodeScalars.dropFirst())
    }

    private func decoded(_ octets: [UInt8], in label: String) -> String {
        // The Encoding Standard, section 6: the mark of UTF-8 outranks the label.
        if octets.starts(with: [0xEF, 0xBB, 0xBF]) { return String(decoding: octets, as: UTF8.self) }
        // The standard reads ASCII as windows-1252. In mail it labels UTF-8 as often.
        if ["us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", ""].contains(label) { return guessed(octets) }
        switch Self.encodings[label] {
        case "utf-8": return String(decoding: octets, as: UTF8.self)
        case "windows-1252": return western(octets)
        case "x-user-defined": return Self.userDefined(octets)
        case "utf-16le" where octets.starts(with: [0xFE, 0xFF]): return convert("utf-16be", octets) ?? guessed(octets)
        case "utf-16be" where octets.starts(with: [0xFF, 0xFE]): return convert("utf-16le", octets) ?? guessed(octets)
        // The standard never decodes these, to protect scripts in browsers. Korean and Chinese mail uses them.
        case "replacement", nil: return convert(label, octets) ?? guessed(octets)
        case .some(let encoding): return convert(encoding, octets) ?? guessed(octets)
        }
    }

    private func guessed(_ octets: [UInt8]) -> String { String(validating: octets, as: UTF8.self) ?? western(octets) }

    private func western(_ octets: [UInt8]) -> String {
        if octets.allSatisfy({ $0 < 0x80 }) { return String(decoding: octets, as: UTF8.self) }
        return convert("windows-1252", octets) ?? Self.text(octets) { UInt32($0) }
    }

    /// The Encoding Standard, section 14.5.
    private static func userDefined(_ octets: [UInt8]) -> String {
        text(octets) { $0 < 0x80 ? UInt32($0) : 0xF700 + UInt32($0) }
    }

    private static func text(_ octets: [UInt8], _ scalar: (UInt8) -> UInt32) -> String {
        var scalars = String.UnicodeScalarView()
        for octet in octets { scalars.append(Unicode.Scalar(scalar(octet)) ?? "\u{FFFD}") }
        return String(scalars)
    }

    /// Labels in lower case, without the blanks around them.
    private static func normalized(_ label: String) -> String {
        let isBlank = { (character: Character) in character.isASCII && character.isWhitespace }
        var label = label.lowercased()[...].drop(while: isBlank)
        while let last = label.last, isBlank(last) { label.removeLast() }
        return String(label)
    }

    private static let encodings: [String: String] = EncodingLabels.table.reduce(into: [:]) { encodings, row in
        for label in row.labels.split(separator: " ") { encodings[String(label)] = row.encoding }
    }
}
