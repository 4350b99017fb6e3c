/// Where a client finds its server.
public enum Endpoint: Hashable, Sendable {
    /// A host by its name or its IP address, without brackets, and a port. All addresses of a name are tried in turn.
    case host(String, port: UInt16)
    /// A UNIX socket at a path.
    case unix(path: String)
    /// The hosts that take mail for a domain, in the order of RFC 5321, section 5.1.
    case mailExchange(of: String, port: UInt16 = 25)
}

extension Endpoint: CustomStringConvertible {
    /// `mx.example:25`, `[::1]:25`, `unix:/run/smtp.sock` or `MX of example.org`.
    public var description: String {
        switch self {
        case .host(let name, let port): name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
        case .unix(let path): "unix:\(path)"
        case .mailExchange(let domain, _): "MX of \(domain)"
        }
    }
}
