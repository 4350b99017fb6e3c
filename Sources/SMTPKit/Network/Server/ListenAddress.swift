/// Where a server listens.
public enum ListenAddress: Hashable, Sendable {
    /// A TCP port on a local address; port 0 lets the system pick one.
    case tcp(host: String, port: Int)
    /// A UNIX socket at a path. A socket that was left there is replaced.
    case unix(path: String)
    /// A socket that is bound already, as systemd(1) and others hand them over. It is the server's from then on.
    case descriptor(Int32)
}

extension ListenAddress: CustomStringConvertible {
    /// `127.0.0.1:2525`, `[::1]:2525`, `unix:/run/smtp.sock` or `fd:3`.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .descriptor(let number): "fd:\(number)"
        }
    }
}
