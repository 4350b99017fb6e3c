import NIOCore
import SMTPKit

/// Keeps each message in several stores; it is kept when every one of them has it.
///
/// When one of them fails the message is refused, and the client will bring it again: the others may then
/// have it twice, and none is without it.
struct EveryStore: MessageStore {
    private let stores: [any MessageStore]

    init(_ stores: [any MessageStore]) { self.stores = stores }

    var needsContent: Bool { stores.contains(where: \.needsContent) }

    func store(_ message: Message) async throws {
        for store in stores { try await store.store(message) }
    }

    func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        .andAllSucceed(stores.map { $0.store(message, on: eventLoop) }, on: eventLoop)
    }

    func close() async {
        for store in stores { await store.close() }
    }
}
