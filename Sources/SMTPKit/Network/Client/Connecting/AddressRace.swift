/// The order and the times at which the addresses of one host are tried: a value without sockets or a clock.
///
/// Families alternate. The next attempt begins when one fails, or after a delay; the first connection wins.
///
/// - SeeAlso: RFC 8305, sections 4 and 5.
package struct AddressRace: Sendable {
    /// The next action.
    package enum Action: Hashable, Sendable {
        /// Begin to connect to the address with this index.
        case start(Int)
        /// Wait for the attempts under way, but no longer than until this time since the start, if there is one.
        case wait(until: Duration?)
        /// Every attempt failed.
        case exhausted
    }

    /// The delay between two attempts (RFC 8305, section 8).
    package static let delay = Duration.milliseconds(250)

    private var waiting: ArraySlice<Int>
    private var underWay: Set<Int> = []
    private var nextStart = Duration.zero
    private let delay: Duration

    /// Makes a race.
    ///
    /// - Parameters:
    ///   - isIPv6: the family of each address, in the order of preference.
    ///   - limit: how long the race may take; each address gets its turn within it.
    package init(_ isIPv6: [Bool], limit: Duration) {
        waiting = Self.alternating(isIPv6)[...]
        delay = min(Self.delay, limit / (isIPv6.count + 1))
    }

    private static func alternating(_ isIPv6: [Bool]) -> [Int] {
        guard let first = isIPv6.first else { return [] }
        var same = isIPv6.indices.filter { isIPv6[$0] == first }[...]
        var other = isIPv6.indices.filter { isIPv6[$0] != first }[...]
        var order: [Int] = []
        while let next = same.popFirst() {
            order.append(next)
            if let next = other.popFirst() { order.append(next) }
        }
        return order + other
    }

    /// Returns what is to be done at a time since the start.
    package mutating func next(at time: Duration) -> Action {
        guard let index = waiting.first else { return underWay.isEmpty ? .exhausted : .wait(until: nil) }
        guard underWay.isEmpty || time >= nextStart else { return .wait(until: nextStart) }
        waiting.removeFirst()
        underWay.insert(index)
        nextStart = time + delay
        return .start(index)
    }

    /// An attempt failed: the next one begins at once.
    package mutating func failed(_ index: Int) {
        underWay.remove(index)
        nextStart = .zero
    }
}
