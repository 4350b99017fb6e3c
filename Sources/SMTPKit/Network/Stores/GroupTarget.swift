/// A place that messages are appended to, one group at a time.
///
/// A ``GroupedWriter`` owns it and never calls it twice at once; it may call from different threads.
protocol GroupTarget: AnyObject {
    /// The name of the place in errors.
    var path: String { get }

    /// Appends a group.
    ///
    /// - Parameters:
    ///   - group: at least one message.
    ///   - mayWait: whether the thread may be held up: by a lock, a slow reader, a disk, or a lot of work.
    ///     When not, ``GroupOutcome/needsToWait`` is a good answer.
    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome

    /// How ``takeBack()`` rolls back.
    var reversal: Reversal { get }

    /// Rolls back the last call of ``append(_:mayWait:)``, which stored everything that was added since.
    ///
    /// Messages that cannot be rolled back now stay: they are whole, and the client sends them again.
    func takeBack()

    /// Whether a lock or file is held that other programs may want, so that ``rest()`` should be called soon.
    var isHolding: Bool { get }

    /// Releases locks and files that other programs may want. Never waits.
    func rest()

    /// Rests, and closes the files that it opened. Nothing is appended after it.
    func close()
}

extension GroupTarget {
    var isHolding: Bool { false }

    func rest() {}

    func close() { rest() }
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
