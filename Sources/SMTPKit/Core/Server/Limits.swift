/// The limits for each client, and for all of them together.
///
/// Each server enforces its limits independently, and sends the reply named here when one is exceeded. The defaults are
/// at least what RFC 5321, section 4.5.3 demands of every receiver.
public struct Limits: Hashable, Sendable {
    // MARK: Sizes

    /// The longest command line in bytes, its CRLF included. Over: `500 5.5.2`, the line is skipped.
    ///
    /// The RFC asks for 512 and more for each extension; 4,096 has room for all of them.
    public var commandLine = 4_096
    /// The longest `AUTH` command, and the longest line of its exchange, in bytes, its CRLF included
    /// (RFC 4954, section 4). Over: `500 5.5.6`, and the exchange is over.
    public var authenticationLine = 12_288
    /// How much of a line that is too long is skipped, in bytes, in search of its end.
    /// Over: `421 4.7.0`, and the connection is closed.
    public var skippedLine = 1 << 20
    /// The longest local part in bytes, without quotes. Over: `501 5.1.7` or `501 5.1.3`.
    ///
    /// The RFC asks for 64; senders of bulk mail use more (VERP), so 64 is enforced in strict syntax
    /// only.
    public var localPart = 256
    /// The longest domain in bytes. Over: `501 5.1.7` or `501 5.1.3`.
    public var domain = 255
    /// The longest path in bytes, with its angle brackets and source route. Over: `501 5.1.7` or
    /// `501 5.1.3`. The RFC asks for 256.
    public var path = 1_024
    /// The largest content of a message in bytes, or `nil` for no limit of its own. Announced with
    /// `SIZE`. Over: `552 5.3.4`, at `MAIL` if declared, else after the content.
    public var messageSize: Int? = 50 << 20
    /// The largest chunk in bytes that is read although it will be refused. A larger one that ``messageSize`` does not
    /// allow cannot be waited for: `501 5.5.4`, and the connection is closed (RFC 3030, section 2).
    public var discardedChunk = 4 << 30
    /// The longest line of a message in bytes, its CRLF included, or `nil` for any length.
    /// Over: `500 5.5.2` after the content. The RFC asks for 1,000.
    public var textLine: Int?

    // MARK: Counts

    /// The most accepted recipients of one message. Over: `452 4.5.3`. The RFC asks for 100.
    /// Announced with `LIMITS`, like the number of transactions and of domains (RFC 9422, section 4).
    public var recipients = 1_000
    /// The most `RCPT` commands for one message, refused ones among them. Over: `452 4.5.3`, and each counts as a bad
    /// command.
    public var recipientCommands = 10_000
    /// The most `MAIL` commands of a session, or `nil` for any number. Over: `421 4.7.0`.
    public var transactions: Int?
    /// The most domains among the recipients of a session, or `nil` for any number. Over: `452 4.5.3`.
    public var recipientDomains: Int?
    /// The most commands since the start of a session, or since the last message that was accepted, that are answered
    /// with 5yz for their form or order; the next one is answered `421 4.7.0`, and the connection is closed.
    public var badCommands = 20
    /// The most failed authentications of a session; the last one is answered `421 4.7.0`.
    public var authenticationFailures = 5
    /// The most `Received` fields in a message. Over: `554 5.4.6` (RFC 5321, section 6.3).
    public var receivedFields = 100
    /// The most connections at a time. Over: `421 4.7.0` in place of the greeting.
    public var connections = 1_000

    // MARK: Times

    /// The longest time from the last reply to the end of the next command.
    /// Over: `421 4.4.2`. The RFC asks for 5 minutes.
    public var commandInput: Duration = .seconds(300)
    /// The longest silence within the content of a message. Over: `421 4.4.2`. The RFC asks for 3 minutes.
    public var messageInput: Duration = .seconds(600)
    /// The longest time for the header of a proxy to come. Over: the connection is closed.
    public var proxyInput: Duration = .seconds(10)
    /// The longest time in which a client takes nothing of the replies that wait for it. Over: the
    /// connection is closed.
    public var replyOutput: Duration = .seconds(60)
    /// The longest TLS handshake. Over: the connection is closed.
    public var tlsSetup: Duration = .seconds(60)
    /// How long the answer to a failed authentication is held back, times the number of failures.
    public var authenticationDelay: Duration = .seconds(1)
    /// The longest time that a hook or a store may take. Over: `451 4.3.0`.
    public var decision: Duration = .seconds(300)

    /// The defaults.
    public init() {}
}
