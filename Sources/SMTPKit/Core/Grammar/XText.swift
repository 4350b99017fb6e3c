/// The encoding of arbitrary text in parameter values: `+` and two hexadecimal digits for a byte
/// that needs an escape.
///
///     C: MAIL FROM:<a@example.org> ENVID=QQ314159+2B1
///
/// - SeeAlso: RFC 3461, section 4.
public enum XText {
    /// The encoded form of a text; bytes outside 33 to 126, and `+` and `=`, are escaped.
    public static func encode(_ text: String) -> String {
        var octets: [UInt8] = []
        for octet in text.utf8 {
            if isPlain(octet) {
                octets.append(octet)
            } else {
                octets += [UInt8(ascii: "+"), hexDigit(octet >> 4), hexDigit(octet & 15)]
            }
        }
        return String(decoding: octets, as: UTF8.self)
    }

    /// Decodes an encoded form.
    ///
    /// - Returns: `nil` if a `+` is not followed by two upper-case hexadecimal digits, if a byte that must be
    ///   escaped is not, or if the result is not UTF-8.
    public static func decode(_ text: some StringProtocol) -> String? {
        var octets: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let octet = rest.next() {
            if octet == UInt8(ascii: "+") {
                guard let high = rest.next().flatMap(upperHexValue), let low = rest.next().flatMap(upperHexValue)
                else { return nil }
                octets.append(high << 4 | low)
            } else {
                guard isPlain(octet) else { return nil }
                octets.append(octet)
            }
        }
        return String(validating: octets, as: UTF8.self)
    }

    private static func isPlain(_ octet: UInt8) -> Bool {
        33...126 ~= octet && octet != UInt8(ascii: "+") && octet != UInt8(ascii: "=")
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    /// RFC 3461 allows upper-case digits only.
    private static func upperHexValue(_ octet: UInt8) -> UInt8? {
        octet >= UInt8(ascii: "a") ? nil : ASCII.hexValue(octet)
    }
}
