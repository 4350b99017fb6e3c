import CommandLineSupport
import Glibc
import SMTPKit
import Synchronization

/// The dialogue with a server, and what one waits for meanwhile: the one `poll` loop of the tool.
///
/// Whoever runs commands waits with ``wait(until:)``; what happens goes to ``onTrace`` and ``onEvent``, and so it does while the
/// user's input is waited for with ``waitForInput(_:)``.
final class Dialogue {
    /// Why a wait ended early.
    enum Interruption: Error, Equatable {
        /// The user does not want to wait any longer.
        case abandoned
        /// SIGTERM or SIGHUP: the process is to end.
        case ended(Int32)
    }

    private(set) var connection: PollableConnection?
    var timeouts: ClientTimeouts
    /// The dialogue as people may see it.
    var onTrace: (ClientTraceEntry) -> Void = { _ in }
    /// What it means.
    var onEvent: (ClientEvent) -> Void = { _ in }
    /// SIGINT while something is waited for; the answer is whether to abandon the wait.
    var onInterrupt: () -> Bool = { true }
    /// Other signals, such as SIGWINCH.
    var onSignal: (Int32) throws -> Void = { _ in }
    /// When something was sent or came, and the clock of the stage began.
    private(set) var lastProgress = ContinuousClock.now
    private let signals: Int32
    private var reportedTLS = false
    var onTLS: (TLSReport) -> Void = { _ in }

    init(timeouts: ClientTimeouts, signals: Int32) {
        self.timeouts = timeouts
        self.signals = signals
    }

    /// The session of the connection that is open.
    var session: ClientSession? { isOpen ? connection?.session : nil }
    /// Whether there is a connection.
    var isOpen: Bool { connection?.isOpen == true }
    /// Whether the server owes something.
    var isWaiting: Bool { connection?.stage != nil }
    /// Whether content is due, in which lines have no other meaning.
    var isInContent: Bool { session?.expecting == .content }
    /// Whether a response of an authentication is due.
    var isInAuthentication: Bool { if case .response = session?.expecting { true } else { false } }

    // MARK: Connection

    /// Connects, and waits for the greeting.
    func open(_ addresses: [SocketTarget], _ options: PollableConnection.Options) throws {
        let connection = PollableConnection(options)
        self.connection = connection
        reportedTLS = false
        progress()
        connection.open(addresses)
        report()
        try wait { !self.isWaiting }
    }

    /// Ends the connection without a word.
    func close() {
        connection?.close()
        report()
        connection = nil
    }

    /// Breaks the connection.
    func drop() {
        connection?.drop()
        connection = nil
    }

    /// Has the session send something.
    func perform(
        _ body: (inout ClientSession, inout ClientOutput) throws(SMTPError) -> Void
    ) throws {
        guard let connection, connection.isOpen else { throw ValueError("there is no connection (:open makes one)") }
        defer { report() }
        progress()
        try connection.perform(body)
    }

    /// Nobody waits for what the server owes any longer.
    func abandonWait() {
        guard let connection, connection.isOpen else { return }
        guard !connection.isConnecting, connection.stage != .handshake else { return close() }
        // The session only notes it, so nothing can be refused.
        try? connection.perform { session, _ throws(SMTPError) in session.abandonWait() }
    }

    // MARK: Waiting

    /// Waits until something is done, or there is no connection any longer.
    func wait(until isDone: () -> Bool) throws {
        while isOpen, !isDone() { _ = try turn(input: nil, until: stageDeadline) }
    }

    /// Waits for some time.
    func sleep(_ duration: Duration) throws {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end { _ = try turn(input: nil, until: end) }
    }

    /// Waits for input; what the server says meanwhile is passed on.
    func waitForInput(_ descriptor: Int32) throws {
        while try !turn(input: descriptor, until: nil) {}
    }

    /// Runs something that takes its time elsewhere, and waits for it.
    func wait<Value: Sendable>(for body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let ends = try PipeEnds()
        let answer = Answer<Value>(ends.writing)
        defer { Glibc.close(ends.reading) }
        Task.detached { answer.fill(await Result { try await body() }) }
        while try !turn(input: ends.reading, until: nil) {}
        return try answer.value?.get() ?? { throw Interruption.abandoned }()
    }

    private var stageDeadline: ContinuousClock.Instant? {
        connection?.stage.map { lastProgress + timeouts[$0] }
    }

    /// One round of the loop.
    ///
    /// - Returns: whether there is input.
    private func turn(input: Int32?, until deadline: ContinuousClock.Instant?) throws -> Bool {
        var polled = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        if let input { polled.append(pollfd(fd: input, events: Int16(POLLIN), revents: 0)) }
        if let connection, connection.isOpen {
            let events = connection.wantsWrite ? POLLIN | POLLOUT : POLLIN
            polled.append(pollfd(fd: connection.descriptor, events: Int16(events), revents: 0))
        }
        let count = poll(&polled, nfds_t(polled.count), deadline.map(Self.milliseconds) ?? -1)
        if count < 0, errno != EINTR { throw SystemError("poll", errno) }
        guard count > 0 else {
            if let deadline, count == 0, ContinuousClock.now >= deadline { timeOut(deadline) }
            return false
        }
        if polled[0].revents != 0 { try handleSignals(isInput: input == 0) }
        if let connection, connection.isOpen, polled.count == (input == nil ? 2 : 3) {
            serve(connection, polled[polled.count - 1].revents)
        }
        return input != nil && polled[1].revents != 0
    }

    private func serve(_ connection: PollableConnection, _ events: Int16) {
        guard events != 0 else { return }
        let stage = connection.stage
        if events & Int16(POLLOUT) != 0 { connection.writeReady() }
        if events & Int16(POLLIN | POLLHUP | POLLERR) != 0 { connection.readReady() }
        // How long a reply took is told by when the last one came.
        report()
        if connection.stage != stage { progress() }
    }

    private func timeOut(_ deadline: ContinuousClock.Instant) {
        guard deadline == stageDeadline else { return }
        connection?.deadlinePassed()
        progress()
        report()
    }

    private func handleSignals(isInput: Bool) throws {
        for signal in SignalPipe.read(signals) {
            switch signal {
            case SIGTERM, SIGHUP: throw Interruption.ended(signal)
            case SIGINT where !isInput:
                if onInterrupt() { throw Interruption.abandoned }
            case _: try onSignal(signal)
            }
        }
    }

    private func progress() { lastProgress = .now }

    /// Passes on what happened.
    private func report() {
        guard let connection else { return }
        for entry in connection.takeTrace() { onTrace(entry) }
        if !reportedTLS, let report = connection.tlsReport {
            reportedTLS = true
            onTLS(report)
        }
        for event in connection.takeEvents() { onEvent(event) }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: deadline).components
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
        return Int32(clamping: max(milliseconds, 0))
    }
}

/// What another task finds out, and an octet of a pipe when it has.
private final class Answer<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let pipe: Int32

    init(_ pipe: Int32) { self.pipe = pipe }

    deinit { close(pipe) }

    var value: Result<Value, any Error>? { result.withLock { $0 } }

    func fill(_ value: Result<Value, any Error>) {
        result.withLock { $0 = value }
        // The reader may be gone, and does not care then.
        var octet: UInt8 = 1
        _ = write(pipe, &octet, 1)
    }
}

extension Result where Failure == any Error {
    /// What something comes to.
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
