/// A dialogue with a server that could not be, or could not go on.
///
/// A refusal of a sender, a recipient or a message is no error but part of a ``TransactionOutcome``. An error says at
/// which ``stage`` the dialogue ended, and why in one line that can be shown and logged: it never holds a password, an
/// argument of `AUTH`, or any of a message's content.
///
///     catch let error as SMTPError where error.code == .timedOut { retryLater() }
public struct SMTPError: Error, Sendable {
    /// A kind of error. Later versions may add kinds.
    public struct Code: Hashable, Sendable {
        /// The code as a word.
        public let name: String

        /// The name has no address, or the domain takes no mail.
        public static let notResolved = Code(name: "not-resolved")
        /// No connection could be made.
        public static let connectFailed = Code(name: "connect-failed")
        /// The server closed the connection, or it broke, where it was still needed.
        public static let closed = Code(name: "closed")
        /// The server let the time of ``ClientTimeouts`` pass.
        public static let timedOut = Code(name: "timed-out")
        /// The server refused a step without which nothing can go on; its words are in ``SMTPError/reply``.
        public static let refused = Code(name: "refused")
        /// The server said `421` and closes (RFC 5321, section 3.8).
        public static let serviceClosing = Code(name: "service-closing")
        /// The server sent what is no reply, or one that cannot answer what was asked.
        public static let protocolViolation = Code(name: "protocol-violation")
        /// The server sent a reply that answers no command. Later replies can no longer be matched to commands.
        public static let outOfSync = Code(name: "out-of-sync")
        /// Bytes in clear followed the `220` to `STARTTLS`. This may be an attack by a machine in the middle (RFC 3207,
        /// section 4.2).
        public static let plaintextBehindStartTLS = Code(name: "plaintext-behind-starttls")
        /// TLS was required, and the server does not offer it.
        public static let tlsNotOffered = Code(name: "tls-not-offered")
        /// The handshake failed, or the certificate was not accepted; ``SMTPError/underlying`` says why.
        public static let tlsFailed = Code(name: "tls-failed")
        /// An extension was needed that the server does not offer. Nothing was sent.
        public static let extensionNotOffered = Code(name: "extension-not-offered")
        /// A password would have been sent in clear, and was not.
        public static let secretInClear = Code(name: "secret-in-clear")
        /// The server did not prove that it knows the password, or the credentials cannot be used in the mechanism.
        public static let authenticationFailed = Code(name: "authentication-failed")
        /// A name or an address would have broken out of its command, and nothing was sent.
        public static let invalidArgument = Code(name: "invalid-argument")
        /// The content holds a CR or LF outside of a CRLF, and the policy does not allow that.
        public static let bareNewline = Code(name: "bare-newline")
        /// The connection is busy with another step, or was not prepared for this one.
        public static let outOfOrder = Code(name: "out-of-order")
    }

    /// The kind of error.
    public let code: Code
    /// Where in the dialogue it happened; `nil` between two steps.
    public let stage: ClientStage?
    /// The reply that brought it about, if one did.
    public let reply: Reply?
    /// The verb of the command that it is about, if there was one.
    public let command: String?
    /// The reason, in words.
    public let reason: String?
    /// The error below this one, if there was one.
    public let underlying: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code, stage: ClientStage?, reply: Reply? = nil, command: String? = nil, reason: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.stage = stage
        self.reply = reply
        self.command = command
        self.reason = reason
        self.underlying = underlying
    }
}

extension SMTPError.Code: CustomStringConvertible {
    public var description: String { name }
}

extension SMTPError: CustomStringConvertible {
    /// One line: what happened, where, and what the server said.
    public var description: String {
        var text = headline
        if let reason, code != .extensionNotOffered {
            text += ": \(reason)"
        } else if let underlying {
            text += ": \(underlying)"
        }
        if let reply { text += ": \(reply)" }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isControl ? "?" : $0 }))
    }

    private var headline: String {
        let place = stage.map { " at \($0)" } ?? ""
        return switch code {
        case .notResolved: "the server's address was not found"
        case .connectFailed: "cannot connect"
        case .closed: "the server closed the connection\(place)"
        case .timedOut: "the server took too long\(place)"
        case .refused: "the server refused\(stage.map { " \($0)" } ?? "")"
        case .serviceClosing: "the server is closing the connection\(place)"
        case .protocolViolation: "the server broke the protocol\(place)"
        case .outOfSync: "the server sent a reply that nobody asked for\(place)"
        case .plaintextBehindStartTLS: "octets in clear stand behind the reply to STARTTLS"
        case .tlsNotOffered: "the server does not offer STARTTLS"
        case .tlsFailed: "no secure connection"
        case .extensionNotOffered: "the server does not offer \(reason ?? "what is needed\(place)")"
        case .secretInClear: "a password is not sent without TLS"
        case .authenticationFailed: "authentication failed"
        case .invalidArgument: "an argument cannot be sent\(place)"
        case .bareNewline: "the content holds a CR or LF that stands alone"
        case .outOfOrder: "the step is not due"
        case _: code.name
        }
    }
}

extension Unicode.Scalar.Properties {
    /// Whether the scalar must not reach a terminal.
    fileprivate var isControl: Bool { generalCategory == .control || generalCategory == .format }
}
