package import NIOCore

/// A store that keeps messages for sessions without a task for each message.
package protocol EventLoopStore: MessageStore {
    /// Keeps a message for a session.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - eventLoop: the session's event loop, on which the caller is.
    /// - Returns: a future of that event loop. It fails as ``MessageStore/store(_:)`` throws.
    func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void>
}

extension MessageStore {
    /// The store as sessions call it. A store of the application gets a task for each message.
    package var forSessions: any EventLoopStore { self as? any EventLoopStore ?? TaskStore(store: self) }
}

/// Calls a store of the application in tasks.
private struct TaskStore<Store: MessageStore>: EventLoopStore {
    let store: Store

    var name: String { store.name }

    var needsContent: Bool { store.needsContent }

    func store(_ message: Message) async throws { try await store.store(message) }

    func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        eventLoop.makeFutureWithTask { try await store.store(message) }
    }

    func prepareToClose(within grace: Duration) { store.prepareToClose(within: grace) }

    func close() async { await store.close() }
}
