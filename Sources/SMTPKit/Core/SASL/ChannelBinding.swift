/// Data that binds an authentication to the TLS connection it runs over.
///
/// - SeeAlso: RFC 5056; RFC 5929; RFC 9266.
public struct ChannelBinding: Hashable, Sendable {
    /// A kind of binding data.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Keying material of the connection itself; the default with TLS 1.3.
        case tlsExporter = "tls-exporter"
        /// The server's certificate.
        case tlsServerEndPoint = "tls-server-end-point"
    }

    /// The kind of the binding data.
    public var kind: Kind
    /// The bytes that both ends must have alike.
    public var data: [UInt8]

    /// Makes a binding.
    public init(kind: Kind, data: [UInt8]) {
        self.kind = kind
        self.data = data
    }
}
