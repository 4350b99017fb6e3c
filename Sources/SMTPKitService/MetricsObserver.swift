#if Service
public import Metrics
public import SMTPKit

/// Counts and measures what a server does.
///
/// | metric | kind | unit |
/// |---|---|---|
/// | `smtp_server_sessions_total` | counter | connections accepted |
/// | `smtp_server_sessions_open` | meter | connections open now |
/// | `smtp_server_messages_total` | counter | messages stored |
/// | `smtp_server_message_octets` | recorder | bytes of each message |
/// | `smtp_server_recipients_total` | counter | recipients of the messages stored |
/// | `smtp_server_failures_total` | counter | failures of hooks, stores and connections |
public struct MetricsObserver: ServerObserver {
    private let sessions: Counter
    private let openSessions: Meter
    private let messages: Counter
    private let messageOctets: Recorder
    private let recipients: Counter
    private let failures: Counter

    /// Makes an observer.
    ///
    /// - Parameters:
    ///   - dimensions: what to label every metric with, such as the name of the listener.
    ///   - factory: where the metrics go; by default where the program's metrics go.
    public init(
        dimensions: [(String, String)] = [], factory: any MetricsFactory = MetricsSystem.factory
    ) {
        func counter(_ name: String) -> Counter {
            Counter(label: "smtp_server_\(name)_total", dimensions: dimensions, factory: factory)
        }
        sessions = counter("sessions")
        messages = counter("messages")
        recipients = counter("recipients")
        failures = counter("failures")
        openSessions = Meter(label: "smtp_server_sessions_open", dimensions: dimensions, factory: factory)
        messageOctets = Recorder(
            label: "smtp_server_message_octets", dimensions: dimensions, aggregate: true, factory: factory)
    }

    public func sessionStarted(_ session: Int, _ peer: Peer) {
        sessions.increment()
        openSessions.increment()
    }

    public func sessionEnded(_ session: Int) { openSessions.decrement() }

    public func messageStored(_ message: Message) {
        messages.increment()
        messageOctets.record(Int64(clamping: message.content.count))
        recipients.increment(by: Int64(message.envelope.recipients.count))
    }

    public func failed(_ reason: String) { failures.increment() }
}
#endif
