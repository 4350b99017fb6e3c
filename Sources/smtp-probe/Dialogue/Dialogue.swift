import CommandLineSupport
import Glibc
import SMTPKit

/// The dialogue with a server: the one `poll` loop of the tool, for shell, scripts, `send` and checks.
///
/// Everything that takes time goes through it, so that signals, the server and the total time limit are noticed at any
/// moment: look-ups, connecting, replies, and waiting for input. What happens is passed to ``onTrace``, ``onEvent``,
/// ``onTLS`` and ``onProgress``.
///
/// A check, as an example:
///
///     let dialogue = Dialogue(timeouts: timeouts, signals: try SignalPipe.open([SIGINT, SIGTERM, SIGHUP]))
///     dialogue.onTrace = { record.append($0) }                       // the transcript
///     try dialogue.open(route)                                       // connects, and reads the greeting; throws SMTPError
///     try dialogue.prepare(route.plan())                             // or EHLO, STARTTLS, EHLO, AUTH by a plan
///     let reply = try dialogue.exchange("VRFY postmaster").last      // one line, and what answers it
///     let group = try dialogue.exchange(["MAIL FROM:<>", "RCPT TO:<a@example.org>", "RSET"])
///     try dialogue.sendRaw(Array("NOOP\r\nNO".utf8))                 // octets as they are
///     let replies = try dialogue.awaitReplies(1, within: .seconds(5))
///     let report = try dialogue.startTLS(security)                   // STARTTLS with a TLS configuration of its own
///     let failure = dialogue.failure                                 // why the connection ended, if it did
///     dialogue.quit()                                                // or close(), or drop() with a reset
final class Dialogue {
    /// Why a wait ended early.
    enum Interruption: Error, Equatable {
        /// The user does not want to wait any longer.
        case abandoned
        /// SIGTERM or SIGHUP: the process is to end.
        case ended(Int32)
        /// The total time limit expired.
        case deadline
    }

    /// A step on the way to a connection.
    enum Progress {
        /// The addresses of a host are known, and connecting begins.
        case trying(Candidates.Host)
        case connected(SocketTarget)
        /// A host of several did not greet; the next one is tried.
        case movingOn(SMTPError)
    }

    private(set) var connection: PollableConnection?
    var timeouts: ClientTimeouts
    /// When everything has to be over; `nil` for no limit.
    var deadline: ContinuousClock.Instant?
    /// Called with each entry of the dialogue; secrets are masked.
    var onTrace: (ClientTraceEntry) -> Void = { _ in }
    /// Called with each event of the session.
    var onEvent: (ClientEvent) -> Void = { _ in }
    /// Called when a handshake is done, or was ended by a certificate.
    var onTLS: (TLSReport) -> Void = { _ in }
    /// Called while a connection is being made.
    var onProgress: (Progress) -> Void = { _ in }
    /// Called once for each wait, after two seconds of silence, with the stage and its time limit.
    var onSilence: (ClientStage, Duration) -> Void = { _, _ in }
    /// SIGINT while something is waited for; the answer is whether to abandon the wait.
    var onInterrupt: () -> Bool = { true }
    /// Other signals, such as SIGWINCH.
    var onSignal: (Int32) throws -> Void = { _ in }
    /// When something was sent or received, and the time limit of the stage began.
    private(set) var lastProgress = ContinuousClock.now
    /// Why the connection failed, if it did.
    private(set) var failure: SMTPError?
    private let signals: Int32
    private var reportedTLS = false
    private var isLookingUp = false
    private var reportedSilence = false
    /// The replies since ``awaitReplies(_:within:)`` began.
    private var replies: [ClientReply]?

    init(timeouts: ClientTimeouts, signals: Int32) {
        self.timeouts = timeouts
        self.signals = signals
    }

    /// The connection, if it is open.
    var live: PollableConnection? { isOpen ? connection : nil }
    /// Whether there is a connection.
    var isOpen: Bool { connection?.isOpen == true }
    /// Whether the connection is open and the server has not announced its end.
    var canContinue: Bool { live?.session.isEnding == false }
    /// Whether the server owes something.
    var isWaiting: Bool { connection?.stage != nil }
    /// The stage that is waited for; looking names up belongs to connecting.
    var stage: ClientStage? { isLookingUp ? .connect : connection?.stage }
    /// The stage by its name in the document: looking names up is a stage of its own there.
    var stageName: StageName? {
        isLookingUp ? .resolve : connection?.stage.map { StageName($0, isSecured: connection?.session.tls != nil) }
    }
    /// The error that ended the handshake; `nil` if it succeeded, or there was none.
    var handshakeFailure: SMTPError? {
        connection?.session.failure.flatMap { $0.code == .tlsFailed ? $0 : nil }
    }
    /// Whether content is due, in which lines have no other meaning.
    var isInContent: Bool { live?.session.expecting == .content }
    /// Whether a response of an authentication is due.
    var isInAuthentication: Bool { if case .response = live?.session.expecting { true } else { false } }

    // MARK: Connection

    /// Connects to the first host of a route that greets.
    ///
    /// - Parameter awaitsGreeting: whether to read the greeting; without, the first host that is connected to is used.
    /// - Throws: `SMTPError` when there is none. The connection to a single host that refuses stays open, for `QUIT`.
    func open(_ route: Route, awaitsGreeting: Bool = true) throws {
        var candidates = Candidates(route.endpoint)
        let lookup = DNSLookup(server: route.resolver, timeout: timeouts.connect)
        let family = route.family
        failure = nil
        while true {
            switch try candidates.next() {
            case .exchangers(let domain):
                candidates.found(
                    exchangers: try look(domain) { () throws(ResolverError) in
                        try lookup.mailExchangers(of: domain)
                    })
            case .addresses(let host):
                candidates.found(
                    addresses: try look(host) { () throws(ResolverError) in
                        try lookup.addresses(of: host, family: family)
                    })
            case .connect(let host):
                guard let error = try connect(to: host, route.options(for: host), awaitsGreeting: awaitsGreeting) else {
                    return
                }
                guard candidates.failed(error) else { throw error }
                onProgress(.movingOn(error))
                quit()
            }
        }
    }

    /// Connects to a host whose addresses are known.
    ///
    /// - Returns: why the host cannot be used.
    func connect(
        to host: Candidates.Host, _ options: PollableConnection.Options, awaitsGreeting: Bool
    ) throws -> SMTPError? {
        onProgress(.trying(host))
        let targets = try SocketTarget.find(host)
        let connection = PollableConnection(options)
        self.connection = connection
        failure = nil
        reportedTLS = false
        progress()
        connection.open(targets, limit: timeouts.connect)
        report()
        try wait { !connection.isConnecting }
        if isOpen, let target = connection.target { onProgress(.connected(target)) }
        if isOpen, awaitsGreeting { try wait { !self.isWaiting || connection.session.isOutOfSync } }
        if let failure { return failure }
        guard awaitsGreeting, let greeting = connection.session.greeting else { return nil }
        guard greeting.code.severity != .success else { return nil }
        return SMTPError(.refused, stage: connection.session.greetingStage, reply: greeting)
    }

    /// Looks a name up on a thread of its own, for no longer than a connection may take.
    private func look<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () throws(ResolverError) -> Value
    ) throws -> Result<Value, ResolverError> {
        isLookingUp = true
        let answer = try BackgroundAnswer(body)
        let end = ContinuousClock.now + timeouts.connect
        while ContinuousClock.now < end {
            if try turn(input: answer.descriptor, until: end), let result = answer.result {
                isLookingUp = false
                return result
            }
        }
        isLookingUp = false
        return .failure(.timedOut(name))
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

    /// Sends `QUIT` if nothing is under way, awaits its reply, and closes. What goes wrong meanwhile is of no interest.
    func quit() {
        defer { close() }
        guard let connection = live, !connection.isConnecting, !connection.session.isBusy else { return }
        try? perform { session, output throws(SMTPError) in try session.quit(into: &output) }
        _ = try? wait { false }
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

    /// Stops waiting for what the server owes; the dialogue is out of sync then.
    func abandonWait() {
        guard let connection, connection.isOpen else { return }
        guard !connection.isConnecting, connection.stage != .handshake else { return close() }
        // The session only notes it, so nothing can be refused.
        try? connection.perform { session, _ throws(SMTPError) in session.abandonWait() }
    }

    // MARK: Waiting

    /// Waits until something is done, or there is no connection any longer.
    ///
    /// - Parameter limit: how long to wait at most; the time limits of the stages hold nevertheless.
    /// - Returns: whether it is done.
    @discardableResult
    func wait(within limit: Duration? = nil, until isDone: () -> Bool) throws -> Bool {
        let end = limit.map { ContinuousClock.now + $0 }
        while isOpen, !isDone() {
            if let end, ContinuousClock.now >= end { return false }
            _ = try turn(input: nil, until: [end, stageDeadline].compactMap { $0 }.min())
        }
        return isDone()
    }

    /// Waits for some time.
    func sleep(_ duration: Duration) throws {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end { _ = try turn(input: nil, until: end) }
    }

    /// Waits for input; what the server sends meanwhile is passed on.
    func waitForInput(_ descriptor: Int32) throws {
        while try !turn(input: descriptor, until: nil) {}
    }

    /// Waits for input as long as it is wanted, within the time limit of the stage.
    ///
    /// - Returns: whether there is input.
    func waitForInput(_ descriptor: Int32, while isWanted: () -> Bool) throws -> Bool {
        while isWanted() {
            if try turn(input: descriptor, until: stageDeadline) { return true }
        }
        return false
    }

    /// Sees to what has happened, without waiting.
    func catchUp() throws { _ = try turn(input: nil, until: .now) }

    private var stageDeadline: ContinuousClock.Instant? {
        connection?.stage.map { lastProgress + timeouts[$0] }
    }

    /// One round of the loop.
    ///
    /// - Returns: whether there is input.
    private func turn(input: Int32?, until end: ContinuousClock.Instant?) throws -> Bool {
        if let deadline, deadline <= .now { throw Interruption.deadline }
        var polled = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        if let input { polled.append(pollfd(fd: input, events: Int16(POLLIN), revents: 0)) }
        let first = polled.count
        polled += connection?.pollSet ?? []
        let silence = stageDeadline == nil || reportedSilence ? nil : lastProgress + .seconds(2)
        let alarm = [end, deadline, connection?.nextAttempt, silence].compactMap { $0 }.min()
        let count = poll(&polled, nfds_t(polled.count), alarm.map(Self.milliseconds) ?? -1)
        if count < 0, errno != EINTR { throw SystemError("poll", errno) }
        if count < 0 { return false }
        if polled[0].revents != 0 { try handleSignals(isInput: input == 0) }
        serve(polled[first...])
        if let silence, silence <= .now, lastProgress + .seconds(2) == silence, let stage = connection?.stage {
            reportedSilence = true
            onSilence(stage, timeouts[stage])
        }
        if let deadline = stageDeadline, let end, end >= deadline, deadline <= .now { timeOut() }
        return input != nil && polled[1].revents != 0
    }

    private func serve(_ polled: ArraySlice<pollfd>) {
        guard let connection, connection.isOpen else { return }
        let (stage, unwritten) = (connection.stage, connection.unwrittenCount)
        connection.serve(polled)
        // The time that a reply took is told by when the last one was received.
        if report() || connection.stage != stage || connection.unwrittenCount < unwritten { progress() }
    }

    private func timeOut() {
        connection?.deadlinePassed()
        report()
        progress()
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

    private func progress() {
        lastProgress = .now
        reportedSilence = false
    }

    /// Passes on what happened.
    ///
    /// - Returns: whether anything did.
    @discardableResult
    private func report() -> Bool {
        guard let connection else { return false }
        for entry in connection.takeTrace() { onTrace(entry) }
        if !reportedTLS, let report = connection.tlsReport {
            reportedTLS = true
            onTLS(report)
        }
        let events = connection.takeEvents()
        for event in events {
            if case .failed(let error) = event { failure = error }
            if case .reply(let reply) = event { replies?.append(reply) }
            onEvent(event)
        }
        return !events.isEmpty
    }

    /// Collects the replies that come while something is done.
    func collectingReplies(_ body: () throws -> Void) throws -> [ClientReply] {
        let outer = replies
        replies = []
        defer { replies = outer }
        try body()
        return replies ?? []
    }

    /// How many replies were collected.
    var collectedCount: Int { replies?.count ?? 0 }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: deadline).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
        // Rounded up, so that the time is over when it is said to be.
        return Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
    }
}
