import NIOConcurrencyHelpers
package import SMTPCore

/// Makes the names of messages: 12 characters of Crockford's base 32, which hold a number of 60 bits.
///
/// Each event loop has a source. A source takes its numbers from ranges that the run's ``QueueIDRanges`` grants to it
/// alone. No two messages of a run share a name, whatever the number of event loops and the rate.
package struct QueueIDSource {
    private static let alphabet: StaticString = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    private let ranges: QueueIDRanges
    private var range: Range<UInt64> = 0..<0

    package init(_ ranges: QueueIDRanges) { self.ranges = ranges }

    /// Returns a name that no message of this run had before.
    package mutating func make() -> QueueID {
        if range.isEmpty { range = ranges.next() }
        let value = range.lowerBound
        range = value + 1..<range.upperBound
        return QueueID(
            known: String(unsafeUninitializedCapacity: 12) { buffer in
                for index in 0..<12 {
                    buffer[index] = Self.alphabet.utf8Start[Int(value >> UInt64(5 * (11 - index)) & 31)]
                }
                return 12
            })
    }
}

/// Grants ranges of numbers to the sources of a run.
///
/// The first number follows from the time, with 524,288 numbers for each millisecond. A later run has other numbers
/// unless this one names more messages than that, on average, for as long as it lasts.
package final class QueueIDRanges: Sendable {
    /// How many numbers a source gets at a time.
    static let size: UInt64 = 1 << 10

    private let start: NIOLockedValueBox<UInt64>

    package init(now: Timestamp = .now) {
        let milliseconds = UInt64(max(0, now.seconds)) * 1_000 + UInt64(now.nanoseconds / 1_000_000)
        start = NIOLockedValueBox(milliseconds << 19)
    }

    /// Returns numbers that no other source has.
    func next() -> Range<UInt64> {
        start.withLockedValue { start in
            defer { start += Self.size }
            return start..<start + Self.size
        }
    }
}
