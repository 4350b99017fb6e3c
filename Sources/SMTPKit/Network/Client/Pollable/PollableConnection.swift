package import Glibc
package import SMTPCore
import SMTPTLS

/// One connection to a server, for a program that has a `poll` loop of its own.
///
/// A shell waits for its terminal and for the server at the same time, on the thread on which its line editor lives. So
/// this connection has no event loop and no thread: it is a socket, a ``ClientSession`` and, when needed, a
/// `TLSEngine`. Programs that only send mail use ``SMTPClient``.
///
///     connection.open(try SocketTarget.find(host), timeouts: timeouts)
///     while … {
///         var polled = connection.pollSet
///         poll(&polled, nfds_t(polled.count), …)     // no longer than until connection.nextAttempt
///         connection.serve(polled)
///         for event in connection.takeEvents() { … }
///     }
///
/// No call blocks. The program keeps the clock: ``stage`` names the time limit, and ``deadlinePassed()`` reports that
/// it expired. TLS begins by itself when the server grants `STARTTLS`, however that was asked for.
///
/// Not `Sendable`: it belongs to one thread.
package final class PollableConnection {
    /// How a connection is made and secured.
    package struct Options: Sendable {
        /// How the session behaves.
        package var session = ClientSession.Configuration()
        /// TLS. Only ``ClientSecurity/Mode/implicit`` begins by itself; everything else is asked for with `STARTTLS`.
        package var security = ClientSecurity(.opportunistic)
        /// The name of the server, for its certificate and SNI.
        package var host = ""
        /// The address of this end, or `nil` for the system's choice.
        package var source: SocketTarget?
        /// A message that is sent in the place of a TLS handshake; the server's answer becomes
        /// ``PollableConnection/handshakeAnswer``. `nil` for a handshake.
        package var handshakeProbe: [UInt8]?

        /// The defaults.
        package init() {}
    }

    private enum State {
        case closed
        case connecting
        case open
    }

    /// One address that is being connected to.
    private struct Attempt {
        let index: Int
        let descriptor: Int32
    }

    /// How the connection was opened. ``Options/security`` may be changed until TLS begins.
    package var options: Options
    /// The session. Use ``perform(_:)`` to send something.
    package internal(set) var session: ClientSession
    /// The address that is connected to, or the last one that was tried.
    package private(set) var target: SocketTarget?
    /// The beginning of the answer to a ``Options/handshakeProbe``, one TLS record at most; kept when the connection is
    /// closed.
    package private(set) var handshakeAnswer: [UInt8] = []
    var isProbingHandshake = false
    /// The outcome of the handshake; kept when the connection is closed.
    package internal(set) var tlsReport: TLSReport?

    private var descriptor: Int32 = -1
    private var state = State.closed
    private var targets: [SocketTarget] = []
    private var race: AddressRace?
    private var attempts: [Attempt] = []
    private var start = ContinuousClock.now
    /// When the next address is due; `nil` when none is.
    package private(set) var nextAttempt: ContinuousClock.Instant?
    private var connectFailures: [String] = []
    var output = ClientOutput()
    var events: [ClientEvent] = []
    var engine: TLSEngine?
    var context: TLSContext?
    /// How many bytes that were written may precede those that were not.
    private static let mostWritten = 1 << 20
    /// Bytes for the socket, from `outboxStart` on.
    var outbox: [UInt8] = []
    var outboxStart = 0

    /// Makes a connection that is not open.
    package init(_ options: Options) {
        self.options = options
        var configuration = options.session
        configuration.isImplicitTLS = options.security.mode == .implicit
        if configuration.asciiDomain == nil { configuration.asciiDomain = { try? DomainName.ascii($0) } }
        session = ClientSession(configuration)
    }

    deinit {
        for attempt in attempts { Glibc.close(attempt.descriptor) }
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    // MARK: State

    /// Whether there is a connection, or one is being made.
    package var isOpen: Bool { state != .closed }
    /// Whether a connection is being made.
    package var isConnecting: Bool { state == .connecting }
    /// How many bytes wait to be written, for a program that keeps back content.
    package var unwrittenCount: Int { outbox.count - outboxStart }
    /// The stage whose time limit holds; `nil` when nothing is awaited.
    package var stage: ClientStage? { isConnecting ? .connect : isOpen ? session.stage : nil }

    /// The descriptors to wait for.
    package var pollSet: [pollfd] {
        switch state {
        case .closed: []
        case .connecting: attempts.map { pollfd(fd: $0.descriptor, events: Int16(POLLOUT), revents: 0) }
        case .open:
            [pollfd(fd: descriptor, events: Int16(unwrittenCount > 0 ? POLLIN | POLLOUT : POLLIN), revents: 0)]
        }
    }

    /// Returns what happened since the last call, in order.
    package func takeEvents() -> [ClientEvent] {
        defer { events = [] }
        return events
    }

    /// Returns the dialogue since the last call, if it is traced.
    package func takeTrace() -> [ClientTraceEntry] {
        defer { output.trace = [] }
        return output.trace
    }

    // MARK: Opening and closing

    /// Begins to connect to the addresses of a host; the first that answers is used.
    ///
    /// - Parameter limit: how long that may take. The program calls ``deadlinePassed()`` at its end.
    /// - Precondition: the connection was never opened.
    package func open(_ targets: [SocketTarget], limit: Duration = .seconds(30)) {
        precondition(target == nil, "a connection is opened once")
        self.targets = targets
        race = AddressRace(targets.map { $0.family == AF_INET6 }, limit: limit)
        start = .now
        state = .connecting
        goOn()
    }

    /// Closes without a word of SMTP; inside TLS the server is told that nothing more will come.
    package func close() {
        guard isOpen else { return }
        if let engine, engine.isEstablished {
            engine.close()
            takeCiphertext(engine)
            flush()
        }
        shut()
    }

    /// Closes so that the server sees a reset.
    package func drop() {
        guard isOpen else { return }
        if state == .open {
            var lingering = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        }
        shut()
    }

    func shut() {
        for attempt in attempts { Glibc.close(attempt.descriptor) }
        attempts = []
        nextAttempt = nil
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
        state = .closed
    }

    // MARK: Connecting

    /// Begins the attempts that are due.
    private func goOn() {
        while state == .connecting {
            let time = start.duration(to: .now)
            switch race?.next(at: time) {
            case .start(let index): begin(index)
            case .wait(let end):
                nextAttempt = end.map { start + $0 }
                return
            case .exhausted, nil:
                let reason = connectFailures.isEmpty ? "there is no address" : connectFailures.joined(separator: ", ")
                return fail(SMTPError(.connectFailed, stage: .connect, reason: reason))
            }
        }
    }

    private func begin(_ index: Int) {
        let target = targets[index]
        self.target = target
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(target.family, kind, 0)
        guard descriptor >= 0, bindToSource(descriptor, target),
            Self.call(connect, descriptor, target) || errno == EINPROGRESS
        else {
            let error = errno
            if descriptor >= 0 { Glibc.close(descriptor) }
            return attemptFailed(index, error)
        }
        attempts.append(Attempt(index: index, descriptor: descriptor))
    }

    private func bindToSource(_ descriptor: Int32, _ target: SocketTarget) -> Bool {
        guard let source = options.source, target.family != AF_UNIX else { return true }
        return Self.call(bind, descriptor, source)
    }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ descriptor: Int32, _ target: SocketTarget
    ) -> Bool {
        target.octets.withUnsafeBytes { octets in
            octets.withMemoryRebound(to: sockaddr.self) {
                function(descriptor, $0.baseAddress, socklen_t(octets.count)) == 0
            }
        }
    }

    private func attemptFailed(_ index: Int, _ error: Int32) {
        connectFailures.append("\(targets[index].text): \(String(cString: strerror(error)))")
        race?.failed(index)
    }

    private func attemptEnded(_ attempt: Attempt) {
        attempts.removeAll { $0.index == attempt.index }
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(attempt.descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        // A reset means that there was a connection: reading finds out.
        guard error == 0 || error == ECONNRESET else {
            Glibc.close(attempt.descriptor)
            attemptFailed(attempt.index, error)
            return goOn()
        }
        let target = targets[attempt.index]
        shut()
        self.target = target
        descriptor = attempt.descriptor
        state = .open
        if target.family != AF_UNIX {
            var yes: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        session.connected(into: &output)
        carryOut()
    }

    // MARK: The loop

    /// Carries out what the descriptors of ``pollSet`` are ready for, and begins an attempt that is due.
    package func serve(_ polled: some Sequence<pollfd>) {
        for entry in polled where entry.revents != 0 {
            switch state {
            case .closed: return
            case .connecting:
                if let attempt = attempts.first(where: { $0.descriptor == entry.fd }) { attemptEnded(attempt) }
            case .open:
                guard entry.fd == descriptor else { continue }
                if entry.revents & Int16(POLLOUT) != 0 { flush() }
                if entry.revents & ~Int16(POLLOUT) != 0 { readOnce() }
            }
        }
        if let due = nextAttempt, due <= .now { goOn() }
    }

    /// The time limit of the ``stage`` expired.
    package func deadlinePassed() {
        switch state {
        case .closed: return
        case .connecting:
            for attempt in attempts { connectFailures.append("\(targets[attempt.index].text): no answer in time") }
            fail(SMTPError(.connectFailed, stage: .connect, reason: connectFailures.joined(separator: ", ")))
        case .open:
            if session.isClosed {
                fail(SMTPError(.timedOut, stage: stage))
            } else {
                session.deadlinePassed(into: &output)
                carryOut()
            }
        }
    }

    /// Lets the session do something, and sends what that gives.
    package func perform(
        _ body: (inout ClientSession, inout ClientOutput) throws(SMTPError) -> Void
    ) throws(SMTPError) {
        defer { carryOut() }
        try body(&session, &output)
    }

    private func readOnce() {
        var error: Int32 = 0
        let octets = [UInt8](unsafeUninitializedCapacity: 64 << 10) { space, count in
            let result = recv(descriptor, space.baseAddress, space.count, 0)
            error = result < 0 ? errno : 0
            count = max(result, 0)
        }
        if error == EAGAIN || error == EINTR { return }
        guard !octets.isEmpty else { return inputEnded(error == 0 ? nil : SocketError(number: error)) }
        if isProbingHandshake {
            handshakeAnswer += octets
            // A record's header has five bytes, the last two of which are its length.
            guard handshakeAnswer.count >= 5 else { return }
            let length = 5 + Int(handshakeAnswer[3]) << 8 + Int(handshakeAnswer[4])
            if handshakeAnswer.count >= min(length, 16 << 10) { shut() }
        } else if engine != nil {
            decrypt(octets)
        } else {
            session.receive(octets.span, into: &output)
            carryOut()
        }
    }

    private func inputEnded(_ error: SocketError?) {
        if let engine, error == nil {
            engine.inputEnded()
            decrypt([])
            guard isOpen else { return }
        }
        endInput(error)
    }

    func endInput(_ error: (any Error)?) {
        session.inputClosed(error, into: &output)
        carryOut()
        if isOpen { shut() }
    }

    // MARK: Output

    /// Does what the session asked for.
    func carryOut() {
        if !output.octets.isEmpty, isOpen {
            if let engine {
                do {
                    try output.octets.withUnsafeBytes { try engine.send($0) }
                } catch {
                    events.append(.failed(SMTPError(.closed, stage: session.stage, underlying: error)))
                    shut()
                }
                takeCiphertext(engine)
            } else if outbox.isEmpty {
                // Large content goes on as it is; both buffers are used again and again.
                swap(&outbox, &output.octets)
            } else {
                outbox += output.octets
            }
        }
        output.octets.removeAll(keepingCapacity: true)
        flush()
        let new = output.events
        output.events = []
        for event in new {
            switch event {
            case .startTLS:
                events.append(event)
                beginHandshake()
            case .failed, .closed:
                events.append(event)
                close()
            case .reply, .malformed, .finished, .stageFinished, .tlsSkipped, .prepared, .stepFailed, .contentWanted,
                .transactionFinished:
                events.append(event)
            }
        }
    }

    func fail(_ error: SMTPError) {
        events.append(.failed(error))
        close()
    }

    func flush() {
        while isOpen, !isConnecting, outboxStart < outbox.count {
            let count = outbox.withUnsafeBytes { octets in
                send(
                    descriptor, octets.baseAddress.map { $0 + outboxStart }, octets.count - outboxStart,
                    Int32(MSG_NOSIGNAL))
            }
            // A broken connection is detected by reading, after the last reply of the server.
            guard count > 0 else { break }
            outboxStart += count
        }
        if outboxStart == outbox.count {
            outbox.removeAll(keepingCapacity: outbox.capacity <= Self.mostWritten)
            outboxStart = 0
        } else if outboxStart >= Self.mostWritten {
            // A server that is slower than its client for long: what was written makes room.
            outbox.removeSubrange(..<outboxStart)
            outboxStart = 0
        }
    }
}

/// The system's reason for a broken connection.
struct SocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `errno`.
    let number: Int32

    var description: String { String(cString: strerror(number)) }
}
