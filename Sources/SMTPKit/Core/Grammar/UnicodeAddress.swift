/// The encoding of addresses of the type `utf-8` in parameter values: `\x{}` with a code point between the braces for
/// a character that needs an escape.
///
///     C: RCPT TO:<b@example.net> ORCPT=utf-8;j\x{F6}rg@example.org
///
/// - SeeAlso: RFC 6533, section 3.
enum UnicodeAddress {
    /// Decodes an encoded form.
    ///
    /// - Returns: `nil` if an escape is malformed or encodes a character that needs none, or if a character that needs
    ///   one is not escaped.
    static func decode(_ text: some StringProtocol) -> String? {
        var scalars = String.UnicodeScalarView()
        var rest = String(text).unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\\" {
                guard rest.popFirst() == "x", rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
                    let escaped = escapedScalar(rest[..<end])
                else { return nil }
                scalars.append(escaped)
                rest = rest[rest.index(after: end)...]
            } else {
                guard scalar.value > 0x20, scalar.value != 0x7F, scalar != "+", scalar != "=" else { return nil }
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// `HEXPOINT`: two to six upper-case digits, for what is not printable ASCII or has a meaning of its own.
    private static func escapedScalar(_ digits: Substring.UnicodeScalarView) -> Unicode.Scalar? {
        guard 2...6 ~= digits.count, digits.count == 2 || digits.first != "0",
            digits.allSatisfy({ "0"..."9" ~= $0 || "A"..."F" ~= $0 }),
            let value = UInt32(String(digits), radix: 16), value > 0, let scalar = Unicode.Scalar(value)
        else { return nil }
        let needsEscape = value <= 0x20 || value >= 0x7F || scalar == "+" || scalar == "=" || scalar == "\\"
        return needsEscape ? scalar : nil
    }
}
