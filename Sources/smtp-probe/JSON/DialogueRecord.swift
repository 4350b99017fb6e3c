import SMTPKit

/// What was said, and when: for the transcript and its times.
final class DialogueRecord {
    /// One entry, with its time since the start.
    struct Entry {
        let time: Duration
        let item: ClientTraceEntry
    }

    private let start = ContinuousClock.now
    /// When it began, by the clock of the world.
    let started = Timestamp.now
    private(set) var entries: [Entry] = []
    /// How long each stage took that came to its end, in order.
    private(set) var times: [(stage: String, time: Duration)] = []
    private var stageStart: Duration = .zero
    /// Called with each entry as it comes.
    var onEntry: ((ClientTraceEntry) -> Void)?

    /// The time since the start.
    var elapsed: Duration { ContinuousClock.now - start }

    func append(_ entry: ClientTraceEntry) {
        entries.append(Entry(time: elapsed, item: entry))
        onEntry?(entry)
    }

    /// A stage is over, and the next begins.
    func finished(_ stage: String) {
        let now = elapsed
        times.append((stage, now - stageStart))
        stageStart = now
    }
}

extension Duration {
    /// In whole milliseconds, rounded to the nearest.
    var milliseconds: Int64 { microseconds / 1_000 + (microseconds % 1_000 >= 500 ? 1 : 0) }
    /// In whole microseconds.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
