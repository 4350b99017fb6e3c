import SMTPKit

/// The entries of a dialogue with their times, for the transcript.
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
    /// How long each stage took that was reached.
    private(set) var times: [StageName: Duration] = [:]
    /// When the stage under way began.
    private var mark: Duration = .zero
    /// How many commands were sent whose reply has not been received.
    private var awaited = 0
    /// Called with each entry as it comes.
    var onEntry: ((ClientTraceEntry) -> Void)?

    /// The time since the start.
    var elapsed: Duration { ContinuousClock.now - start }

    func append(_ entry: ClientTraceEntry) {
        entries.append(Entry(time: elapsed, item: entry))
        measure(entry)
        onEntry?(entry)
    }

    /// A stage is over, and the next begins. A stage that is taken several times takes the sum.
    func finished(_ stage: StageName) {
        let now = elapsed
        times[stage, default: .zero] += now - mark
        mark = now
    }

    private func measure(_ entry: ClientTraceEntry) {
        switch entry.item {
        case .sent:
            // Nothing was waited for before this.
            if awaited == 0, entry.stage != .endOfData { mark = elapsed }
            awaited += 1
        case .received, .malformed:
            awaited = max(0, awaited - 1)
            if let stage = entry.stage { finished(StageName(stage, isSecured: entry.isSecured)) }
        case .secured: finished(.tls)
        case .content: return
        }
    }
}

extension Duration {
    /// In whole milliseconds, rounded to the nearest.
    var milliseconds: Int64 { microseconds / 1_000 + (microseconds % 1_000 >= 500 ? 1 : 0) }
    /// In whole microseconds.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
