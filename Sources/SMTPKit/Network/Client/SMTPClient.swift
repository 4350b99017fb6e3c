public import NIOCore
import NIOPosix
public import SMTPCore

/// A client that sends mail to one server, over connections that it keeps.
///
/// One call sends a message:
///
/// ```swift
/// let client = SMTPClient(to: .host("mx.example", port: 587), configuration: configuration)
/// let outcome = try await client.send(message: bytes, to: envelope)
/// await client.shutDown()
/// ```
///
/// Connections are prepared as the ``Configuration`` says: the client has read the greeting, sent `EHLO`, secured the
/// connection and authenticated. They are used again for further messages, up to the limits of ``PoolLimits``. A
/// connection that the server closed meanwhile is replaced, and the message is sent again if none of it was accepted.
///
/// To send several commands over one connection, use ``withConnection(to:configuration:isolation:_:)``.
///
/// - SeeAlso: RFC 5321, section 3; RFC 2033 for LMTP.
public final class SMTPClient: Sendable {
    private let pool: ConnectionPool

    /// Makes a client. It connects when there is something to send.
    ///
    /// - Parameters:
    ///   - endpoint: the server.
    ///   - configuration: how connections are prepared; ``Configuration/isPrepared`` is ignored.
    ///   - limits: how many connections are kept, and for how long.
    public init(
        to endpoint: Endpoint, configuration: Configuration = Configuration(), limits: PoolLimits = PoolLimits()
    ) {
        pool = ConnectionPool(endpoint, configuration, limits)
    }

    /// Sends a message that is at hand.
    ///
    /// `SIZE`, `BODY` and `SMTPUTF8` are declared as the content needs them.
    ///
    /// - Parameters:
    ///   - message: header and text; line ends become CRLF.
    ///   - envelope: the sender and the recipients.
    /// - Returns: the server's replies. Refusals are not thrown: see `TransactionOutcome.Recipient.fate`.
    /// - Throws: `SMTPError` when there is no connection, or it ends before the message was accepted or refused;
    ///   `CancellationError` when the task is cancelled.
    public func send(message: some Sequence<UInt8>, to envelope: Envelope) async throws -> TransactionOutcome {
        let content = ByteBuffer(bytes: message)
        let transaction = Transaction(envelope)
        return try await pool.send { connection in
            try await connection.send(transaction, content: content.readableBytesView)
        }
    }

    /// Closes idle connections with `QUIT`; those in use are closed after their message.
    ///
    /// Messages that are sent afterwards are refused with `SMTPError.Code.closed`.
    public func shutDown() async { await pool.shutDown() }

    /// Limits of the connections that a client keeps.
    public struct PoolLimits: Hashable, Sendable {
        /// The most connections at a time; further messages wait for one.
        public var connections = 4
        /// How long a connection is kept without a message.
        public var idleTime: Duration = .seconds(30)
        /// The most messages over one connection, after which it is closed with `QUIT`.
        public var messagesPerConnection = 100

        /// The defaults.
        public init() {}
    }

    /// How a client behaves.
    public struct Configuration: Sendable {
        /// The name that it says hello with: its own domain name, or its address as a literal, `[192.0.2.1]`
        /// (RFC 5321, section 4.1.4).
        public var helloName = "localhost"
        /// Whether the server speaks LMTP (RFC 2033).
        public var isLMTP = false
        /// TLS.
        public var security = ClientSecurity()
        /// The client's credentials; `nil` for a client that does not authenticate.
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
        /// The resolver of addresses and mail exchangers.
        public var resolver = Resolver.system()
        /// How a lone CR or LF in content is treated: replaced by CRLF (`normalize`), an error (`reject`), or sent
        /// (`allow`).
        public var bareNewlines = BareNewlinePolicy.normalize
        /// Bytes that are sent before everything else, TLS included: a header of the PROXY protocol.
        public var preamble: [UInt8] = []
        /// The attributes of `XCLIENT` that describe the client for which this one connects, for a server that trusts
        /// it.
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

    /// Makes a connection, lends it, and ends it with `QUIT`.
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
