/// The inside of a JSON string.
///
/// - SeeAlso: RFC 8259, section 7.
enum JSONEscape {
    /// Appends bytes in the form that they have between the quotes.
    static func append(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        var index = 0
        var start = 0
        while index < text.count {
            let octet = text[index]
            if isPlain(octet) {
                index += 1
                continue
            }
            let length = octet < 0x80 ? 0 : UTF8Sequence.length(in: text, at: index)
            if length > 0, !isUnsafe(text, index, length) {
                index += length
                continue
            }
            output.append(contentsOf: text[start..<index])
            if octet < 0x80 {
                appendEscaped(octet, to: &output)
                index += 1
            } else if length > 0 {
                appendNumber(UTF8Sequence.scalar(in: text, at: index, length: length), to: &output)
                index += length
            } else {
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                index += UTF8Sequence.invalidLength(in: text, at: index)
            }
            start = index
        }
        output.append(contentsOf: text[start...])
    }

    @inline(__always)
    private static func isPlain(_ octet: UInt8) -> Bool {
        octet >= 0x20 && octet < 0x7F && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "\\")
    }

    /// U+0080 to U+009F, which some terminals take for the start of a sequence, and U+2028 and U+2029, which
    /// some readers of lines take for the end of one.
    private static func isUnsafe(_ text: UnsafeRawBufferPointer, _ index: Int, _ length: Int) -> Bool {
        switch (text[index], length) {
        case (0xC2, _): text[index + 1] < 0xA0
        case (0xE2, _): text[index + 1] == 0x80 && (text[index + 2] == 0xA8 || text[index + 2] == 0xA9)
        case _: false
        }
    }

    private static func appendEscaped(_ octet: UInt8, to output: inout [UInt8]) {
        switch octet {
        case UInt8(ascii: "\""): output.append(text: "\\\"")
        case UInt8(ascii: "\\"): output.append(text: "\\\\")
        case ASCII.lineFeed: output.append(text: "\\n")
        case ASCII.carriageReturn: output.append(text: "\\r")
        case UInt8(ascii: "\t"): output.append(text: "\\t")
        case _: appendNumber(UInt32(octet), to: &output)
        }
    }

    private static func appendNumber(_ scalar: UInt32, to output: inout [UInt8]) {
        output.append(text: "\\u")
        for shift in [12, 8, 4, 0] as [UInt32] {
            let digit = UInt8(truncatingIfNeeded: scalar >> shift & 15)
            output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
