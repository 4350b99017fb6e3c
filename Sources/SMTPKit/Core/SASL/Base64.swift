/// Bytes as text of 64 characters, read strictly.
///
/// - SeeAlso: RFC 4648, section 4; RFC 4954, section 4, for its use in `AUTH`.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let pad = UInt8(ascii: "=")

    /// The value of each byte as a digit, 255 for those that are none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The text for some bytes, padded, without line ends.
    package static func encode(_ octets: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(octets.underestimatedCount * 4 / 3 + 4)
        var bits: UInt32 = 0
        var count = 0
        for octet in octets {
            bits = bits << 8 | UInt32(octet)
            count += 1
            guard count == 3 else { continue }
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet[Int(bits >> shift & 63)]) }
            bits = 0
            count = 0
        }
        switch count {
        case 1: text += [alphabet[Int(bits >> 2)], alphabet[Int(bits << 4 & 63)], pad, pad]
        case 2: text += [alphabet[Int(bits >> 10)], alphabet[Int(bits >> 4 & 63)], alphabet[Int(bits << 2 & 63)], pad]
        case _: break
        }
        return text
    }

    /// Decodes a text to bytes.
    ///
    /// - Returns: `nil` unless the length is a multiple of four, all characters are in the alphabet, padding appears
    ///   at the end only, and its unused bits are zero (RFC 4648, section 3.5).
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var digits = 0
        var pads = 0
        for character in text {
            if character == pad {
                pads += 1
            } else {
                let value = values[Int(character)]
                guard value < 64, pads == 0 else { return nil }
                bits |= UInt32(value) << (18 - 6 * UInt32(digits))
            }
            digits += 1
            guard digits == 4 else { continue }
            switch pads {
            case 0: octets += [UInt8(bits >> 16), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
            case 1 where bits & 0xFF == 0: octets += [UInt8(bits >> 16), UInt8(bits >> 8 & 255)]
            case 2 where bits & 0xFFFF == 0: octets.append(UInt8(bits >> 16))
            case _: return nil
            }
            bits = 0
            digits = 0
            // A group after a padded one finds `pads` above zero, and is refused.
        }
        return octets
    }
}
