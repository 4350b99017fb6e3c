import NIOCore
import SMTPKit

/// One connection of a load run, from the look-up to its end, with the message that it sends.
///
/// It belongs to the event loop of its ``LoadRun``, which decides what it does next.
final class LoadSession {
    /// A message that was taken from the plan.
    struct Message {
        /// Its number, from 1 on.
        let number: Int
        /// The scheduled start, in an open loop.
        let due: NIODeadline?
    }

    private enum Phase {
        /// Waits for its turn to connect.
        case waiting
        case connecting
        case greeting
        case preparing
        /// Can take a message, or stays idle.
        case ready
        case sending
        case quitting
        case ended
    }

    private unowned let run: LoadRun
    /// Whether it is one of those that stay idle.
    let isIdle: Bool
    /// The place in the run's list.
    var index = 0
    private var message: Message?
    private var phase = Phase.waiting
    private var handler: ClientHandler?
    private var transaction: ReadyTransaction?
    private var start = NIODeadline.uptimeNanoseconds(0)
    /// The moment from which the latency of the message counts.
    private var begun = NIODeadline.uptimeNanoseconds(0)
    /// The number of messages that were sent.
    private var count = 0
    /// The next piece of the content.
    private var nextPiece = 0
    /// Whether it could not be connected or prepared, or ended without `QUIT`.
    private(set) var hasFailed = false
    /// Whether the greeting and the preparation were accepted.
    private(set) var isPrepared = false

    init(_ run: LoadRun, isIdle: Bool = false, message: Message? = nil) {
        self.run = run
        self.isIdle = isIdle
        self.message = message
    }

    /// Whether it began to connect.
    private(set) var wasOpened = false
    /// Whether no message was sent over it.
    var isUnused: Bool { count == 0 }
    /// Whether it waits for a message.
    var isReady: Bool { if case .ready = phase { true } else { false } }

    private var isEnded: Bool { if case .ended = phase { true } else { false } }

    private var step: ClientHandler.Completion { { [self] in stepEnded($0) } }

    // MARK: The connection

    /// Connects.
    func open() {
        phase = .connecting
        wasOpened = true
        run.server.withSource { [self] result in
            guard !isEnded else { return }
            switch result {
            case .success(let source):
                start = .now()
                source.connect(greeting: step) { self.opened($0) }
            case .failure(let error):
                fail(error)
                end()
            }
        }
    }

    private func opened(_ result: Result<ClientHandler, any Error>) {
        switch result {
        case .success(let handler):
            guard !isEnded else { return handler.abort(CancellationError()) }
            self.handler = handler
            handler.onEnd = { [self] in end() }
            if run.plan.content.pieces.count > 1 { handler.onWritable = { [self] in sendPieces() } }
            phase = .greeting
        case .failure(let error):
            guard !isEnded else { return }
            fail(error)
            end()
        }
    }

    private func stepEnded(_ result: Result<ClientHandler.StepEnd, any Error>) {
        guard !isEnded else { return }
        switch result {
        case .success(.contentWanted): sendContent()
        case .success(.transaction(let outcome)): messageEnded(outcome)
        case .success(.reply(let reply)):
            // Otherwise it is the reply to QUIT, after which the handler closes.
            if case .greeting = phase { greeted(reply) }
        case .success(.prepared): prepared()
        case .failure(let error):
            fail(error)
            // After a refusal, the connection still takes QUIT; after anything else, it is closed.
            quit()
        }
    }

    private func greeted(_ reply: Reply) {
        guard reply.code.severity == .success else {
            let stage = handler?.session.greetingStage ?? .greeting
            fail(SMTPError(.refused, stage: stage, reply: reply))
            return quit()
        }
        run.greeted(connecting: .now() - start, handshake: handler?.handshakeTime)
        phase = .preparing
        let plan = run.plan.session
        handler?.begin({ session, output throws(SMTPError) in try session.prepare(plan, into: &output) }, step)
    }

    private func prepared() {
        guard let handler else { return }
        isPrepared = true
        phase = .ready
        run.prepared(handler, isIdle: isIdle)
        if isIdle { return }
        if let message { send(message) } else { next() }
    }

    // MARK: Messages

    /// Takes the next message, or ends.
    private func next() {
        guard let handler else { return }
        let isFull = run.plan.messagesPerSession.map { count >= $0 } ?? false
        guard !isFull, !handler.session.isClosed, !handler.session.isOutOfSync else { return quit() }
        phase = .ready
        switch run.claim() {
        case .message(let message): send(message)
        case .wait: run.wait(self)
        case .none: quit()
        }
    }

    /// Sends a message over the connection.
    func send(_ message: Message) {
        guard let handler else { return }
        self.message = message
        phase = .sending
        begun = message.due ?? .now()
        nextPiece = 0
        handler.begin(
            { session, output throws(SMTPError) in
                try session.begin(try ready(session, message.number), into: &output)
            }, step)
    }

    /// Returns the transaction of a message; one that all messages have is made ready once for the same offers.
    private func ready(_ session: borrowing ClientSession, _ number: Int) throws(SMTPError) -> ReadyTransaction {
        if let transaction { return transaction }
        let (offers, isSecured) = (session.capabilities, session.tls != nil)
        if let known = run.server.transaction, known.isSecured == isSecured, known.offers == offers {
            transaction = known.ready
            return known.ready
        }
        let ready = try session.ready(run.transaction(number), run.plan.content.facts)
        if run.plan.hasOneEnvelope {
            transaction = ready
            run.server.transaction = (offers, isSecured, ready)
        }
        return ready
    }

    private func sendContent() {
        let content = run.plan.content
        guard let handler, let message else { return }
        let first = content.first(message.number)
        let second = content.pieces.count > 1 ? content.pieces[1] : nil
        nextPiece = min(2, content.pieces.count)
        let isWhole = nextPiece == content.pieces.count
        let form: EncodedContent =
            run.plan.isChunked ? .onlyChunk(content.encodedSize) : isWhole ? .end : .part
        handler.sendEncoded(first, second, form, step)
        if !isWhole { sendPieces() }
    }

    private func sendPieces() {
        let pieces = run.plan.content.pieces
        guard case .sending = phase, nextPiece > 0 else { return }
        while nextPiece < pieces.count, let handler, handler.isWritable {
            nextPiece += 1
            let isEnd = nextPiece == pieces.count && !run.plan.isChunked
            handler.sendEncoded(pieces[nextPiece - 1], nil, isEnd ? .end : .part, step)
        }
    }

    private func messageEnded(_ outcome: TransactionOutcome) {
        guard let handler else { return }
        message = nil
        count += 1
        let isSent = nextPiece == 0 || nextPiece == run.plan.content.pieces.count
        run.messageEnded(outcome, isSecured: handler.session.tls != nil, latency: .now() - begun)
        // The server refused a chunk of which a part was not sent.
        guard isSent else {
            hasFailed = true
            return handler.abort(CancellationError())
        }
        next()
    }

    // MARK: The end

    /// Counts a failure.
    private func fail(_ error: any Error) {
        if case .quitting = phase { return }
        hasFailed = true
        let failure = LoadFailure(error, isSecured: handler?.session.tls != nil)
        let hadMessage = message != nil
        message = nil
        run.failed(failure, hadMessage: hadMessage, error)
    }

    /// Sends `QUIT`, if the connection takes it, or closes.
    func quit() {
        guard let handler, !isEnded else { return }
        if case .quitting = phase { return }
        phase = .quitting
        guard !handler.session.isClosed, !handler.session.isOutOfSync, !handler.session.isBusy else {
            return handler.abort(CancellationError())
        }
        handler.begin({ session, output throws(SMTPError) in try session.quit(into: &output) }, step)
    }

    /// Ends the session at once. A message under way fails with the error.
    func abort(_ error: any Error) {
        guard !isEnded else { return }
        if message != nil { fail(error) }
        guard let handler else { return end() }
        phase = .quitting
        handler.abort(error)
    }

    /// Ends the session early: a transaction under way may go on for now.
    func wind(down error: any Error) {
        switch phase {
        case .ready: quit()
        case .sending, .quitting, .ended: return
        case .waiting, .connecting, .greeting, .preparing: abort(error)
        }
    }

    private func end() {
        guard !isEnded else { return }
        // The server closed a connection that waits for a message, or stays idle.
        if case .ready = phase, isIdle || message != nil {
            fail(SMTPError(.closed, stage: nil, reason: isIdle ? "an idle session" : nil))
        }
        if message != nil { fail(SMTPError(.closed, stage: nil)) }
        if let handler, isPrepared { run.server.learn(handler.session.knownReplies) }
        phase = .ended
        handler = nil
        run.ended(self)
    }
}
