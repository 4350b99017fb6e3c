package import NIOCore
package import SMTPCore
import SMTPTLS

/// Carries bytes between a channel and its ``ClientSession``, and calls back at the end of each step.
///
/// It decides nothing about SMTP. Everything that a step sends goes out in one write. All of it, callbacks included,
/// happens on the channel's event loop; callbacks may begin the next step.
package final class ClientHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// The end of a step.
    package enum StepEnd: Sendable {
        /// The last reply of a simple step, or the greeting.
        case reply(Reply)
        /// The plan of ``SMTPCore/ClientSession/prepare(_:into:)`` is done.
        case prepared
        /// The transaction under way can be given content.
        case contentWanted
        /// The transaction is over.
        case transaction(TransactionOutcome)
    }

    /// A call that begins a step.
    package typealias Step = (inout ClientSession, inout ClientOutput) throws(SMTPError) -> Void
    /// A callback for the end of a step. It is called once.
    package typealias Completion = (Result<StepEnd, any Error>) -> Void

    private let configuration: SMTPClient.Configuration
    private let tls: ClientTLS?
    /// The session, to be read only.
    package private(set) var session: ClientSession
    /// The outcome of the TLS handshake; `nil` before it, and in clear.
    package private(set) var tlsReport: TLSReport?
    /// The duration of the TLS handshake that succeeded.
    package private(set) var handshakeTime: TimeAmount?
    private var handshakeStart: NIODeadline?
    /// Called whenever the channel can take more after it could not.
    package var onWritable: (() -> Void)?
    /// Called once when the connection is over, after the callback of the step under way.
    package var onEnd: (() -> Void)?
    private var output = ClientOutput()
    private var context: ChannelHandlerContext?
    /// The handler in front that encrypts, if there is one.
    private var encryption: TLSHandler?
    /// Waits for the end of the step.
    private var waiter: Completion?
    /// The result of a step that finished before anyone awaited it.
    private var pendingResult: StepEnd?
    /// Waits until more content can be taken.
    private var contentWaiter: ((Result<Void, any Error>) -> Void)?
    /// Why the connection ended, where it was not the session's doing.
    private var connectionError: (any Error)?
    private var deadline: NIODeadline?
    /// The alarm that many connections share; `nil` for one of this connection alone.
    private let sharedAlarm: SharedAlarm?
    /// The place among the connections of the shared alarm; `nil` before the start and after the end.
    var alarmPlace: Int?
    private var alarm: Scheduled<Void>?
    /// When the alarm goes off.
    private var alarmTime: NIODeadline?
    private var isStepping = false
    private var hasStarted = false

    /// Makes a handler for a new connection.
    ///
    /// - Parameters:
    ///   - configuration: how the client behaves.
    ///   - host: the server's name, for TLS and SASL.
    ///   - port: the server's port.
    ///   - tls: makes the TLS layer; `nil` if TLS is never used.
    ///   - replies: the replies that other connections had from the same server.
    ///   - greeting: called with the greeting, also one that refuses, or with the reason that there is none.
    package convenience init(
        _ configuration: SMTPClient.Configuration, host: String, port: UInt16, tls: ClientTLS?,
        knowing replies: KnownReplies = KnownReplies(), greeting: @escaping Completion
    ) {
        self.init(
            configuration, host: host, port: port, tls: tls, knowing: replies, alarm: nil, greeting: greeting)
    }

    /// Makes a handler whose time limits a shared alarm looks after, if there is one.
    init(
        _ configuration: SMTPClient.Configuration, host: String, port: UInt16, tls: ClientTLS?,
        knowing replies: KnownReplies, alarm: SharedAlarm?, greeting: @escaping Completion
    ) {
        self.configuration = configuration
        sharedAlarm = alarm
        self.tls = tls
        waiter = greeting
        var options = ClientSession.Configuration()
        options.isLMTP = configuration.isLMTP
        options.isTraced = configuration.trace != nil
        options.reportsReplies = false
        options.preamble = configuration.preamble
        options.isImplicitTLS = configuration.security.mode == .implicit
        options.asciiDomain = { try? DomainName.ascii($0) }
        options.bareNewlines = configuration.bareNewlines
        options.allowsSecretsInClear = configuration.allowsSecretsInClear
        options.cryptography = OpenSSLCryptography()
        options.host = host
        options.port = port
        session = ClientSession(options, knowing: replies)
    }

    // MARK: Steps

    /// Begins a step. The completion is called when the step is over, which may be before this method returns.
    package func begin(_ step: Step, _ completion: @escaping Completion) {
        do throws(SMTPError) {
            guard waiter == nil else { throw SMTPError(.outOfOrder, stage: nil, reason: "another step is under way") }
            pendingResult = nil
            try step(&session, &output)
            waiter = completion
        } catch {
            return completion(.failure(error))
        }
        afterStep()
    }

    /// Waits for the next result of the step under way.
    package func wait(_ completion: @escaping Completion) {
        if let pendingResult {
            self.pendingResult = nil
            completion(.success(pendingResult))
        } else if let failure = session.failure {
            completion(.failure(failure))
        } else {
            waiter = completion
        }
    }

    /// Sends a piece of content. The completion is called when there is room for more.
    func give(_ content: ByteBuffer, _ completion: @escaping (Result<Void, any Error>) -> Void) {
        session.sendContent(content.readableBytesUInt8Span, into: &output)
        contentWaiter = completion
        afterStep()
    }

    /// Ends the content, and waits for the result of the transaction.
    func endContent(_ completion: @escaping Completion) {
        session.endContent(into: &output)
        afterStep()
        wait(completion)
    }

    /// Sends content that was encoded for the wire beforehand: nothing of it is looked at or copied.
    ///
    /// - Parameters:
    ///   - first: for `DATA`, content with CRLF line ends and doubled dots; for a chunk, any bytes.
    ///   - second: the bytes after the first ones, if there are any.
    ///   - form: the place of these bytes in the message.
    ///   - completion: called with the result of the transaction.
    package func sendEncoded(
        _ first: ByteBuffer, _ second: ByteBuffer? = nil, _ form: EncodedContent, _ completion: @escaping Completion
    ) {
        waiter = completion
        session.sendEncoded(form, count: first.readableBytes + (second?.readableBytes ?? 0), into: &output)
        guard let context, !session.isClosed else {
            return tellAll(session.failure ?? SMTPError(.closed, stage: .content, underlying: connectionError))
        }
        // A line before a chunk goes out in the same write.
        if !output.octets.isEmpty { write(flushes: false) }
        context.write(wrapOutboundOut(first), promise: nil)
        if let second { context.write(wrapOutboundOut(second), promise: nil) }
        context.flush()
        restartDeadline()
    }

    /// Whether more can be written without being queued for long.
    package var isWritable: Bool { context?.channel.isWritable == true }

    /// Ends everything: the step under way fails with this error.
    package func abort(_ error: any Error) {
        tellAll(error)
        context?.close(promise: nil)
    }

    // MARK: The connection

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start() }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        endAlarm()
        // A channel that was closed before this handler was added never becomes inactive for it.
        tellAll(session.failure ?? SMTPError(.closed, stage: session.stage, underlying: connectionError))
        end()
    }

    private func end() {
        let onEnd = onEnd
        self.onEnd = nil
        onWritable = nil
        onEnd?()
    }

    package func channelActive(context: ChannelHandlerContext) {
        start()
        context.fireChannelActive()
    }

    private func start() {
        // A handler that is added while its channel becomes active learns of it twice.
        guard !hasStarted else { return }
        hasStarted = true
        sharedAlarm?.add(self)
        session.connected(into: &output)
        afterStep()
        restartDeadline()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        session.receive(buffer.readableBytesUInt8Span, into: &output)
        afterStep()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        session.inputClosed(connectionError, into: &output)
        afterStep()
        tellAll(session.failure ?? SMTPError(.closed, stage: nil, underlying: connectionError))
        endAlarm()
        end()
        context.fireChannelInactive()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSEvent.established(let properties) = event { secured(properties) }
        // The server said goodbye inside TLS: nothing more will come.
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if connectionError == nil { connectionError = error }
        if let failure = error as? TLSFailure, session.isStartingTLS { handshakeFailed(failure) }
        context.close(promise: nil)
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        restartDeadline()
        tellIfRoom()
        if context.channel.isWritable { onWritable?() }
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
            handshakeStart = .now()
            try context.pipeline.syncOperations.addHandler(handler, position: .before(self))
            restartDeadline()
        } catch {
            handshakeFailed(error)
        }
    }

    private func secured(_ properties: Peer.TLSProperties) {
        guard let engine = encryption?.connection else { return }
        tlsReport = TLSReport(engine)
        if let handshakeStart { handshakeTime = .now() - handshakeStart }
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

    private func write(flushes: Bool = true) {
        if let context {
            var buffer = context.channel.allocator.buffer(capacity: output.octets.count)
            buffer.writeBytes(output.octets)
            context.write(wrapOutboundOut(buffer), promise: nil)
            if flushes { context.flush() }
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
            waiter?(.failure(error))
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
            waiter(.success(end))
        } else if case .contentWanted = end {
            // A caller that gives content waits for room, not for this.
        } else {
            pendingResult = end
        }
    }

    private func tellAll(_ error: any Error) {
        let waiter = waiter
        let contentWaiter = contentWaiter
        self.waiter = nil
        self.contentWaiter = nil
        waiter?(.failure(error))
        contentWaiter?(.failure(error))
    }

    /// Wakes the task that sends content when there is room, or when the content is to be discarded.
    private func tellIfRoom() {
        guard let contentWaiter else { return }
        if session.isTransacting {
            guard session.isContentWanted, context?.channel.isWritable == true else { return }
        }
        self.contentWaiter = nil
        contentWaiter(.success(()))
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
        if let sharedAlarm { return sharedAlarm.goOff(at: deadline) }
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
        if let deadline = checkDeadline(), let context { setAlarm(context, deadline) }
    }

    /// Ends the session if its time is over.
    ///
    /// - Returns: the time limit that holds; `nil` when there is none, or not any more.
    func checkDeadline() -> NIODeadline? {
        guard let deadline, context != nil else { return nil }
        guard deadline <= .now() else { return deadline }
        session.deadlinePassed(into: &output)
        afterStep()
        return nil
    }

    private func endAlarm() {
        alarm?.cancel()
        alarm = nil
        sharedAlarm?.remove(self)
    }
}
