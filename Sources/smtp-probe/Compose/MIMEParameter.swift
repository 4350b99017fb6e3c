/// Parameters of MIME fields, such as the name of a file.
///
///     Content-Disposition: attachment;
///      filename*0*=utf-8''Stra%C3%9Fenverzeichnis%20mit%20einem%20sehr%20;
///      filename*1*=langen%20Namen.pdf
///
/// - SeeAlso: RFC 2045, section 5.1; RFC 2231, sections 3 and 4.
enum MIMEParameter {
    /// The length of an encoded value in one section.
    private static let sectionLength = 50

    /// Writes a parameter after a semicolon that is there already; ends with another where more follows.
    static func append(_ name: String, _ value: String, to field: inout FoldedField) {
        let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && value.utf8.count <= sectionLength
        guard !isPlain else {
            var quoted = ""
            for character in value {
                if character == "\"" || character == "\\" { quoted.append("\\") }
                quoted.append(character)
            }
            return field.append("\(name)=\"\(quoted)\"")
        }
        var sections = ["utf-8''"]
        for scalar in value.unicodeScalars {
            let text =
                isAttributeCharacter(scalar)
                ? String(scalar)
                : (UTF8.encode(scalar) ?? UTF8.EncodedScalar()).reduce("") { $0 + "%" + HexDigits.pair($1) }
            if sections[sections.count - 1].utf8.count + text.utf8.count > sectionLength { sections.append("") }
            sections[sections.count - 1] += text
        }
        if sections.count == 1 { return field.append("\(name)*=\(sections[0])") }
        for (index, section) in sections.enumerated() {
            field.append("\(name)*\(index)*=\(section)" + (index < sections.count - 1 ? ";" : ""))
        }
    }

    /// RFC 2231, section 7: `attribute-char`, without the characters that some readers get wrong.
    private static func isAttributeCharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar || "-._".unicodeScalars.contains(scalar))
    }
}
