import SMTPCore

/// Makes names for messages: when the server started, which loop, and a number.
///
/// The name has twelve characters of Crockford's base 32, so it needs no allocation and cannot be
/// misread on the telephone.
struct QueueIDSource {
    private static let alphabet: StaticString = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    private var next: UInt64

    init(loop: Int) {
        let milliseconds = UInt64(max(0, Timestamp.now.seconds)) * 1_000 + UInt64(Timestamp.now.nanoseconds / 1_000_000)
        next = milliseconds << 19 | UInt64(loop & 15) << 15
    }

    /// A name that no message of this server had before.
    mutating func make() -> QueueID {
        next += 1
        let value = next
        return QueueID(
            known: String(unsafeUninitializedCapacity: 12) { buffer in
                for index in 0..<12 {
                    buffer[index] = Self.alphabet.utf8Start[Int(value >> UInt64(5 * (11 - index)) & 31)]
                }
                return 12
            })
    }
}
