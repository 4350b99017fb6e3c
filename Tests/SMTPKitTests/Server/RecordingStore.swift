import NIOCore
import SMTPKit
import Synchronization
import TranscriptSupport

/// Keeps messages in memory, for tests to look at.
final class RecordingStore: MessageStore {
    private let kept = Mutex<[Recording.Message]>([])

    var messages: [Recording.Message] { kept.withLock { $0 } }

    func store(_ message: Message) async throws { try keep(message) }

    /// Without a task, so that it does not depend on how busy other tests keep the threads of tasks.
    func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        eventLoop.makeCompletedFuture { try keep(message) }
    }

    private func keep(_ message: Message) throws {
        var content: [UInt8] = []
        try message.content.forEachChunk { content += $0 }
        keep(Recording.Message(envelope: message.envelope, content: content))
    }

    func keep(_ message: Recording.Message) { kept.withLock { $0.append(message) } }

    func close() async {}
}
