/// A value of JSON, read by the tool that wrote it: numbers are whole, and nesting is shallow.
indirect enum JSONValue {
    case object([(name: String, value: JSONValue)])
    case array([JSONValue])
    case string([UInt8])
    case number(UInt64)
    /// `null`, `true`, `false`, and other numbers.
    case other

    /// Reads a text that is one value.
    ///
    /// - Parameter isCut: whether the text is only the beginning; what is there is taken then.
    /// - Returns: `nil` for anything else.
    init?(_ text: [UInt8], isCut: Bool = false) {
        var reader = JSONReader(text, isCut: isCut)
        guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
        self = value
    }

    /// The member of an object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The elements of an array.
    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The bytes of a string.
    var octets: [UInt8]? {
        guard case .string(let octets) = self else { return nil }
        return octets
    }

    /// A string.
    var text: String? { octets.map { String(decoding: $0, as: UTF8.self) } }

    /// A whole number.
    var number: UInt64? {
        guard case .number(let number) = self else { return nil }
        return number
    }
}

/// Reads JSON (RFC 8259).
private struct JSONReader {
    private static let deepest = 32

    private let text: [UInt8]
    private let isCut: Bool
    private var index = 0

    init(_ text: [UInt8], isCut: Bool) {
        self.text = text
        self.isCut = isCut
    }

    /// Whether nothing but blanks is left.
    var isAtEnd: Bool { text[index...].allSatisfy { $0 <= 32 } }

    private var isOut: Bool { index >= text.count }

    mutating func value(depth: Int) -> JSONValue? {
        skipBlanks()
        guard depth < Self.deepest, !isOut else { return nil }
        switch text[index] {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case _:
            let word = text[index...].prefix { ![0x2C, 0x5D, 0x7D].contains($0) && $0 > 32 }
            index += word.count
            let name = String(decoding: word, as: UTF8.self)
            if let number = UInt64(name) { return .number(number) }
            let isKnown = ["null", "true", "false"].contains(name) || Double(name) != nil
            return isKnown || (isCut && isOut) ? .other : nil
        }
    }

    private mutating func object(_ depth: Int) -> JSONValue? {
        index += 1
        var members: [(name: String, value: JSONValue)] = []
        skipBlanks()
        if take("}") { return .object(members) }
        while true {
            skipBlanks()
            guard !isOut, text[index] == UInt8(ascii: "\""), let name = string() else { return cut(.object(members)) }
            skipBlanks()
            guard take(":"), let value = value(depth: depth + 1) else { return cut(.object(members)) }
            members.append((String(decoding: name, as: UTF8.self), value))
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { return cut(.object(members)) }
        }
    }

    private mutating func array(_ depth: Int) -> JSONValue? {
        index += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if take("]") { return .array(elements) }
        while true {
            guard let value = value(depth: depth + 1) else { return cut(.array(elements)) }
            elements.append(value)
            skipBlanks()
            if take("]") { return .array(elements) }
            guard take(",") else { return cut(.array(elements)) }
        }
    }

    private mutating func string() -> [UInt8]? {
        index += 1
        var octets: [UInt8] = []
        while !isOut {
            let octet = text[index]
            index += 1
            switch octet {
            case UInt8(ascii: "\""): return octets
            case UInt8(ascii: "\\"):
                guard escape(&octets) else { return isCut && isOut ? octets : nil }
            case _: octets.append(octet)
            }
        }
        return isCut ? octets : nil
    }

    private mutating func escape(_ octets: inout [UInt8]) -> Bool {
        guard !isOut else { return false }
        let octet = text[index]
        index += 1
        switch octet {
        case UInt8(ascii: "n"): octets.append(10)
        case UInt8(ascii: "r"): octets.append(13)
        case UInt8(ascii: "t"): octets.append(9)
        case UInt8(ascii: "b"): octets.append(8)
        case UInt8(ascii: "f"): octets.append(12)
        case UInt8(ascii: "u"):
            guard var number = unit() else { return false }
            // The first half of a pair.
            if 0xD800...0xDBFF ~= number, text[index...].starts(with: [0x5C, 0x75]) {
                index += 2
                guard let low = unit() else { return false }
                number = 0xDC00...0xDFFF ~= low ? 0x10000 + (number - 0xD800) << 10 + (low - 0xDC00) : 0xFFFD
            }
            octets += Array(String(Character(Unicode.Scalar(number) ?? "\u{FFFD}")).utf8)
        case _: octets.append(octet)
        }
        return true
    }

    private mutating func unit() -> UInt32? {
        guard index + 4 <= text.count else {
            index = text.count
            return nil
        }
        defer { index += 4 }
        return UInt32(String(decoding: text[index..<(index + 4)], as: UTF8.self), radix: 16)
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard !isOut, text[index] == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while !isOut, text[index] <= 32 { index += 1 }
    }

    /// Returns the part of a value before the end of the text, if the text was cut in it.
    private mutating func cut(_ value: JSONValue) -> JSONValue? {
        guard isCut, isOut else { return nil }
        return value
    }
}
