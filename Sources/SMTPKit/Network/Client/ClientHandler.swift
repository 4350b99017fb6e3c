import NIOCore
import SMTPCore
import SMTPTLS

/// Carries bytes between a channel and its ``ClientSession``, and reports the end of each step to the task that awaits
/// it.
///
/// It decides nothing about SMTP. Everything that a step sends goes out in one write.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The end of a step.
    enum StepEnd: Sendable {
        case reply(Reply)
        case prepared
        case contentWanted
        case transaction(TransactionOutcome)
    }

    /// A function that begins a step.
    typealias Step = @Sendable (inout ClientSession, inout ClientOutput) throws(SMTPError) -> Void

    private let configuration: SMTPClient.Configuration
    private let tls: ClientTLS?
    private(set) var session: ClientSession
    private(set) var tlsReport: TLSReport?
    private var output = ClientOutput()
    private var context: ChannelHandlerContext?
    /// The handler in front that encrypts, if there is one.
    private var encryption: TLSHandler?
    /// Waits for the end of the step.
    private var waiter: EventLoopPromise<StepEnd>?
    /// The result of a step that finished before anyone awaited it.
    private var pendingResult: StepEnd?
    /// Waits until more content can be taken.
    private var contentWaiter: EventLoopPromise<Void>?
    /// Why the connection ended, where it was not the session's doing.
    private var connectionError: (any Error)?
    private var deadline: NIODeadline?
    private var alarm: Scheduled<Void>?
    /// When the alarm goes off.
    private var alarmTime: NIODeadline?
    private var isStepping = false

    init(
        _ configuration: SMTPClient.Configuration, host: String, port: UInt16, tls: ClientTLS?,
        greeting: EventLoopPromise<StepEnd>
    ) {
        self.configuration = configuration
        self.tls = tls
        waiter = greeting
        var options = ClientSession.Configuration()
        options.isLMTP = configuration.isLMTP
        options.isTraced = configuration.trace != nil
        options.preamble = configuration.preamble
        options.isImplicitTLS = configuration.security.mode == .implicit
        options.asciiDomain = { try? DomainName.ascii($0) }
        options.bareNewlines = configuration.bareNewlines
        options.allowsSecretsInClear = configuration.allowsSecretsInClear
        options.cryptography = OpenSSLCryptography()
        options.host = host
        options.port = port
        session = ClientSession(options)
    }

    // MARK: Steps

    /// Begins a step; the promise is kept when it is over.
    func begin(_ step: Step, _ promise: EventLoopPromise<StepEnd>) {
        do throws(SMTPError) {
            guard waiter == nil else { throw SMTPError(.outOfOrder, stage: nil, reason: "another step is under way") }
            pendingResult = nil
            waiter = promise
            try step(&session, &output)
            afterStep()
        } catch {
            if waiter?.futureResult === promise.futureResult { waiter = nil }
            promise.fail(error)
        }
    }

    /// Waits for what the step under way comes to next.
    func wait(_ promise: EventLoopPromise<StepEnd>) {
        if let pendingResult {
            self.pendingResult = nil
            promise.succeed(pendingResult)
        } else if let failure = session.failure {
            promise.fail(failure)
        } else {
            waiter = promise
        }
    }

    /// Gives a piece of content; the promise is kept when there is room for more.
    func give(_ content: ByteBuffer, _ promise: EventLoopPromise<Void>) {
        session.sendContent(content.readableBytesUInt8Span, into: &output)
        contentWaiter = promise
        afterStep()
    }

    /// Says that there is no more content, and waits for what comes of the message.
    func endContent(_ promise: EventLoopPromise<StepEnd>) {
        session.endContent(into: &output)
        afterStep()
        wait(promise)
    }

    /// Ends everything: whoever waits is told this error.
    func abort(_ error: any Error) {
        tellAll(error)
        context?.close(promise: nil)
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        alarm?.cancel()
        // A channel that was closed before this handler was added never becomes inactive for it.
        tellAll(session.failure ?? SMTPError(.closed, stage: session.stage, underlying: connectionError))
    }

    func channelActive(context: ChannelHandlerContext) {
        start()
        context.fireChannelActive()
    }

    private func start() {
        session.connected(into: &output)
        afterStep()
        restartDeadline()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        session.receive(buffer.readableBytesUInt8Span, into: &output)
        afterStep()
    }

    func channelInactive(context: ChannelHandlerContext) {
        session.inputClosed(connectionError, into: &output)
        afterStep()
        tellAll(session.failure ?? SMTPError(.closed, stage: nil, underlying: connectionError))
        alarm?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSEvent.established(let properties) = event { secured(properties) }
        // The server said goodbye inside TLS: nothing more will come.
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if connectionError == nil { connectionError = error }
        if let failure = error as? TLSFailure, session.isStartingTLS { handshakeFailed(failure) }
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        restartDeadline()
        tellIfRoom()
        context.fireChannelWritabilityChanged()
    }

    // MARK: TLS

    /// Puts TLS in front, in the same turn of the loop in which the reply was read.
    private func secure(_ context: ChannelHandlerContext) {
        do {
            guard let handler = try tls?.handler() else {
                return handshakeFailed(TLSConfigurationError.missingIdentity)
            }
            encryption = handler
            try context.pipeline.syncOperations.addHandler(handler, position: .before(self))
            restartDeadline()
        } catch {
            handshakeFailed(error)
        }
    }

    private func secured(_ properties: Peer.TLSProperties) {
        guard let engine = encryption?.connection else { return }
        tlsReport = TLSReport(engine)
        if let failure = tls?.security.refusal(of: engine) { return handshakeFailed(failure) }
        let bindings = ChannelBinding.Kind.allCases.compactMap(engine.channelBinding)
        session.tlsEstablished(properties, bindings: bindings, into: &output)
        afterStep()
        restartDeadline()
    }

    private func handshakeFailed(_ error: any Error) {
        session.tlsFailed(error, into: &output)
        afterStep()
    }

    // MARK: Outputs

    /// Carries out what the session asked for.
    private func afterStep() {
        guard !isStepping else { return }
        isStepping = true
        defer { isStepping = false }
        var hasMoved = false
        while !output.octets.isEmpty || !output.events.isEmpty || !output.trace.isEmpty {
            if let trace = configuration.trace { for entry in output.trace { trace(entry) } }
            output.trace.removeAll()
            if !output.octets.isEmpty { write() }
            let events = output.events
            output.events = []
            for event in events { carryOut(event) }
            hasMoved = true
        }
        if hasMoved { restartDeadline() }
        tellIfRoom()
    }

    private func write() {
        if let context {
            var buffer = context.channel.allocator.buffer(capacity: output.octets.count)
            buffer.writeBytes(output.octets)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
        output.octets.removeAll(keepingCapacity: true)
    }

    private func carryOut(_ event: ClientEvent) {
        switch event {
        case .reply, .malformed, .stageFinished, .tlsSkipped: return
        case .startTLS: if let context { secure(context) }
        case .finished(let reply): tell(.reply(reply))
        case .prepared: tell(.prepared)
        case .stepFailed(let error):
            let waiter = waiter
            self.waiter = nil
            waiter?.fail(error)
        case .contentWanted: tell(.contentWanted)
        case .transactionFinished(let outcome): tell(.transaction(outcome))
        case .failed(let error):
            tellAll(error)
            context?.close(promise: nil)
        case .closed: context?.close(promise: nil)
        }
    }

    private func tell(_ end: StepEnd) {
        if let waiter {
            self.waiter = nil
            waiter.succeed(end)
        } else if case .contentWanted = end {
            // Who gives content waits for room, and not for this.
        } else {
            pendingResult = end
        }
    }

    private func tellAll(_ error: any Error) {
        let waiter = waiter
        let contentWaiter = contentWaiter
        self.waiter = nil
        self.contentWaiter = nil
        waiter?.fail(error)
        contentWaiter?.fail(error)
    }

    /// Wakes the task that sends content when there is room, or when the content is to be discarded.
    private func tellIfRoom() {
        guard let contentWaiter else { return }
        if session.isTransacting {
            guard session.isContentWanted, context?.channel.isWritable == true else { return }
        }
        self.contentWaiter = nil
        contentWaiter.succeed()
    }

    // MARK: Time

    /// The time limit of the stage begins anew: something was sent, or a reply came.
    private func restartDeadline() {
        guard let context, let stage = stage else {
            deadline = nil
            return
        }
        let deadline = NIODeadline.now() + TimeAmount(configuration.timeouts[stage])
        self.deadline = deadline
        // One alarm serves many deadlines: when it goes off too early, it is set again. Too late it must never be.
        if let alarmTime, alarmTime <= deadline { return }
        alarm?.cancel()
        setAlarm(context, deadline)
    }

    private var stage: ClientStage? {
        guard let stage = session.stage else { return nil }
        // Content that is slow to come is not the server's fault.
        return stage == .content && session.awaitedCount == 0 && context?.channel.isWritable == true ? nil : stage
    }

    private func setAlarm(_ context: ChannelHandlerContext, _ deadline: NIODeadline) {
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        alarmTime = deadline
        alarm = context.eventLoop.scheduleTask(deadline: deadline) { handler.value.alarmWentOff() }
    }

    private func alarmWentOff() {
        alarm = nil
        alarmTime = nil
        guard let deadline, let context else { return }
        guard deadline <= .now() else { return setAlarm(context, deadline) }
        session.deadlinePassed(into: &output)
        afterStep()
    }
}
