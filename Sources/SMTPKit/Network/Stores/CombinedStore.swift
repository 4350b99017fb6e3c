package import NIOCore

/// Keeps each message in several stores: in all of them, or in none.
///
/// First the message is given to stores that are not of this library and to a ``CommandStore``, one after
/// another: they may refuse it, and what they did cannot be undone. Then it is put into folders, appended to files and,
/// at last, written to pipes. When one of those fails, it is rolled back in those before: files in folders are removed,
/// and files cut. So a message that was refused is nowhere but with a command that accepted it before another store
/// failed, or in a pipe before a second one failed.
///
/// A process that is killed between two of these steps may leave a message that was not acknowledged in the stores
/// before; its client sends it again. A line of JSON never names a file that is not there.
public struct CombinedStore: MessageStore, EventLoopStore {
    private let first: [any EventLoopStore]
    private let writer: GroupedWriter?

    /// Combines stores. The combination owns them: do not use them elsewhere.
    public init(_ stores: [any MessageStore]) {
        first = stores.filter { !($0 is FileStore) }.map(\.forSessions)
        let writers = stores.compactMap { ($0 as? FileStore)?.writer }
        writer = writers.isEmpty ? nil : GroupedWriter(CombinedTarget(writers), alwaysWaits: true)
    }

    public var name: String { (first.map(\.name) + (writer.map { [$0.path] } ?? [])).joined(separator: ", ") }

    public var needsContent: Bool { writer != nil || first.contains(where: \.needsContent) }

    public func store(_ message: Message) async throws {
        for store in first { try await store.store(message) }
        try await writer?.store(message)
    }

    package func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        guard let writer else { return storeFirst(message, on: eventLoop, from: 0) }
        guard !first.isEmpty else { return writer.store(message, on: eventLoop) }
        return storeFirst(message, on: eventLoop, from: 0).flatMap { writer.store(message, on: eventLoop) }
    }

    public func prepareToClose(within grace: Duration) {
        for store in first { store.prepareToClose(within: grace) }
    }

    public func close() async {
        for store in first { await store.close() }
        await writer?.close()
    }

    private func storeFirst(
        _ message: Message, on eventLoop: any EventLoop, from index: Int
    ) -> EventLoopFuture<Void> {
        guard index < first.count else { return eventLoop.makeSucceededVoidFuture() }
        return first[index].store(message, on: eventLoop).flatMap {
            storeFirst(message, on: eventLoop, from: index + 1)
        }
    }
}
