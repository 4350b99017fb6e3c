/// Bytes in text: `\r \n \t \0 \\ \xNN`, and `\{x*500}` for five hundred times `x`.
enum OctetEscapes {
    static func decode(_ text: String) throws -> [UInt8] {
        var octets: [UInt8] = []
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                octets += Array(String(scalar).utf8)
                continue
            }
            switch rest.popFirst() {
            case "r": octets.append(13)
            case "n": octets.append(10)
            case "t": octets.append(9)
            case "0": octets.append(0)
            case "\\": octets.append(UInt8(ascii: "\\"))
            case "x":
                let digits = String(String.UnicodeScalarView(rest.prefix(2)))
                guard digits.utf8.count == 2, let octet = UInt8(digits, radix: 16) else { throw failure(text) }
                rest = rest.dropFirst(2)
                octets.append(octet)
            case "{":
                guard let end = rest.firstIndex(of: "}") else { throw failure(text) }
                let parts = String(rest[..<end]).split(separator: "*")
                guard parts.count == 2, let count = Int(parts[1]) else { throw failure(text) }
                octets += Array(String(repeating: String(parts[0]), count: count).utf8)
                rest = rest[rest.index(after: end)...]
            case _:
                throw failure(text)
            }
        }
        return octets
    }

    private static func failure(_ text: String) -> TranscriptParser.Failure {
        TranscriptParser.Failure(description: "\(text): a backslash stands before r n t 0 \\ xNN or {x*500}")
    }
}
