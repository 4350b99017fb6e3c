import SMTPKit
import Synchronization

/// The messages that have come, and who waits for them.
final class MessageLog: MessageStore {
    private struct Waiter {
        let count: Int
        let continuation: CheckedContinuation<[RecordedMessage]?, Never>
    }

    private struct State {
        var messages: [RecordedMessage] = []
        var waiters: [Int: Waiter] = [:]
        var given = 0
        /// Those who gave up before they waited.
        var gaveUp: Set<Int> = []
    }

    private let state = Mutex(State())

    var messages: [RecordedMessage] { state.withLock { $0.messages } }

    func store(_ message: Message) async throws {
        let message = try RecordedMessage(message)
        let (served, messages) = state.withLock { state in
            state.messages.append(message)
            let count = state.messages.count
            let served = state.waiters.filter { $0.value.count <= count }
            for key in served.keys { state.waiters[key] = nil }
            return (served.values.map(\.continuation), state.messages)
        }
        for continuation in served { continuation.resume(returning: messages) }
    }

    func removeAll() { state.withLock { $0.messages = [] } }

    /// A number under which to wait.
    func makeTicket() -> Int {
        state.withLock { state in
            state.given += 1
            return state.given
        }
    }

    /// Waits for as many messages.
    ///
    /// - Returns: all messages, or `nil` when the ticket was given up.
    func wait(for count: Int, ticket: Int) async -> [RecordedMessage]? {
        await withCheckedContinuation { continuation in
            let answer: [RecordedMessage]?? = state.withLock { state in
                if state.messages.count >= count { return .some(state.messages) }
                if state.gaveUp.remove(ticket) != nil { return .some(nil) }
                state.waiters[ticket] = Waiter(count: count, continuation: continuation)
                return .none
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Waits no longer.
    func giveUp(_ ticket: Int) {
        let waiter = state.withLock { state in
            if state.waiters[ticket] == nil { state.gaveUp.insert(ticket) }
            return state.waiters.removeValue(forKey: ticket)
        }
        waiter?.continuation.resume(returning: nil)
    }
}
