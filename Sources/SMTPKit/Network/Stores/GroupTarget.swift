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

    /// How well ``takeBack()`` works.
    var reversal: Reversal { get }

    /// Takes back what the last call of ``append(_:mayWait:)`` stored, which is all that came since.
    ///
    /// What cannot be taken back now stays: the message is whole, and its client brings it again.
    func takeBack()

    /// Whether something is held that others might want, so that ``rest()`` should be called before long.
    var isHolding: Bool { get }

    /// Lets go of what others might want. Never waits.
    func rest()
}

extension GroupTarget {
    var isHolding: Bool { false }

    func rest() {}
}

/// How a place can be rolled back, in the order in which places are written.
enum Reversal: Int, Comparable, Sendable {
    /// By removing files. A reader may have seen them.
    case removal
    /// By cutting a file back, under its locks.
    case truncation
    /// Not at all: a reader has it, or will.
    case impossible

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
