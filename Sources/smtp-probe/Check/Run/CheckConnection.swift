import SMTPKit
import SMTPTLS

/// One connection of a check: commands go out, and replies come back in order.
///
///     let connection = try server.session()
///     let mail = try connection.command("MAIL FROM:<>")
///     let replies = try connection.commands(["RCPT TO:<a@b.example>", "RSET"])
///
/// It counts what a server may take for abuse, so that ``ServerProbe`` begins a new connection in time.
final class CheckConnection {
    private let clock: CheckClock
    private let dialogue: Dialogue
    private let timeout: Duration
    private let record: DialogueRecord
    /// Replies that were not asked for yet.
    private var waiting: [Exchange] = []
    /// The numbers of the transcript's entries whose events are still to come.
    private var numbers: [Int] = []
    private var lastSent = ContinuousClock.now
    /// The verb of the last command.
    private var lastVerb = ""
    /// Why the connection ended, if it did not end in good order.
    private(set) var failure: SMTPError?
    /// The outcome of the handshake.
    private(set) var tls: TLSReport?
    /// Replies 5yz so far.
    private(set) var refusals = 0
    /// Replies that say that a command is unknown, malformed or out of order.
    private(set) var violations = 0
    /// Commands that bring no message nearer.
    private(set) var idleCommands = 0
    /// Whether MAIL was sent since the last RSET or EHLO. Postfix remembers the size of a MAIL that it has refused.
    private(set) var mayHoldTransaction = false
    /// Called with each reply, before anyone reads it.
    var onReply: (Exchange) -> Void = { _ in }

    init(_ clock: CheckClock, _ plan: CheckPlan, _ record: DialogueRecord) {
        self.clock = clock
        dialogue = clock.dialogue(plan)
        timeout = plan.timeout
        self.record = record
        dialogue.onTrace = { [unowned self] in note($0) }
        dialogue.onEvent = { [unowned self] in note($0) }
        dialogue.onTLS = { [unowned self] in tls = $0 }
    }

    // MARK: State

    var isOpen: Bool { dialogue.isOpen && failure == nil }
    /// Whether replies can be told apart, and the next command is one.
    var isInStep: Bool {
        isOpen && dialogue.live?.session.isOutOfSync == false && dialogue.live?.session.expecting == .command
    }
    var capabilities: Capabilities? { dialogue.live?.session.capabilities }
    var isSecured: Bool { dialogue.live?.session.tls != nil }
    /// The address that is connected to.
    var address: String? { dialogue.connection?.target?.text }

    // MARK: Connecting

    /// Connects; the greeting is the first reply.
    func open(_ host: Candidates.Host, _ options: PollableConnection.Options) throws {
        let error = try clock.guarding { try dialogue.connect(to: host, options, awaitsGreeting: false) }
        lastSent = .now
        if let error { throw error }
    }

    /// Asks for TLS, and waits for the handshake.
    ///
    /// - Returns: the reply to STARTTLS. ``isSecured`` and ``failure`` tell how the handshake ended.
    func startTLS() throws -> Exchange {
        let reply = try command("STARTTLS")
        if reply.code == 220 { try awaitHandshake() }
        return reply
    }

    /// Waits until the handshake is done, or has failed.
    func awaitHandshake() throws {
        _ = try clock.guarding { try dialogue.wait { self.isSecured || self.failure != nil } }
        if failure?.code == .plaintextBehindStartTLS { throw CheckError.injected }
    }

    /// The answer to the ``PollableConnection/Options/handshakeProbe``; empty when the server closes without one.
    func handshakeAnswer() throws -> [UInt8] {
        let connection = dialogue.connection
        _ = try clock.guarding { try dialogue.wait { self.failure != nil } }
        if failure?.code == .timedOut {
            throw CheckError.inconclusive("the server did not answer the handshake within \(timeout.inSeconds)")
        }
        return connection?.handshakeAnswer ?? []
    }

    /// Says goodbye where the server can understand it, and closes.
    func quit() {
        if isInStep {
            let isAnswered = dialogue.live?.session.awaitedCount == 0
            write("QUIT\r\n")
            // A server that still owes a reply is not waited for.
            // A signal meanwhile is kept by the clock.
            if isAnswered { _ = try? reply(within: CheckPlan.goodbye) }
        }
        dialogue.close()
    }

    /// Closes without a word.
    func drop() { dialogue.close() }

    // MARK: Commands

    /// Sends bytes as they are.
    func write(_ octets: [UInt8]) {
        guard isOpen else { return }
        lastSent = .now
        noteTransaction(octets)
        // In raw mode nothing is refused.
        try? dialogue.sendRaw(octets)
    }

    private func noteTransaction(_ octets: [UInt8]) {
        for line in octets.split(separator: 10) {
            switch String(decoding: line.prefix(4), as: UTF8.self).uppercased() {
            case "MAIL": mayHoldTransaction = true
            case "RSET", "EHLO", "HELO", "LHLO": mayHoldTransaction = false
            case _: continue
            }
        }
    }

    /// Sends text as it is.
    func write(_ text: String) { write(Array(text.utf8)) }

    /// Sends a command, and waits for its reply.
    func command(_ line: String) throws -> Exchange { try commands([line])[0] }

    /// Sends commands in one write, and waits for as many replies.
    ///
    /// - Throws: ``CheckError/inconclusive(_:_:)`` after a reply that answers nothing, since the next one may as well
    ///   be meant by it.
    func commands(_ lines: [String]) throws -> [Exchange] {
        if let extra = waiting.first, dialogue.live?.session.isOutOfSync == true {
            throw CheckError.inconclusive("the server sent a reply that nobody asked for", extra)
        }
        for line in lines {
            let verb = line.prefix { $0 != " " }.uppercased()
            lastVerb = verb
            if !["MAIL", "RCPT", "DATA", "BDAT", "QUIT"].contains(verb) { idleCommands += 1 }
        }
        write(lines.map { "\($0)\r\n" }.joined())
        return try lines.map { _ in try reply() }
    }

    /// The next reply.
    ///
    /// - Throws: ``CheckError/inconclusive(_:_:)`` when it does not come in time.
    func reply() throws -> Exchange {
        guard let exchange = try reply(within: timeout) else { throw late }
        return exchange
    }

    private var late: CheckError {
        let words = lastVerb.isEmpty ? "" : "\(lastVerb) "
        return .inconclusive("the server did not answer \(words)within \(timeout.inSeconds)")
    }

    /// The next reply, or `nil` when the server is silent for so long.
    func reply(within limit: Duration) throws -> Exchange? {
        _ = try clock.guarding {
            try dialogue.wait(within: limit) { !self.waiting.isEmpty || self.failure != nil }
        }
        if waiting.isEmpty {
            if let failure, failure.code != .timedOut { throw error(failure) }
            guard failure != nil || dialogue.isOpen else {
                throw CheckError.inconclusive("the server closed the connection")
            }
            return nil
        }
        let exchange = waiting.removeFirst()
        if exchange.isPermanent { refusals += 1 }
        if 500...504 ~= exchange.code { violations += 1 }
        if exchange.code == 421 { throw CheckError.inconclusive("the server closes the connection", exchange) }
        return exchange
    }

    private func error(_ failure: SMTPError) -> CheckError {
        switch failure.code {
        case .plaintextBehindStartTLS: .injected
        case .protocolViolation, .outOfSync: .inconclusive("the server does not speak SMTP: \(failure)")
        case _: .inconclusive("\(failure)")
        }
    }

    // MARK: Events

    private func note(_ entry: ClientTraceEntry) {
        record.append(entry)
        switch entry.item {
        case .received, .malformed: numbers.append(record.entries.count)
        case .sent, .content, .secured: return
        }
    }

    private func note(_ event: ClientEvent) {
        switch event {
        case .reply(let reply):
            let exchange = Exchange(
                reply: reply.reply, octets: reply.octets, number: numbers.isEmpty ? 0 : numbers.removeFirst(),
                command: reply.command?.line, isSecured: reply.isSecured, time: lastSent.duration(to: .now))
            waiting.append(exchange)
            onReply(exchange)
        case .malformed(let error, _):
            if !numbers.isEmpty { numbers.removeFirst() }
            failure = failure ?? SMTPError(.protocolViolation, stage: nil, underlying: error)
        case .failed(let error): failure = failure ?? error
        case .startTLS, .finished, .stageFinished, .tlsSkipped, .prepared, .stepFailed, .contentWanted,
            .transactionFinished, .closed:
            return
        }
    }
}

extension Duration {
    /// `30 s`, `0.5 s`.
    var inSeconds: String {
        let tenths = (milliseconds + 50) / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
