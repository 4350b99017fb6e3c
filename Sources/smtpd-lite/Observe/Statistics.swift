import CommandLineSupport
import SMTPKit
import Synchronization

/// Counts what a server has done.
final class Statistics: Sendable {
    /// The counts at one time.
    struct Totals: Sendable {
        var seconds: Double = 0
        var sessions = 0
        var openSessions = 0
        var messages = 0
        var recipients = 0
        var octets: UInt64 = 0

        /// Messages in a second, from the start on.
        var rate: Double { seconds > 0 ? Double(messages) / seconds : 0 }
    }

    private let start = ContinuousClock.now
    private let counts = Mutex(Totals())
    /// The messages that there were half a second ago.
    private let last = Mutex((messages: 0, at: ContinuousClock.now))

    /// A connection came.
    func sessionStarted() {
        counts.withLock { counts in
            counts.sessions += 1
            counts.openSessions += 1
        }
    }

    /// A connection is gone.
    func sessionEnded() { counts.withLock { $0.openSessions -= 1 } }

    /// A message was stored.
    func messageStored(_ message: Message) {
        counts.withLock { counts in
            counts.messages += 1
            counts.recipients += message.envelope.recipients.count
            counts.octets += message.content.count
        }
    }

    /// The counts up to now.
    var totals: Totals {
        var totals = counts.withLock { $0 }
        totals.seconds = Self.seconds(start.duration(to: .now))
        return totals
    }

    /// One line for a terminal: the totals, and the rate since the line before.
    ///
    ///     12 sessions (3 open), 340 messages, 1.2 MiB; 68.0 messages/s
    func liveLine() -> String {
        let totals = totals
        let rate = last.withLock { last in
            let now = ContinuousClock.now
            let seconds = Self.seconds(last.at.duration(to: now))
            defer { last = (totals.messages, now) }
            return seconds > 0 ? Double(totals.messages - last.messages) / seconds : 0
        }
        return Self.line(totals, rate)
    }

    /// The same for the end, with the rate over all.
    var lastLine: String { Self.line(totals, totals.rate) }

    /// The totals for programs.
    ///
    ///     {"seconds":12.345,"sessions":12,"messages":340,"recipients":341,"octets":1234567,"messages_per_second":27.541}
    var json: String {
        let totals = totals
        var writer = JSONWriter()
        writer.object { object in
            object.name("seconds")
            object.thousandths(UInt64(totals.seconds * 1_000))
            object.member("sessions", totals.sessions)
            object.member("messages", totals.messages)
            object.member("recipients", totals.recipients)
            object.member("octets", totals.octets)
            object.name("messages_per_second")
            object.thousandths(UInt64(totals.rate * 1_000))
        }
        return writer.text
    }

    private static func line(_ totals: Totals, _ rate: Double) -> String {
        "\(count(totals.sessions, "session")) (\(totals.openSessions) open), \(count(totals.messages, "message")), "
            + "\(PrettyPrinter.size(totals.octets)); \(tenths(rate)) messages/s"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private static func tenths(_ number: Double) -> String {
        let tenths = UInt64(max(0, number) * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
