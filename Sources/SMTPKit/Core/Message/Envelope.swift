/// The sender and the recipients of a message, with all parameters of `MAIL` and `RCPT`.
///
/// - SeeAlso: RFC 5321, section 2.3.1.
public struct Envelope: Hashable, Sendable {
    /// Where bounces go.
    public var reversePath: ReversePath
    /// The sender's address as the client wrote it, if something was left out to make it valid: blanks, a trailing dot,
    /// a name before the brackets. Otherwise `nil`.
    public var rawReversePath: String?
    /// The parameters of `MAIL`, in the order given, each keyword at most once.
    public var parameters: [ESMTPParameter]
    /// The accepted recipients, in the order given.
    public var recipients: [Recipient]
    /// The priority of the message, -9 to 9; 0 when the client gave none. The value that the client gave is among the
    /// parameters. It is lowered to 0 for clients that have not authenticated.
    ///
    /// - SeeAlso: RFC 6710, section 4.1.
    public var priority: Int

    /// Makes an envelope.
    public init(
        reversePath: ReversePath,
        parameters: [ESMTPParameter] = [],
        recipients: [Recipient] = [],
        priority: Int = 0
    ) {
        self.reversePath = reversePath
        self.parameters = parameters
        self.recipients = recipients
        self.priority = priority
    }

    /// One accepted recipient.
    public struct Recipient: Hashable, Sendable {
        /// The address.
        public var path: ForwardPath
        /// The address as the client wrote it, if something was left out to make it valid.
        public var rawPath: String?
        /// The parameters of its `RCPT`, in the order given, each keyword at most once.
        public var parameters: [ESMTPParameter]

        /// Makes a recipient.
        public init(_ path: ForwardPath, parameters: [ESMTPParameter] = []) {
            self.path = path
            self.parameters = parameters
        }

        func value(of keyword: String) -> String? { parameters.value(of: keyword) }
    }

    /// The size that the client declared, in bytes (`SIZE=`), or `nil`.
    ///
    /// - SeeAlso: RFC 1870, section 6.1.
    public var declaredSize: UInt64? { value(of: "SIZE").flatMap { UInt64($0) } }

    /// The type of the content, as the client declared it (`BODY=`); `7BIT` when it declared none.
    ///
    /// - SeeAlso: RFC 6152, section 2.
    public var body: BodyType { value(of: "BODY").flatMap { BodyType(rawValue: $0.uppercased()) } ?? .sevenBit }

    /// Whether addresses and header may hold UTF-8.
    ///
    /// - SeeAlso: RFC 6531, section 3.4.
    public var isInternationalized: Bool { parameters.contains { $0.keyword == "SMTPUTF8" } }

    func value(of keyword: String) -> String? { parameters.value(of: keyword) }
}

extension [ESMTPParameter] {
    /// The value of the parameter with a keyword in upper case.
    func value(of keyword: String) -> String? {
        guard !isEmpty else { return nil }
        return first { $0.keyword == keyword }?.value
    }
}

/// The values of `BODY=`.
///
/// - SeeAlso: RFC 6152, section 2; RFC 3030, section 3.
public enum BodyType: String, Hashable, Sendable {
    /// Bytes 1 to 127, in lines.
    case sevenBit = "7BIT"
    /// Bytes 1 to 255, in lines.
    case eightBitMIME = "8BITMIME"
    /// Any bytes; no line structure.
    case binaryMIME = "BINARYMIME"
}
