import Glibc
package import SMTPCore
import SMTPTLS

/// One connection to a server, for a program that has a `poll` loop of its own.
///
/// A shell has to wait for its terminal and for the server at the same time, on the thread on which its line editor lives. So
/// this connection has no event loop and no thread: it is a descriptor, a ``ClientSession`` and, when it comes to it, a
/// `TLSEngine`. Programs that only send mail use ``SMTPClient``.
///
///     try connection.open(SocketTarget.find(.host("mx.example", port: 25)))
///     while … {
///         poll(connection.descriptor, connection.wantsWrite ? POLLIN | POLLOUT : POLLIN)
///         if isReadable { connection.readReady() }
///         if isWritable { connection.writeReady() }
///         for event in connection.takeEvents() { … }
///     }
///
/// No call blocks. The program keeps the clock: ``stage`` names the time limit, and ``deadlinePassed()`` says that it is over.
/// TLS begins by itself when the server grants `STARTTLS`, however that was asked for.
///
/// Not `Sendable`: it belongs to one thread.
package final class PollableConnection {
    /// What a connection needs to know beside its addresses.
    package struct Options: Sendable {
        /// How the session behaves.
        package var session = ClientSession.Configuration()
        /// TLS. Only ``ClientSecurity/Mode/implicit`` begins by itself; everything else is asked for with `STARTTLS`.
        package var security = ClientSecurity(.opportunistic)
        /// The name of the server, for its certificate and SNI.
        package var host = ""
        /// Octets that come before everything else, TLS included: a header of the PROXY protocol.
        package var preamble: [UInt8] = []
        /// The address of this end, or `nil` for the system's choice.
        package var source: SocketTarget?

        /// The defaults.
        package init() {}
    }

    private enum State {
        case closed
        case connecting
        case open
    }

    /// How the connection was opened.
    package let options: Options
    /// The session. Use ``perform(_:)`` for what it is to do.
    package internal(set) var session: ClientSession
    /// The descriptor to wait for; -1 when there is none.
    package private(set) var descriptor: Int32 = -1
    /// The address that is connected to, or that is being tried.
    package private(set) var target: SocketTarget?
    /// What became of the handshake; kept when the connection is closed.
    package internal(set) var tlsReport: TLSReport?

    private var state = State.closed
    private var remainingTargets: [SocketTarget] = []
    private var connectFailures: [String] = []
    var output = ClientOutput()
    var events: [ClientEvent] = []
    var engine: TLSEngine?
    var context: TLSContext?
    /// How many octets that were written may stand in front of those that were not.
    private static let mostWritten = 1 << 20
    /// Octets for the socket, from `outboxStart` on.
    var outbox: [UInt8] = []
    var outboxStart = 0

    /// Makes a connection that is not open.
    package init(_ options: Options) {
        self.options = options
        session = ClientSession(options.session)
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    // MARK: State

    /// Whether there is a connection, or one is being made.
    package var isOpen: Bool { descriptor >= 0 }
    /// Whether a connection is being made.
    package var isConnecting: Bool { if case .connecting = state { true } else { false } }
    /// Whether to wait until the descriptor can be written to.
    package var wantsWrite: Bool { isConnecting || outboxStart < outbox.count }
    /// How many octets wait to be written, for a program that keeps back content.
    package var unwrittenCount: Int { outbox.count - outboxStart }
    /// The stage whose time limit holds; `nil` when nothing is awaited.
    package var stage: ClientStage? {
        if isConnecting { return .connect }
        if engine != nil, engine?.isEstablished == false { return .handshake }
        return isOpen ? session.stage : nil
    }

    /// What happened since the last call, in order.
    package func takeEvents() -> [ClientEvent] {
        defer { events = [] }
        return events
    }

    /// The dialogue since the last call, if it is traced.
    package func takeTrace() -> [ClientTraceEntry] {
        defer { output.trace = [] }
        return output.trace
    }

    // MARK: Opening and closing

    /// Begins to connect to the first of the addresses; when that fails, to the next.
    ///
    /// - Precondition: the connection was never opened.
    package func open(_ targets: [SocketTarget]) {
        precondition(target == nil, "a connection is opened once")
        remainingTargets = targets
        connectToNext()
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
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        shut()
    }

    func shut() {
        Glibc.close(descriptor)
        descriptor = -1
        state = .closed
    }

    private func connectToNext() {
        while !remainingTargets.isEmpty {
            let target = remainingTargets.removeFirst()
            self.target = target
            state = .connecting
            descriptor = socket(
                target.family,
                Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
                    | Int32(SOCK_NONBLOCK.rawValue), 0)
            guard descriptor >= 0, bindToSource(target), Self.call(connect, descriptor, target) || errno == EINPROGRESS
            else {
                connectFailed(errno)
                continue
            }
            return
        }
        let reason = connectFailures.isEmpty ? "there is no address" : connectFailures.joined(separator: ", ")
        fail(SMTPError(.connectFailed, stage: .connect, reason: reason))
    }

    private func bindToSource(_ target: SocketTarget) -> Bool {
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

    private func connectFailed(_ error: Int32) {
        connectFailures.append("\(target?.text ?? ""): \(String(cString: strerror(error)))")
        if descriptor >= 0 { shut() }
    }

    private func connectEnded() {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        // A reset means that there was a connection: reading finds out.
        guard error == 0 || error == ECONNRESET else {
            connectFailed(error)
            return connectToNext()
        }
        state = .open
        if target?.family != AF_UNIX {
            var yes: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        outbox += options.preamble
        if options.security.mode == .implicit {
            beginHandshake()
        } else {
            session.connected(into: &output)
            carryOut()
        }
    }

    // MARK: The loop

    /// The descriptor can be written to.
    package func writeReady() {
        switch state {
        case .closed: return
        case .connecting: connectEnded()
        case .open: flush()
        }
    }

    /// The descriptor can be read, or has come to its end.
    package func readReady() {
        switch state {
        case .closed: return
        case .connecting: connectEnded()
        case .open: readOnce()
        }
    }

    /// The time limit of the ``stage`` was passed.
    package func deadlinePassed() {
        switch state {
        case .closed: return
        case .connecting:
            connectFailed(ETIMEDOUT)
            connectToNext()
        case .open:
            if session.isClosed || stage == .handshake {
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
        guard !octets.isEmpty else { return inputEnded(error == 0 ? nil : SystemError(number: error)) }
        if engine != nil {
            decrypt(octets)
        } else {
            session.receive(octets.span, into: &output)
            carryOut()
        }
    }

    private func inputEnded(_ error: SystemError?) {
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
            case .reply, .malformed, .finished, .contentWanted, .transactionFinished:
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
            // A broken connection is found out by reading, behind the last words of the server.
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

/// What the system said.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `errno`.
    package let number: Int32

    package var description: String { String(cString: strerror(number)) }
}
