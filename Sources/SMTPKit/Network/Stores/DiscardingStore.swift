package import NIOCore

/// Takes every message and keeps none: for measuring, and for tests of clients.
///
/// The content is not even collected: the server counts its bytes and drops them.
public struct DiscardingStore: MessageStore, EventLoopStore {
    /// Makes a store.
    public init() {}

    public var needsContent: Bool { false }

    public func store(_ message: Message) async {}

    package func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        eventLoop.makeSucceededVoidFuture()
    }
}
