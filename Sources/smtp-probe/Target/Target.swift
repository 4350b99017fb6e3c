/// The server, or the domain, to connect to.
struct Target: Hashable, Sendable {
    /// The language, and whether TLS comes first.
    enum Scheme: String, Hashable, Sendable {
        case smtp
        case smtps
        case lmtp

        /// The port where none is named: 25, 465 (RFC 8314, section 7.3), 24 (IANA's for LMTP).
        var port: UInt16 {
            switch self {
            case .smtp: 25
            case .smtps: 465
            case .lmtp: 24
            }
        }
    }

    /// Where it is.
    enum Place: Hashable, Sendable {
        /// A name or an IP address; a domain when its mail exchangers are asked for.
        case host(String, port: UInt16)
        /// A UNIX socket.
        case unix(path: String)
    }

    var scheme = Scheme.smtp
    var place: Place

    /// The name or address of the host; `nil` for a UNIX socket.
    var host: String? {
        switch place {
        case .host(let name, _): name
        case .unix: nil
        }
    }
}

extension Target: CustomStringConvertible {
    /// `mx.example:25`, `[::1]:25` or `unix:/run/smtp.sock`.
    var description: String {
        switch place {
        case .host(let name, let port): name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
