/// The other end of a connection, as far as it is known.
public struct Peer: Hashable, Sendable {
    /// Where the connection comes from.
    public var address: Address
    /// The name of its host, as a trusted proxy looked it up (`XCLIENT`). This library looks up no names.
    public var hostname: String?
    /// The address that it connected to, when a proxy is in between; `nil` otherwise.
    public var serverAddress: Address?
    /// The name given with `EHLO`, `HELO` or `LHLO`; `nil` before.
    public var heloName: String?
    /// Which of the three greetings was used; `nil` before.
    public var heloVerb: HelloVerb?
    /// The name by which this server greeted.
    public var serverName: String
    /// The name of the authenticated user, or `nil`.
    public var username: String?
    /// By which SASL mechanism, `PLAIN`; `nil` as long as ``username`` is.
    public var mechanism: String?
    /// The security of the connection; `nil` in plain text.
    public var tls: TLSProperties?
    /// Whether the message under way uses SMTPUTF8.
    public var isInternationalized: Bool
    /// A place in which the driver keeps data for the application. It is not part of the peer's identity.
    package var attachment = Attachment()

    /// Makes a peer that has said nothing yet.
    public init(
        address: Address,
        heloName: String? = nil,
        heloVerb: HelloVerb? = nil,
        serverName: String,
        username: String? = nil,
        mechanism: String? = nil,
        tls: TLSProperties? = nil,
        isInternationalized: Bool = false
    ) {
        self.address = address
        self.heloName = heloName
        self.heloVerb = heloVerb
        self.serverName = serverName
        self.username = username
        self.mechanism = mechanism
        self.tls = tls
        self.isInternationalized = isInternationalized
    }

    /// Where a connection comes from.
    public enum Address: Hashable, Sendable {
        /// An IP address in its usual text form, without brackets, and a port.
        case ip(String, port: UInt16)
        /// A UNIX socket, or a pair of pipes.
        case local
    }

    /// The three ways to say hello.
    public enum HelloVerb: String, Hashable, Sendable {
        /// `HELO`: SMTP without extensions.
        case helo = "HELO"
        /// `EHLO`: SMTP with extensions.
        case ehlo = "EHLO"
        /// `LHLO`: LMTP.
        case lhlo = "LHLO"
    }

    /// Version and cipher of a TLS connection, in the terms of IANA's registries.
    public struct TLSProperties: Hashable, Sendable {
        /// `TLSv1.3`.
        public var version: String
        /// `TLS_AES_256_GCM_SHA384`.
        public var cipherSuite: String
        /// The subject of the certificate that the client showed and that was verified, or `nil`.
        public var clientSubject: String?

        /// Makes the properties of an established connection.
        public init(version: String, cipherSuite: String, clientSubject: String? = nil) {
            self.version = version
            self.cipherSuite = cipherSuite
            self.clientSubject = clientSubject
        }
    }

    /// A reference that makes no difference to whether two peers are equal.
    package struct Attachment: Hashable, Sendable {
        package var object: (any AnyObject & Sendable)?

        package init(_ object: (any AnyObject & Sendable)? = nil) { self.object = object }

        package static func == (a: Attachment, b: Attachment) -> Bool { true }
        package func hash(into hasher: inout Hasher) {}
    }

    /// Whether the client proved who it is.
    public var isAuthenticated: Bool { username != nil }

    /// The protocol in use, in the words of the `WITH` clause.
    public var transmissionProtocol: TransmissionProtocol {
        TransmissionProtocol(
            hello: heloVerb ?? .helo,
            isSecured: tls != nil,
            isAuthenticated: isAuthenticated,
            isInternationalized: isInternationalized
        )
    }
}

extension Peer.Address {
    /// The address of a socket. One of IPv4 on a socket of IPv6 (`::ffff:192.0.2.1`) is an IPv4 address like any other.
    package init(socketAddress host: String, port: UInt16) {
        let isMapped = host.hasPrefix("::ffff:")
        self = .ip(isMapped ? IPAddressText.octets(host).map(IPAddressText.unmappedText) ?? host : host, port: port)
    }
}

extension Peer.Address: CustomStringConvertible {
    /// `192.0.2.1:49152`, `[2001:db8::1]:49152` or `local`.
    public var description: String {
        switch self {
        case .ip(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .local: "local"
        }
    }
}
