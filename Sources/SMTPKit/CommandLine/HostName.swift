import Glibc

/// Names that a host calls itself by.
package enum HostName {
    /// The machine's own name, or `localhost` when that is no domain name.
    package static var own: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return (try? parse(text)) ?? "localhost"
    }

    /// A domain name, or an address in brackets.
    package static func parse(_ text: String) throws -> String {
        let isAddress = text.hasPrefix("[") && text.hasSuffix("]")
        let core = isAddress ? text.dropFirst().dropLast() : text[...]
        let isClean = core.utf8.allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            case UInt8(ascii: ":"): isAddress
            case _: false
            }
        }
        guard isClean, !core.isEmpty, text.utf8.count <= 255, !core.hasPrefix("."), !core.hasPrefix("-") else {
            throw ValueError("a domain name of at most 255 octets is wanted, or an address in brackets")
        }
        return text
    }
}
