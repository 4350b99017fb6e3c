import NIOCore
import SMTPKit

#if Load
import CZlib
import Histogram
#endif

/// The distribution of a duration: an HdrHistogram of microseconds, to three significant digits.
///
/// It exists only in a build with the trait `Load`; without it, nothing is recorded.
struct LatencyHistogram {
    /// Whether this build records durations.
    static var isAvailable: Bool {
        #if Load
        true
        #else
        false
        #endif
    }

    /// The longest duration that is told apart, in microseconds: one hour. Longer ones count as this one.
    static let longest: Int64 = 3_600_000_000

    #if Load
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1, highestTrackableValue: UInt64(Self.longest),
        numberOfSignificantValueDigits: .three)

    /// Adds a duration.
    mutating func record(_ duration: TimeAmount) {
        histogram.record(UInt64(min(max(duration.nanoseconds / 1_000, 0), Self.longest)))
    }

    /// The number of durations.
    var count: UInt64 { histogram.totalCount }

    /// The duration, in microseconds, that this share of all, in percent, does not exceed.
    func microseconds(atPercentile percentile: Double) -> UInt64 {
        // The largest value that is counted with one that was recorded may be larger than any recorded one.
        min(histogram.valueAtPercentile(percentile), histogram.max)
    }

    /// The figures of reports; `nil` when nothing was recorded.
    var summary: Summary? {
        guard count > 0 else { return nil }
        return Summary(
            count: count, minimum: histogram.min, p50: microseconds(atPercentile: 50),
            p90: microseconds(atPercentile: 90), p99: microseconds(atPercentile: 99),
            p999: microseconds(atPercentile: 99.9), maximum: histogram.max,
            mean: UInt64(histogram.mean.rounded()))
    }

    /// The histogram in HdrHistogram's compressed encoding, version 2, as base64: `HISTFAAAA…`.
    ///
    /// Every HdrHistogram library reads it. Values are microseconds.
    var compressed: String {
        let payload = encoded
        var length = compressBound(uLong(payload.count))
        var packed = [UInt8](repeating: 0, count: Int(length))
        // The result has room for every case, so only a lack of memory within zlib is left as an error.
        guard compress(&packed, &length, payload, uLong(payload.count)) == Z_OK else { return "" }
        var bytes: [UInt8] = []
        bytes.append(bigEndian: Self.compressedCookie)
        bytes.append(bigEndian: UInt32(length))
        bytes += packed.prefix(Int(length))
        return String(decoding: Base64.encode(bytes), as: UTF8.self)
    }

    private static let cookie: UInt32 = 0x1C84_9303 | 0x10
    private static let compressedCookie: UInt32 = 0x1C84_9304 | 0x10

    private var encoded: [UInt8] {
        var counts: [UInt8] = []
        var zeros: Int64 = 0
        for value in histogram.allValues() {
            if value.count == 0 {
                zeros += 1
                continue
            }
            // A run of zeros is one negative number; the zeros at the end are left out.
            if zeros > 0 { counts.append(zigzag: -zeros) }
            zeros = 0
            counts.append(zigzag: Int64(value.count))
        }
        var bytes: [UInt8] = []
        bytes.append(bigEndian: Self.cookie)
        bytes.append(bigEndian: UInt32(counts.count))
        bytes.append(bigEndian: UInt32(0))  // normalizing index offset
        bytes.append(bigEndian: UInt32(histogram.numberOfSignificantValueDigits.rawValue))
        bytes.append(bigEndian: histogram.lowestDiscernibleValue)
        bytes.append(bigEndian: histogram.highestTrackableValue)
        bytes.append(bigEndian: Double(1).bitPattern)
        return bytes + counts
    }
    #else
    mutating func record(_ duration: TimeAmount) {}
    var summary: Summary? { nil }
    var compressed: String { "" }
    func microseconds(atPercentile percentile: Double) -> UInt64 { 0 }
    #endif

    /// The usual figures, in microseconds.
    struct Summary: Hashable, Sendable {
        let count: UInt64
        let minimum: UInt64
        let p50: UInt64
        let p90: UInt64
        let p99: UInt64
        let p999: UInt64
        let maximum: UInt64
        let mean: UInt64
    }
}

#if Load
extension [UInt8] {
    fileprivate mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    /// Adds a number in ZigZag LEB128, at most nine bytes.
    fileprivate mutating func append(zigzag number: Int64) {
        var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
        for _ in 0..<8 where rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
#endif
