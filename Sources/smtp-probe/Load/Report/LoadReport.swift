import NIOCore
import SMTPKit

/// The result of a load run: its counts, and how long it took.
struct LoadReport {
    let plan: LoadPlan
    let tally: LoadTally
    /// The time from the first start of a message to the end of the last one.
    let time: TimeAmount

    init(_ run: LoadRun) {
        plan = run.plan
        tally = run.tally
        time = run.period.map { $0.end - $0.start } ?? .zero
    }

    /// The accepted messages in a second.
    var rate: Double {
        time > .zero ? Double(tally.accepted) * 1_000_000_000 / Double(time.nanoseconds) : 0
    }

    /// The bytes of content that the server accepted in a second.
    var bytesPerSecond: Double { rate * Double(plan.content.size) }

    /// The latencies, in the order of a session.
    var latencies: [(name: String, summary: LatencyHistogram.Summary?)] {
        [
            ("connect", tally.connecting.summary), ("TLS", tally.handshakes.summary),
            ("transaction", tally.transactions.summary),
        ]
    }
}
