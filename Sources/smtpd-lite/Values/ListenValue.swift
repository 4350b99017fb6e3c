import CommandLineSupport
import SMTPKit

/// An address to listen on, as the command line has it.
struct ListenValue: Hashable, Sendable {
    private static let allowed = ValueError(
        "an address is [HOST]:PORT, PORT, unix:PATH or fd:N, with a port from 0 to 65535 (0 picks a free one) and IPv6 hosts "
            + "in brackets, for example 127.0.0.1:2525, localhost:2525, [::1]:2525 or :0")
    /// The host that means every address of the machine.
    static let anyHost = "*"
    /// The host that means 127.0.0.1 and, if the machine has IPv6, ::1.
    static let loopback = "loopback"
    /// The longest path of a UNIX socket (`sun_path`, without its final NUL).
    private static let longestPath = 107

    /// The address. The host may be ``anyHost`` or ``loopback``.
    let address: ListenAddress
    /// The mode of a UNIX socket; `nil` for what the umask leaves.
    let mode: UInt32?

    init(_ address: ListenAddress, mode: UInt32? = nil) {
        self.address = address
        self.mode = mode
    }

    /// Parses an address to listen on.
    ///
    /// A port alone is on 127.0.0.1; `:PORT` is on every address of the machine.
    static func parse(_ text: String) throws -> ListenValue {
        text.hasPrefix("unix:") ? try unix(text.dropFirst(5)) : ListenValue(try other(text))
    }

    /// Both loopback addresses with a port.
    static func parsePort(_ text: String) throws -> ListenValue {
        ListenValue(.tcp(host: loopback, port: try port(text[...])))
    }

    private static func unix(_ text: Substring) throws -> ListenValue {
        let option = ",mode="
        var path = text
        var mode: UInt32?
        if let start = text.ranges(of: option).last {
            path = text[..<start.lowerBound]
            let digits = text[start.upperBound...]
            guard 1...4 ~= digits.utf8.count, let number = UInt32(digits, radix: 8), number <= 0o777,
                digits.first != "+"
            else { throw ValueError("a mode is an octal number from 0 to 777, for example unix:PATH,mode=660") }
            mode = number
        }
        guard 1...longestPath ~= path.utf8.count, !path.utf8.contains(0) else {
            throw ValueError("unix: needs a path of 1 to \(longestPath) bytes after it, for example unix:PATH,mode=660")
        }
        return ListenValue(.unix(path: String(path)), mode: mode)
    }

    private static func other(_ text: String) throws -> ListenAddress {
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
