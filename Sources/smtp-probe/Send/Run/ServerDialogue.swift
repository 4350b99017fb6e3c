import Glibc
import SMTPKit

/// A connection whose steps are taken one after the other, each of them waited for.
final class ServerDialogue {
    let connection: PollableConnection
    private let timeouts: ClientTimeouts
    private let interruption: Int32
    private let record: DialogueRecord
    private var events: [ClientEvent] = []
    /// When the stage began, or last came on.
    private var mark = ContinuousClock.now
    private var markedStage: ClientStage?
    /// Told how much content is given to the connection, and to make room for what else is shown.
    var progress: TransferProgress?

    /// - Parameter interruption: where ``SignalPipe`` tells of signals, each of which ends it all.
    init(_ connection: PollableConnection, _ timeouts: ClientTimeouts, interruption: Int32, _ record: DialogueRecord) {
        self.connection = connection
        self.timeouts = timeouts
        self.interruption = interruption
        self.record = record
    }

    var session: ClientSession { connection.session }

    // MARK: Steps

    /// Connects to the first address that answers.
    func open(_ targets: [SocketTarget]) throws {
        connection.open(targets)
        gather()
        while connection.isConnecting { try turn() }
        if case .failed(let error) = events.first { throw error }
    }

    /// Waits for the reply that ends the step under way.
    func finish() throws -> Reply {
        while true {
            switch try next() {
            case .finished(let reply): return reply
            case .reply, .malformed, .startTLS, .contentWanted, .transactionFinished, .failed, .closed: continue
            }
        }
    }

    /// Takes a step, and waits for the reply that ends it.
    func take(
        _ step: (inout ClientSession, inout ClientOutput) throws(SMTPError) -> Void
    ) throws -> Reply {
        try connection.perform(step)
        return try finish()
    }

    /// Takes a message through its transaction.
    ///
    /// - Parameters:
    ///   - content: asked for piece by piece, until it has no more.
    ///   - dropsContent: whether it ends where the content would begin.
    /// - Returns: what became of it; `nil` when it was dropped.
    func take(
        _ transaction: Transaction, _ content: MessageContent, dropsContent: Bool
    ) throws -> TransactionOutcome? {
        try connection.perform { session, output throws(SMTPError) in try session.begin(transaction, into: &output) }
        while true {
            switch try next() {
            case .transactionFinished(let outcome): return outcome
            case .contentWanted:
                if dropsContent { return nil }
                try send(content)
            case .reply, .malformed, .startTLS, .finished, .failed, .closed: continue
            }
        }
    }

    /// Closes without a word.
    func drop() { connection.close() }

    // MARK: Content

    private func send(_ content: MessageContent) throws {
        while connection.isOpen, session.isContentWanted {
            // The socket's own buffer holds enough for the server to read meanwhile.
            if connection.wantsWrite {
                try turn()
                continue
            }
            guard let octets = try content.next() else {
                return try connection.perform { session, output throws(SMTPError) in session.endContent(into: &output) }
            }
            try connection.perform { session, output throws(SMTPError) in
                session.sendContent(octets.span, into: &output)
            }
            progress?.add(octets.count)
            // The server may have refused the message meanwhile.
            try turn(isPatient: false)
        }
    }

    // MARK: The loop

    /// The next event; a failure is thrown.
    private func next() throws -> ClientEvent {
        gather()
        while events.isEmpty {
            guard connection.isOpen else { throw SMTPError(.closed, stage: nil) }
            try turn()
        }
        let event = events.removeFirst()
        if case .failed(let error) = event { throw error }
        return event
    }

    /// Waits until something happens, and sees to it.
    ///
    /// - Parameter isPatient: whether to wait at all, and not only to see to what has happened.
    private func turn(isPatient: Bool = true) throws {
        let stage = connection.stage
        let target = connection.target
        if stage != markedStage {
            mark = .now
            markedStage = stage
        }
        let limit = timeouts[stage ?? .command]
        let rest = limit - (ContinuousClock.now - mark)
        let unwritten = connection.unwrittenCount
        let events = Int16(POLLIN | (connection.wantsWrite ? POLLOUT : 0))
        var descriptors = [
            pollfd(fd: connection.descriptor, events: events, revents: 0),
            pollfd(fd: interruption, events: Int16(POLLIN), revents: 0),
        ]
        // Rounded up, so that the time is over when it is said to be.
        let milliseconds = rest.components.seconds * 1_000 + rest.components.attoseconds / 1_000_000_000_000_000 + 1
        let count = poll(&descriptors, 2, isPatient ? Int32(clamping: max(0, milliseconds)) : 0)
        if count > 0, descriptors[1].revents != 0, let number = SignalPipe.read(interruption).last {
            throw ExitStatus(signal: number)
        }
        if count > 0, descriptors[0].revents != 0 {
            let happened = Int32(descriptors[0].revents)
            let isConnecting = connection.isConnecting
            if happened & POLLOUT != 0 || isConnecting { connection.writeReady() }
            // While it was connecting, the descriptor may be another's by now.
            if happened & ~POLLOUT != 0, !isConnecting { connection.readReady() }
        } else if isPatient, count == 0 || ContinuousClock.now - mark >= limit {
            connection.deadlinePassed()
        }
        if gather() || connection.unwrittenCount < unwritten || connection.target != target { mark = .now }
    }

    /// Takes over what the connection has to tell.
    ///
    /// - Returns: whether that was anything.
    @discardableResult
    private func gather() -> Bool {
        let trace = connection.takeTrace()
        if !trace.isEmpty { progress?.clear() }
        for entry in trace { record.append(entry) }
        let new = connection.takeEvents()
        events += new
        return !new.isEmpty
    }
}
