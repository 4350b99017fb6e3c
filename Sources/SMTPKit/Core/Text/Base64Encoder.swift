/// Writes bytes as base64, piece by piece, without line ends.
///
/// - SeeAlso: RFC 4648, section 4.
package struct Base64Encoder {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    /// The rest of the last piece: fewer than three bytes.
    private var bits: UInt32 = 0
    private var count = 0

    /// Starts to write.
    package init() {}

    /// Writes a piece.
    package mutating func append(_ content: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        var index = 0
        while count > 0, count < 3, index < content.count {
            bits = bits << 8 | UInt32(content[index])
            count += 1
            index += 1
        }
        if count == 3 {
            append(group: bits, to: &output)
            (bits, count) = (0, 0)
        }
        let groups = (content.count - index) / 3
        appendGroups(UnsafeRawBufferPointer(rebasing: content[index...]), groups, to: &output)
        for octet in content[(index + groups * 3)...] {
            bits = bits << 8 | UInt32(octet)
            count += 1
        }
    }

    /// Writes what is left, padded.
    package mutating func finish(_ output: inout [UInt8]) {
        guard count > 0 else { return }
        let padding = 3 - count
        append(group: bits << UInt32(8 * padding), to: &output)
        for offset in 1...padding { output[output.count - offset] = UInt8(ascii: "=") }
        (bits, count) = (0, 0)
    }

    private func append(group: UInt32, to output: inout [UInt8]) {
        let digits = Self.alphabet.utf8Start
        for shift in [18, 12, 6, 0] as [UInt32] { output.append(digits[Int(group >> shift & 63)]) }
    }

    /// Writes whole groups of three bytes.
    private func appendGroups(_ content: UnsafeRawBufferPointer, _ groups: Int, to output: inout [UInt8]) {
        guard groups > 0, let start = content.baseAddress else { return }
        let addition = [UInt8](unsafeUninitializedCapacity: groups * 4) { buffer, length in
            let digits = Self.alphabet.utf8Start
            if let target = buffer.baseAddress {
                for group in 0..<groups {
                    let source = start + group * 3
                    let bits =
                        UInt32(source.load(as: UInt8.self)) << 16
                        | UInt32((source + 1).load(as: UInt8.self)) << 8 | UInt32((source + 2).load(as: UInt8.self))
                    let digit = target + group * 4
                    digit[0] = digits[Int(bits >> 18)]
                    digit[1] = digits[Int(bits >> 12 & 63)]
                    digit[2] = digits[Int(bits >> 6 & 63)]
                    digit[3] = digits[Int(bits & 63)]
                }
                length = groups * 4
            }
        }
        output.append(contentsOf: addition)
    }
}
