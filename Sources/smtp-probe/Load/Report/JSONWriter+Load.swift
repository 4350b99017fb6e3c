import NIOCore
import SMTPKit

/// The result of a load run in the document.
extension JSONWriter {
    /// Writes the counts and the latencies.
    mutating func write(_ report: LoadReport) {
        let tally = report.tally
        object { json in
            json.member("planned", report.plan.messages)
            json.member("started", tally.started)
            json.member("accepted", tally.accepted)
            json.member("partial", tally.partial)
            json.member("refused", tally.refused)
            json.member("failed", tally.failed)
            json.member("sessions", tally.sessions)
            json.name("duration_ms")
            json.thousandths(UInt64(max(report.time.nanoseconds, 0)) / 1_000)
            json.name("rate")
            json.thousandths(UInt64((report.rate * 1_000).rounded()))
            json.member("codes") { json in
                json.object { json in
                    for (code, entry) in tally.codes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                        json.name("\(code.rawValue)")
                        json.number(entry.count)
                    }
                }
            }
            json.member("failures") { json in
                json.object { json in
                    for (kind, failure) in tally.failures.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                        json.name(kind.rawValue)
                        json.number(failure.count)
                    }
                }
            }
            json.member("connect_ms") { $0.write(tally.connecting.summary) }
            json.member("tls_ms") { $0.write(tally.handshakes.summary) }
            json.member("transaction_ms") { $0.write(tally.transactions.summary) }
            json.member("histogram", tally.transactions.summary == nil ? nil : tally.transactions.compressed)
        }
    }

    private mutating func write(_ summary: LatencyHistogram.Summary?) {
        guard let summary else { return null() }
        object { json in
            json.member("count", summary.count)
            let values: [(String, UInt64)] = [
                ("min", summary.minimum), ("p50", summary.p50), ("p90", summary.p90), ("p99", summary.p99),
                ("p99.9", summary.p999), ("max", summary.maximum), ("mean", summary.mean),
            ]
            for (name, value) in values {
                json.name(name)
                json.thousandths(value)
            }
        }
    }
}
