#if Service
import CoreMetrics
import Logging
import MetricsTestKit
import SMTPKit
import SMTPKitService
import Synchronization
import ProcessSupport
import Testing

@Suite("Observers for logs and metrics", .timed)
struct ObserverTests {
    private static let peer = Peer(address: .ip("192.0.2.1", port: 4000), serverName: "mx.example")

    private static var message: Message {
        Message(
            envelope: Envelope(
                reversePath: .null,
                recipients: [.init(.postmaster("postmaster")), .init(.postmaster("Postmaster"))]),
            peer: peer, id: QueueID(rawValue: "q1"), receivedAt: .now, content: .memory(Array("secret\r\n".utf8)))
    }

    /// Tells an observer everything there is.
    private static func tell(_ observer: some ServerObserver) {
        observer.listening(on: [Listener(.tcp(host: "127.0.0.1", port: 25))])
        observer.sessionStarted(7, peer)
        observer.sessionStarted(8, Peer(address: .local, serverName: "mx.example"))
        observer.dialogue(.client("NOOP"), of: 7)
        observer.dialogue(.server(.ok), of: 7)
        observer.dialogue(.content(8), of: 7)
        observer.dialogue(.bareNewlines, of: 7)
        observer.messageStored(message)
        observer.failed("the disk is full")
        observer.sessionEnded(7)
    }

    @Test func `a log has everything at its level, and no content`() {
        let lines = LogLines()
        var logger = Logger(label: "smtp") { _ in lines.handler }
        logger.logLevel = .trace
        let observer = LogObserver(logger)
        #expect(observer.wantsDialogue)
        Self.tell(observer)
        #expect(
            lines.all == [
                "notice listening address=127.0.0.1:25 tls=false",
                "debug session started peer=192.0.2.1:4000 session=7",
                "debug session started peer=local session=8",
                "trace C: NOOP session=7",
                "trace S: 250 2.0.0 Ok session=7",
                "trace C: (8 octets of content) session=7",
                "trace the content had a CR or LF that stood alone session=7",
                "info message stored id=q1 octets=8 peer=192.0.2.1:4000 recipients=2",
                "warning the disk is full",
                "debug session ended session=7",
            ])
        logger.logLevel = .info
        #expect(!LogObserver(logger).wantsDialogue)
    }

    @Test func `metrics count and measure`() throws {
        let metrics = TestMetrics()
        Self.tell(MetricsObserver(dimensions: [("listener", "mx")], factory: metrics))
        func total(_ name: String) throws -> Int64 {
            try metrics.expectCounter("smtp_server_\(name)_total", [("listener", "mx")]).totalValue
        }
        #expect(try total("sessions") == 2)
        #expect(try total("messages") == 1)
        #expect(try total("recipients") == 2)
        #expect(try total("failures") == 1)
        #expect(try metrics.expectMeter("smtp_server_sessions_open", [("listener", "mx")]).lastValue == 1)
        let octets = try metrics.expectRecorder("smtp_server_message_octets", [("listener", "mx")])
        #expect(octets.values == [8])
    }

    @Test func `a group tells each of its observers what it wants to hear`() throws {
        let lines = LogLines()
        var quiet = Logger(label: "smtp") { _ in lines.handler }
        quiet.logLevel = .info
        let metrics = TestMetrics()
        let group = ObserverGroup(LogObserver(quiet), MetricsObserver(factory: metrics))
        #expect(!group.wantsDialogue)
        Self.tell(group)
        #expect(lines.all.count == 3)
        #expect(try metrics.expectCounter("smtp_server_messages_total").totalValue == 1)
        quiet.logLevel = .trace
        let curious = ObserverGroup(LogObserver(quiet), MetricsObserver(factory: metrics))
        #expect(curious.wantsDialogue)
        curious.dialogue(.client("NOOP"), of: 1)
        #expect(lines.all.last == "trace C: NOOP session=1")
    }
}

/// The lines that were logged, in order.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var handler: Handler { Handler(lines: self) }

    struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        init(lines: LogLines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let details = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0)=\($1)" }.joined()
            lines.lines.withLock { $0.append("\(event.level) \(event.message)\(details)") }
        }
    }
}
#endif
