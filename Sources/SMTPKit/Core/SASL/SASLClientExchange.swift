/// The client's side of one `AUTH`: challenges in, responses out.
///
/// The bytes are those after decoding base64. After the server's `235`, ``conclude()`` tells whether the server has
/// authenticated itself, where the mechanism demands that.
///
/// - SeeAlso: RFC 4422, section 3; RFC 4954, section 4.
struct SASLClientExchange: Sendable {
    /// The client's identity and proof.
    typealias Credentials = SASLCredentials

    /// Where the server is, for the mechanisms that say it to the server, and what can be bound to.
    struct Surroundings: Sendable {
        /// Hashes and chance.
        package var cryptography: any SASLCryptography
        /// The server's name.
        package var host: String
        /// The server's port.
        package var port: UInt16
        /// The data to which the mechanisms with -PLUS bind; `nil` without TLS.
        package var channelBinding: ChannelBinding?
        /// Whether the server offered a mechanism with -PLUS for the hash in use.
        var isBindingOffered: Bool

        /// Makes surroundings.
        package init(
            cryptography: any SASLCryptography,
            host: String,
            port: UInt16,
            channelBinding: ChannelBinding? = nil,
            isBindingOffered: Bool = false
        ) {
            self.cryptography = cryptography
            self.host = host
            self.port = port
            self.channelBinding = channelBinding
            self.isBindingOffered = isBindingOffered
        }
    }

    /// The next action.
    package enum Step: Hashable, Sendable {
        /// Send this in base64; as an initial response, empty bytes are `=`.
        case response([UInt8])
        /// Send `*`: the server is not to be trusted, or says what the mechanism does not have.
        case cancel(SASLFailure)
    }

    /// The mechanism.
    package let mechanism: SASLMechanism
    private var machine: any SASLClientMachine

    /// Begins an exchange.
    ///
    /// - Throws: ``SASLFailure/malformed(_:)`` when the credentials cannot be written in this mechanism, or
    ///   there is nothing to bind to.
    package init(
        _ mechanism: SASLMechanism,
        _ credentials: Credentials,
        _ surroundings: Surroundings
    ) throws(SASLFailure) {
        self.mechanism = mechanism
        if Self.holds(0, credentials) { throw .malformed("the credentials hold a NUL") }
        // It divides the fields of a message with a token, and a user who had one could name another.
        if mechanism == .xoauth2 || mechanism == .oauthBearer, Self.holds(1, credentials) {
            throw .malformed(
                "the user or the token has the control character U+0001, which \(mechanism.rawValue) cannot send")
        }
        machine =
            switch mechanism {
            case .plain: PlainClient(credentials)
            case .login: LoginClient(credentials)
            case .cramMD5: CRAMMD5Client(credentials, surroundings.cryptography)
            case .scramSHA1, .scramSHA1Plus:
                try SCRAMClient(.sha1, bindsChannel: mechanism.bindsChannel, credentials, surroundings)
            case .scramSHA256, .scramSHA256Plus:
                try SCRAMClient(.sha256, bindsChannel: mechanism.bindsChannel, credentials, surroundings)
            case .xoauth2: TokenClient(xoauth2: credentials)
            case .oauthBearer: TokenClient(oauthBearer: credentials, host: surroundings.host, port: surroundings.port)
            case .external: ExternalClient(identity: credentials.actingAs)
            }
    }

    /// Whether a byte is in the names or the secret.
    private static func holds(_ octet: UInt8, _ credentials: Credentials) -> Bool {
        [credentials.user, credentials.actingAs ?? ""].contains { $0.utf8.contains(octet) }
            || credentials.secret.octets.contains(octet)
    }

    /// Returns the initial response that is sent with `AUTH`; `nil` where the server speaks first. It may also be sent
    /// in answer to an empty challenge, when the line would be too long.
    mutating func initialResponse() -> [UInt8]? { machine.initialResponse() }

    /// Gives the server's challenge.
    package mutating func step(_ challenge: [UInt8]) -> Step { machine.step(challenge) }

    /// Is called when the server said `235`.
    ///
    /// - Throws: ``SASLFailure/notAuthentic(_:)`` when it has not proved that it knows the password.
    package func conclude() throws(SASLFailure) {
        guard machine.isProved else { throw .notAuthentic("it claims success without its proof") }
    }
}

extension SASLClientExchange: CustomReflectable {
    /// The state holds secrets.
    package var customMirror: Mirror { Mirror(self, children: ["mechanism": mechanism]) }
}

/// One mechanism of the client's side.
protocol SASLClientMachine: Sendable {
    mutating func initialResponse() -> [UInt8]?
    mutating func step(_ challenge: [UInt8]) -> SASLClientExchange.Step
    /// Whether the server has proved itself, as far as the mechanism lets it.
    var isProved: Bool { get }
}

extension SASLClientMachine {
    var isProved: Bool { true }
}
