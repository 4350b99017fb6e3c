import CommandLineSupport

/// Bytes in quotation marks: `"EHLO x\r\n\x00"`.
enum QuotedOctets {
    private static let allowed = ValueError(
        #"octets in quotation marks are wanted, with \r \n \t \0 \\ \" \xNN, such as "EHLO x\r\n""#)

    /// The bytes.
    ///
    /// - Throws: ``ValueError`` for anything else.
    static func parse(_ text: String) throws -> [UInt8] {
        let octets = Array(text.utf8)
        guard octets.count >= 2, octets.first == 0x22, octets.last == 0x22 else { throw allowed }
        var result: [UInt8] = []
        var rest = octets[1..<(octets.count - 1)]
        while let octet = rest.popFirst() {
            guard octet != 0x22 else { throw allowed }
            result.append(octet == UInt8(ascii: "\\") ? try escape(&rest) : octet)
        }
        return result
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>) throws -> UInt8 {
        switch rest.popFirst() {
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "0"): return 0
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "\""): return UInt8(ascii: "\"")
        case UInt8(ascii: "x"):
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else {
                throw allowed
            }
            rest = rest.dropFirst(2)
            return value
        case _: throw allowed
        }
    }
}
