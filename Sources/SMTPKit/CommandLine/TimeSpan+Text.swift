extension TimeSpan {
    /// A duration as a person writes it: `30s`, `500ms`, `5m`.
    package static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        switch milliseconds {
        case let count where count % 1_000 != 0: return "\(count)ms"
        case let count where count % 3_600_000 == 0 && count > 0: return "\(count / 3_600_000)h"
        case let count where count % 60_000 == 0 && count > 0: return "\(count / 60_000)m"
        case let count: return "\(count / 1_000)s"
        }
    }
}
