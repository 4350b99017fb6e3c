import NIOCore

/// A message that waits for its store, and whom to tell.
///
/// A class, because a message has a dozen references in it: passing one on is cheaper than a dozen.
final class PendingMessage: Sendable {
    /// The party that waits for the outcome.
    enum Waiter: Sendable {
        case session(EventLoopPromise<Void>)
        case task(CheckedContinuation<Void, any Error>)
    }

    let message: Message
    let waiter: Waiter

    init(message: Message, waiter: Waiter) {
        self.message = message
        self.waiter = waiter
    }

    /// The event loop of the session that waits, if it is one.
    var eventLoop: (any EventLoop)? {
        switch waiter {
        case .session(let promise): promise.futureResult.eventLoop
        case .task: nil
        }
    }

    /// Tells the outcome.
    func complete(_ error: StoreError?) {
        switch (waiter, error) {
        case (.session(let promise), nil): promise.succeed()
        case (.session(let promise), .some(let error)): promise.fail(error)
        case (.task(let continuation), nil): continuation.resume()
        case (.task(let continuation), .some(let error)): continuation.resume(throwing: error)
        }
    }
}

/// The outcome of a group.
enum GroupOutcome: Sendable {
    /// All of it is stored.
    case stored
    /// The error of each message in turn, `nil` for one that is stored.
    case mixed([StoreError?])
    /// Nothing was done: it cannot be done without waiting.
    case needsToWait
    /// Nothing was done: others are to have a turn for this long.
    case yields(TimeAmount)

    /// The outcome for the message at an index.
    func error(at index: Int) -> StoreError? {
        switch self {
        case .mixed(let errors): errors[index]
        case .stored, .needsToWait, .yields: nil
        }
    }

    /// The same outcome for each of a group.
    static func failed(_ error: StoreError, count: Int) -> GroupOutcome {
        .mixed(Array(repeating: error, count: count))
    }
}
