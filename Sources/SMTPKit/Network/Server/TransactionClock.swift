import NIOCore

/// When a session, and the transaction under way in it, began.
struct TransactionClock {
    private let session = NIODeadline.now()
    private var transaction: NIODeadline?
    private var content: NIODeadline?

    /// Looks at the clock where something has begun or ended since the last look.
    mutating func look(isInTransaction: Bool, isReceivingContent: Bool) {
        if isInTransaction != (transaction != nil) { transaction = isInTransaction ? .now() : nil }
        if isReceivingContent, content == nil { content = .now() }
        if !isInTransaction { content = nil }
    }

    /// Ends the transaction.
    ///
    /// - Returns: how long it took. What began and ended with bytes that came together took no time.
    mutating func stop() -> Message.Timings {
        let end = NIODeadline.now()
        defer { (transaction, content) = (nil, nil) }
        return Message.Timings(
            session: Self.duration(session, end), transaction: Self.duration(transaction ?? end, end),
            content: Self.duration(content ?? end, end))
    }

    private static func duration(_ start: NIODeadline, _ end: NIODeadline) -> Duration {
        .nanoseconds((end - start).nanoseconds)
    }
}
