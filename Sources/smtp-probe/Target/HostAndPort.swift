import CommandLineSupport

/// A host with an optional port: `mx.example:25`, `[::1]:25`, `::1`.
struct HostAndPort: Hashable, Sendable {
    /// The name, or the IP address without brackets.
    let host: String
    /// The port, 1 to 65535.
    let port: UInt16?

    /// Reads it; `nil` when it is something else.
    init?(_ text: some StringProtocol) {
        let host: String
        var rest = Substring(text)
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else if let colon = rest.firstIndex(of: ":"), rest.lastIndex(of: ":") == colon {
            host = String(rest[..<colon])
            rest = rest[colon...]
        } else {
            // More than one colon: an IPv6 address without a port.
            host = String(rest)
            rest = ""
        }
        guard !host.isEmpty, host.utf8.count <= 255, host.utf8.allSatisfy(Self.isAllowed), host.first != "-" else {
            return nil
        }
        if rest.isEmpty {
            port = nil
        } else {
            guard rest.first == ":", let number = WholeNumber.parse(rest.dropFirst()),
                let port = UInt16(exactly: number), port > 0
            else {
                return nil
            }
            self.port = port
        }
        self.host = host
    }

    /// Letters and digits, what joins them, `%` for an interface, and UTF-8 for names that are not ASCII.
    private static func isAllowed(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: ":"), UInt8(ascii: "%"), 0x80...0xFF:
            true
        case _: false
        }
    }
}
