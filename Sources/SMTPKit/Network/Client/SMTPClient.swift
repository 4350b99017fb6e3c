public import NIOCore
import NIOPosix
public import SMTPCore

/// A client that sends mail.
///
/// One structured call makes a connection, prepares it, lends it, and ends it:
///
/// ```swift
/// let outcome = try await SMTPClient.withConnection(to: .host("mx.example", port: 25)) { connection in
///     let envelope = Envelope(reversePath: .null, recipients: [.init(.mailbox(ann))])
///     return try await connection.send(Transaction(envelope), content: message)
/// }
/// ```
///
/// Before the closure is called, the client has read the greeting, said hello, secured the connection and proved who it is, as
/// its ``Configuration`` says. Behind it, it says `QUIT`; when the closure throws or its task is cancelled, it closes without.
///
/// - SeeAlso: RFC 5321, section 3; RFC 2033 for LMTP.
public enum SMTPClient {
    /// How a client behaves.
    public struct Configuration: Sendable {
        /// The name that it says hello with: its own domain name, or its address as a literal, `[192.0.2.1]`
        /// (RFC 5321, section 4.1.4).
        public var helloName = "localhost"
        /// Whether the server speaks LMTP (RFC 2033).
        public var isLMTP = false
        /// TLS.
        public var security = ClientSecurity()
        /// Who the client is; `nil` for a client that does not say.
        public var credentials: SASLCredentials?
        /// The mechanism by which it proves that; `nil` for the safest on offer that takes a password.
        public var mechanism: SASLMechanism?
        /// Whether a password may be sent without TLS.
        public var allowsSecretsInClear = false
        /// How long it waits, stage by stage.
        public var timeouts = ClientTimeouts()
        /// Which addresses of a host are used.
        public var family = Resolver.Family.any
        /// The address that it connects from, in numbers; `nil` for the system's choice.
        public var sourceAddress: String?
        /// What finds addresses and mail exchangers.
        public var resolver = Resolver.system()
        /// What becomes of a lone CR or LF in content: a CRLF (`normalize`), an error (`reject`), or itself (`allow`).
        public var bareNewlines = BareNewlinePolicy.normalize
        /// Octets that are sent before everything else, TLS included: a header of the PROXY protocol.
        public var preamble: [UInt8] = []
        /// What a trusting server is told with `XCLIENT` about the client on whose behalf this one connects.
        public var xclient: [(name: String, value: String)] = []
        /// Whether hello, TLS, XCLIENT and AUTH are done before the connection is lent. Without, the greeting was read.
        public var isPrepared = true
        /// Is given the dialogue line by line, on the connection's event loop. Secrets are masked.
        public var trace: (@Sendable (ClientTraceEntry) -> Void)?
        /// The event loops that serve connections.
        public var eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

        /// The defaults.
        public init() {}
    }

    /// Makes a connection, lends it, and ends it.
    ///
    /// All addresses of a host are tried, and all hosts of ``Endpoint/mailExchange(of:port:)``, until one greets.
    ///
    /// - Throws: `SMTPError` when there is no connection, or a step of its preparation failed or was refused; whatever
    ///   `body` throws.
    public static func withConnection<Result>(
        to endpoint: Endpoint,
        configuration: Configuration = Configuration(),
        isolation: isolated (any Actor)? = #isolation,
        _ body: (SMTPConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await Connector(configuration).connect(to: endpoint)
        do {
            if configuration.isPrepared { try await connection.prepare() }
            let result = try await body(connection)
            await connection.end()
            return result
        } catch {
            await connection.end()
            throw error
        }
    }
}
