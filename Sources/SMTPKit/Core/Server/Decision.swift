/// A question that a session asks its driver, because the protocol does not define the answer.
///
/// ``ServerSession/resolve(_:into:)`` answers, except where a case names another method. While one is pending,
/// everything that the client sends after it waits, so replies keep their order.
///
/// Its payload is boxed, so that a step without a question moves no more than a word.
public indirect enum Decision: Hashable, Sendable {
    /// May this client connect?
    case connection
    /// Is this hello welcome? The verb and the name.
    case hello(Peer.HelloVerb, String)
    /// Is this sender welcome?
    case sender(ReversePath, [ESMTPParameter])
    /// Is this recipient known?
    case recipient(Envelope.Recipient)
    /// The content of a message is complete: take responsibility for it, or refuse. Answered by
    /// ``ServerSession/resolveMessage(_:into:)``.
    case message
    /// Is this client who it says? Answered by ``ServerSession/resolveAuthentication(_:into:)``.
    case authenticate(SASLQuestion)
    /// An authentication failed, for this many times now: wait a while, then accept.
    case authenticationFailure(Int)
    /// Asks for the reply to `VRFY`.
    case verify(String)
    /// Asks for the reply to `EXPN`.
    case expand(String)
    /// The dialogue has come to a stage that is intercepted. Answered by
    /// ``ServerSession/resolveStep(_:into:)``.
    case step(DialogueStep)
    /// An interception waits: let this time pass, then accept.
    case pause(Duration)
    /// An interception stalls: read nothing more from the connection, and answer nothing.
    case stall

    /// Whether this is a step that may be intercepted.
    var isStep: Bool {
        if case .step = self { true } else { false }
    }

    /// The kinds of decision, for saying which of them a driver wants to be asked.
    public struct Kinds: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// ``Decision/connection``
        public static let connection = Kinds(rawValue: 1 << 0)
        /// ``Decision/hello(_:_:)``
        public static let hello = Kinds(rawValue: 1 << 1)
        /// ``Decision/sender(_:_:)``
        public static let sender = Kinds(rawValue: 1 << 2)
        /// ``Decision/recipient(_:)``
        public static let recipient = Kinds(rawValue: 1 << 3)
        /// ``Decision/verify(_:)``
        public static let verify = Kinds(rawValue: 1 << 4)
        /// ``Decision/expand(_:)``
        public static let expand = Kinds(rawValue: 1 << 5)
        /// No question: the driver wants to hear of ``ServerOutput/abandoned`` transactions.
        public static let reset = Kinds(rawValue: 1 << 6)
        /// All questions.
        public static let all: Kinds = [.connection, .hello, .sender, .recipient, .verify, .expand]
    }
}
