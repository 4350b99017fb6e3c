import Synchronization

/// A number that several threads change.
package final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    /// Begins with 0.
    package init() {}

    /// The number now.
    package var value: Int { number.load(ordering: .relaxed) }

    /// Adds to it.
    package func add(_ amount: Int) { number.add(amount, ordering: .relaxed) }

    /// Sets it to 0.
    ///
    /// - Returns: what it was.
    package func reset() -> Int { number.exchange(0, ordering: .relaxed) }
}
