import CommandLineSupport
import SMTPKit

/// Where to listen, as the command line says it.
enum ListenValue {
    private static let allowed = ValueError(
        "an address is [HOST]:PORT, PORT, unix:PATH or fd:N, with a port from 0 to 65535 (0 picks a free one) and IPv6 hosts "
            + "in brackets, such as 127.0.0.1:2525, [::1]:2525 or :0")
    /// The host that stands for every address of the machine.
    static let anyHost = "*"
    /// The longest path of a UNIX socket (`sun_path`, without its final NUL).
    private static let longestPath = 107

    /// The address that a text stands for.
    ///
    /// A port alone is on 127.0.0.1; `:PORT` is on every address of the machine.
    static func parse(_ text: String) throws -> ListenAddress {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard 1...longestPath ~= path.utf8.count, !path.utf8.contains(0) else {
                throw ValueError("a path of 1 to \(longestPath) octets goes behind unix:")
            }
            return .unix(path: path)
        }
        if text.hasPrefix("fd:") {
            let number = try WholeNumber.parseDescriptor(String(text.dropFirst(3)))
            guard Descriptor.isListening(number) else {
                throw ValueError("descriptor \(number) is no socket that listens; --inetd serves one that is connected")
            }
            return .descriptor(number)
        }
        guard let colon = text.lastIndex(of: ":") else { return .tcp(host: "127.0.0.1", port: try port(text[...])) }
        return .tcp(host: try host(text[..<colon]), port: try port(text[text.index(after: colon)...]))
    }

    private static func port(_ text: Substring) throws -> Int {
        guard let number = WholeNumber.parse(text), number <= 65_535 else { throw allowed }
        return number
    }

    private static func host(_ text: Substring) throws -> String {
        if text.isEmpty || text == anyHost { return anyHost }
        if text.hasPrefix("["), text.hasSuffix("]"), text.count > 2 { return String(text.dropFirst().dropLast()) }
        let isName = text.utf8.allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            case _: false
            }
        }
        guard isName else { throw allowed }
        return String(text)
    }
}
