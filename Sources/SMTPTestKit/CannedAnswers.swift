public import SMTPKit

/// The replies that a test server gives in place of the usual ones.
///
///     server.answers.recipients["bob@example.net"] = .mailboxNotFound
///     server.answers.message = .insufficientStorage
///
/// An answer with 4yz or 5yz refuses, `421` also closes, and 2yz accepts with other words.
public struct CannedAnswers: Sendable {
    /// To every connection.
    public var connection: Reply?
    /// To every `EHLO`, `HELO` and `LHLO`.
    public var hello: Reply?
    /// To `MAIL`, by sender, as in `joe@example.org`.
    public var senders: [String: Reply] = [:]
    /// To every other `MAIL`.
    public var sender: Reply?
    /// To `RCPT`, by recipient, as in `ann@example.net`.
    public var recipients: [String: Reply] = [:]
    /// To every other `RCPT`.
    public var recipient: Reply?
    /// To the content of every message. One that is refused is not recorded.
    public var message: Reply?

    /// The usual answers.
    public init() {}
}
