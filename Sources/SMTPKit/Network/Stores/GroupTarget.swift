/// A place that messages are appended to, one group at a time.
///
/// A ``GroupedWriter`` owns it and never calls it twice at once; it may call from different threads.
protocol GroupTarget: AnyObject {
    /// What the place is called in errors.
    var path: String { get }

    /// Appends a group.
    ///
    /// - Parameters:
    ///   - group: at least one message.
    ///   - mayWait: whether the thread may be held up: by a lock, a slow reader, a disk, or a lot of work.
    ///     When not, ``GroupOutcome/needsToWait`` is a good answer.
    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome

    /// Whether something is held that others might want, so that ``rest()`` should be called before long.
    var isHolding: Bool { get }

    /// Lets go of what others might want. Never waits.
    func rest()
}
