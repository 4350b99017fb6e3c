import FuzzSupport
import SMTPCore

/// A reader of JSON gets back what was written, with U+FFFD for what is not UTF-8, and each text is one line of ASCII
/// controls' escapes.
enum FuzzedJSON {
    static func check(_ input: FuzzInput) throws {
        let bytes = input.bytes
        var writer = JSONWriter()
        bytes.withUnsafeBytes { bytes in
            writer.object { writer in
                writer.name("text")
                writer.string(bytes)
                writer.name("bytes")
                writer.base64(bytes)
                writer.name("numbers")
                writer.array { writer in
                    writer.thousandths(UInt64(bytes.count))
                    writer.number(-bytes.count)
                }
            }
        }
        let octets = writer.octets
        try expect(octets.allSatisfy { $0 >= 0x20 }, "a control character is written")
        guard String(validating: octets, as: UTF8.self) != nil else { throw FuzzFailure("the JSON is not UTF-8") }
        var reader = ReferenceJSON(octets)
        try reader.skip("{\"text\":")
        let text = try reader.string()
        try reader.skip(",\"bytes\":")
        let base64 = try reader.string()
        let written = "\(bytes.count / 1000).\(String(1000 + bytes.count % 1000).dropFirst())"
        try reader.skip(",\"numbers\":[\(written),\(-bytes.count)]}")
        try expect(reader.isAtEnd, "there is more behind the object")
        try expect(text == String(decoding: bytes, as: UTF8.self), "the text is not what was written")
        try expect(Base64.decode(base64.utf8) == bytes, "the bytes are not what was written")
    }
}

/// Reads the little of JSON (RFC 8259) that the check needs.
private struct ReferenceJSON {
    private let octets: [UInt8]
    private var index = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    var isAtEnd: Bool { index == octets.count }

    mutating func skip(_ text: String) throws {
        let wanted = Array(text.utf8)
        try expect(octets[index...].starts(with: wanted), "\(text) is missing at \(index)")
        index += wanted.count
    }

    mutating func string() throws -> String {
        try skip("\"")
        var units: [UInt16] = []
        var plain: [UInt8] = []
        func flush() {
            units += String(decoding: plain, as: UTF8.self).utf16
            plain = []
        }
        while index < octets.count {
            let octet = octets[index]
            index += 1
            if octet == UInt8(ascii: "\"") {
                flush()
                return String(decoding: units, as: UTF16.self)
            }
            guard octet == UInt8(ascii: "\\"), index < octets.count else {
                plain.append(octet)
                continue
            }
            flush()
            let escape = octets[index]
            index += 1
            switch escape {
            case UInt8(ascii: "u"):
                let digits = String(decoding: octets[index...].prefix(4), as: UTF8.self)
                guard digits.utf8.count == 4, let unit = UInt16(digits, radix: 16) else {
                    throw FuzzFailure("\\u\(digits) is no escape")
                }
                index += 4
                units.append(unit)
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(UInt16(escape))
            case _: throw FuzzFailure("an escape is unknown")
            }
        }
        throw FuzzFailure("the string has no end")
    }
}
