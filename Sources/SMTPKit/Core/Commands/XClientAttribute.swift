/// An attribute of `XCLIENT`, by which a proxy describes the client for which it speaks.
///
///     C: XCLIENT NAME=mail.example.org ADDR=192.0.2.1
///     S: 220 mx.example ESMTP
///
/// Values are in xtext. `[UNAVAILABLE]` and `[TEMPUNAVAIL]` mean an unknown value, and are `nil` here.
///
/// - SeeAlso: Postfix, `XCLIENT_README`.
public enum XClientAttribute: Hashable, Sendable {
    /// The client's host name.
    case name(String?)
    /// The client's address.
    case address(String?)
    /// The client's port.
    case port(UInt16?)
    /// The name that the client gave in its hello.
    case hello(String?)
    /// The hello that the client spoke: `SMTP` is `HELO`, `ESMTP` is `EHLO`.
    case helloVerb(Peer.HelloVerb?)
    /// The name of the authenticated user.
    case login(String?)
    /// The address that the client connected to.
    case destinationAddress(String?)
    /// The port that the client connected to.
    case destinationPort(UInt16?)

    /// The names, in the order in which they are announced.
    static let names = ["NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR", "DESTPORT"]

    /// Reads `NAME=value`.
    init(_ word: Substring) throws(SyntaxError) {
        guard let equals = word.firstIndex(of: "="),
            let value = XText.decode(word[word.index(after: equals)...]), !value.isEmpty, value.utf8.count <= 255,
            value.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
        else { throw .invalidArgument }
        let isKnown = !["[UNAVAILABLE]", "[TEMPUNAVAIL]"].contains(value.uppercased())
        switch word[..<equals].uppercased() {
        case "NAME": self = .name(isKnown ? value : nil)
        case "HELO": self = .hello(isKnown ? value : nil)
        case "LOGIN": self = .login(isKnown ? value : nil)
        case "ADDR": self = .address(isKnown ? try Self.address(value) : nil)
        case "DESTADDR": self = .destinationAddress(isKnown ? try Self.address(value) : nil)
        case "PORT": self = .port(isKnown ? try Self.port(value) : nil)
        case "DESTPORT": self = .destinationPort(isKnown ? try Self.port(value) : nil)
        case "PROTO": self = .helloVerb(isKnown ? try Self.verb(value) : nil)
        case _: throw .invalidArgument
        }
    }

    /// Returns an IPv4 address, or an IPv6 address after `IPV6:`.
    private static func address(_ value: String) throws(SyntaxError) -> String {
        if AddressLiteral.isIPv4(value[...]) { return value }
        let address = value.dropFirst(5)
        guard value.prefix(5).uppercased() == "IPV6:", AddressLiteral.isIPv6(address),
            let octets = IPAddressText.octets(address)
        else { throw .invalidArgument }
        return IPAddressText.unmappedText(octets)
    }

    private static func port(_ value: String) throws(SyntaxError) -> UInt16 {
        guard value.utf8.allSatisfy(ASCII.isDigit), let port = UInt16(value) else { throw .invalidArgument }
        return port
    }

    private static func verb(_ value: String) throws(SyntaxError) -> Peer.HelloVerb {
        switch value.uppercased() {
        case "SMTP": return .helo
        case "ESMTP": return .ehlo
        case "LMTP": return .lhlo
        case _: throw .invalidArgument
        }
    }
}

extension XClientAttribute: CustomStringConvertible {
    /// The attribute as it appears in the command.
    public var description: String {
        switch self {
        case .name(let value): "NAME=\(Self.text(value))"
        case .address(let value): "ADDR=\(Self.text(value.map(Self.marked)))"
        case .port(let value): "PORT=\(Self.text(value.map(String.init)))"
        case .hello(let value): "HELO=\(Self.text(value))"
        case .helloVerb(let value): "PROTO=\(Self.text(value.map(Self.protocolName)))"
        case .login(let value): "LOGIN=\(Self.text(value))"
        case .destinationAddress(let value): "DESTADDR=\(Self.text(value.map(Self.marked)))"
        case .destinationPort(let value): "DESTPORT=\(Self.text(value.map(String.init)))"
        }
    }

    private static func text(_ value: String?) -> String { value.map(XText.encode) ?? "[UNAVAILABLE]" }

    private static func marked(_ address: String) -> String { address.contains(":") ? "IPV6:\(address)" : address }

    private static func protocolName(_ verb: Peer.HelloVerb) -> String {
        switch verb {
        case .helo: "SMTP"
        case .ehlo: "ESMTP"
        case .lhlo: "LMTP"
        }
    }
}
