import Synchronization

/// A number that several threads change.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    /// The number now.
    var value: Int { number.load(ordering: .relaxed) }

    /// Adds to it.
    func add(_ amount: Int) { number.add(amount, ordering: .relaxed) }

    /// Sets it to 0.
    ///
    /// - Returns: what it was.
    func reset() -> Int { number.exchange(0, ordering: .relaxed) }
}
