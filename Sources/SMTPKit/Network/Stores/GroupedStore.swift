import NIOCore

/// A store that is one ``GroupedWriter``.
protocol GroupedStore: MessageStore {
    var writer: GroupedWriter { get }
}

extension GroupedStore {
    public var name: String { writer.path }

    public func store(_ message: Message) async throws { try await writer.store(message) }

    public func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        writer.store(message, on: eventLoop)
    }

    public func close() async { await writer.close() }
}
