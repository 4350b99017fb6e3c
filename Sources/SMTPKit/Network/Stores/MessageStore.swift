/// Where messages go.
///
/// The final reply waits for the store: a client that reads `250` may forget the message, so a store must
/// have it safe before it says so. What "safe" means is the store's promise.
///
///     C: .
///     S: 250 2.0.0 Ok: queued as 4F7A21C0
///
/// A store is shared by all sessions and may be called from several threads at once.
///
/// - SeeAlso: RFC 5321, sections 4.2.5 and 6.1.
public protocol MessageStore: Sendable {
    /// The name of the store in messages to the operator: a path, a command. The default is `the store`.
    var name: String { get }

    /// Whether the store wants the content. When it does not, the server counts the bytes and drops them:
    /// messages come with ``MessageContent/discarded(count:)``.
    var needsContent: Bool { get }

    /// Keeps a message.
    ///
    /// - Throws: ``StoreError`` or another error when it is not kept. Nothing of it may then be left.
    func store(_ message: Message) async throws

    /// The server is told to stop, and waits this long for messages under way. Whatever would take longer is to be
    /// given up by then. The default does nothing.
    func prepareToClose(within grace: Duration)

    /// Finishes what is under way and lets go of files and locks. Messages that come later are refused.
    func close() async
}

extension MessageStore {
    public var name: String { "the store" }

    public var needsContent: Bool { true }

    public func prepareToClose(within grace: Duration) {}

    public func close() async {}
}
