import NIOCore
import SMTPKit

/// Has messages looked at before they are kept, whole even where they are to be thrown away.
struct InspectedStore: EventLoopStore {
    private let store: any EventLoopStore
    private let inspect: @Sendable (Message) -> Void

    /// - Parameter inspect: looks at a message; its client waits meanwhile.
    init(_ store: any MessageStore, inspect: @escaping @Sendable (Message) -> Void = { _ in }) {
        self.store = store.forSessions
        self.inspect = inspect
    }

    var name: String { store.name }

    var needsContent: Bool { true }

    func store(_ message: Message) async throws {
        inspect(message)
        try await store.store(message)
    }

    func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        inspect(message)
        return store.store(message, on: eventLoop)
    }

    func prepareToClose(within grace: Duration) { store.prepareToClose(within: grace) }

    func close() async { await store.close() }
}
