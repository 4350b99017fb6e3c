/// A moment, as seconds since the start of 1970 in UTC.
///
/// The core has no clock: whoever feeds a session says what time it is.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Whole seconds since 1970-01-01T00:00:00Z, leap seconds left out.
    public var seconds: Int64
    /// The rest, 0 to 999,999,999.
    public var nanoseconds: UInt32

    /// Makes a moment.
    public init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    public static func < (a: Timestamp, b: Timestamp) -> Bool {
        (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
    }
}
