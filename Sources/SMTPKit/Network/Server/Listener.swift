/// A listener of a running server, for ``ServerObserver/listening(on:)``.
public struct Listener: Hashable, Sendable {
    /// The address that is really bound, with the port that the system picked.
    public let address: ListenAddress
    /// Whether TLS begins with the connection (``SMTPServer/Configuration/listenTLS``). `STARTTLS` may be offered where
    /// it does not.
    public let isSecured: Bool

    /// Makes a listener, for tests of an observer.
    public init(_ address: ListenAddress, isSecured: Bool = false) {
        self.address = address
        self.isSecured = isSecured
    }

    /// The TCP port; `nil` for another kind of address.
    public var port: Int? {
        if case .tcp(_, let port) = address { port } else { nil }
    }
}

extension Listener: CustomStringConvertible {
    /// The address, such as `127.0.0.1:2525`.
    public var description: String { "\(address)" }
}
