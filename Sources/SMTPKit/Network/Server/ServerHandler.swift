import NIOCore
import SMTPCore
import SMTPTLS

/// Carries bytes between a connection and its `ServerSession`, and carries out what that asks for.
///
/// It decides nothing about SMTP. One read gives at most one write.
final class ServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How much input may wait for a decision before the connection is no longer read.
    static let maximumWaitingInput = 16 << 10

    let loop: ServerLoop
    private let arrival: Arrival
    /// The index of this handler in the loop's list.
    var index: Int?
    /// The tick at which patience ends.
    var deadline = Deadlines.never
    /// The tick at which patience ends whatever happens, because the server ends.
    var lastDeadline = Deadlines.never
    var session: ServerSession
    var output = ServerOutput()
    var clock = TransactionClock()
    /// The content of the message under way.
    var content: ContentCollector
    var number = 0
    var hasDeliveredMessage = false
    /// The handler in front that encrypts, if there is one.
    var tls: TLSHandler?
    /// Whether the greeting waits for the handshake of implicit TLS.
    var isGreetingDue: Bool
    var isLingering = false
    /// Whether an interception stopped all reading.
    var isStalled = false
    var slowReplies: SlowReplies?
    /// Whether the connection closes when the last replies are written.
    var isWriteAwaited = false
    /// Counts decisions, so that an answer that comes too late is known as such.
    var decisionNumber = 0
    var decisionTask: Task<Void, Never>?
    /// The message that a hook takes while it comes in.
    var stream: MessageStream?
    /// The notifications of the application, once there is one.
    var notifications: SessionNotifications?
    /// Why the connection ends, once that is known.
    var disconnectReason: DisconnectReason?

    private(set) var context: ChannelHandlerContext?
    /// The socket, as long as replies may go to it directly.
    private var socket: DirectSocket?
    private var isReadingPaused = false
    /// Whether what the session asked for is being carried out.
    private(set) var isStepping = false
    private var hasStarted = false

    /// - Parameters:
    ///   - tls: the handler in front, for implicit TLS.
    ///   - arrival: how the connection came.
    init(loop: ServerLoop, tls: TLSHandler? = nil, _ arrival: Arrival = .direct) {
        self.loop = loop
        self.arrival = arrival
        self.tls = tls
        isGreetingDue = tls != nil
        content = ContentCollector(loop.contentRules)
        session = ServerSession(
            configuration: loop.run.sessionConfiguration,
            peer: Peer(address: .local, serverName: loop.run.sessionConfiguration.hostname)
        )
    }

    // MARK: The connection

    /// How a connection comes to its session.
    enum Arrival {
        /// By itself.
        case direct
        /// Counted already, with what the proxy in front said.
        case proxied(ProxyHeader)
        /// Counted already, and one too many.
        case turnedAway(Reply)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Its descriptor may be another connection's by now.
        endDirectReplies()
        decisionNumber += 1
        decisionTask?.cancel()
        abandonStream(.interrupted)
        guard hasStarted else { return context.fireChannelInactive() }
        loop.remove(self)
        if session.isReceivingContent, loop.run.sessionConfiguration.wantsRemarks {
            loop.observer.remark(.unfinishedMessage, of: number)
        }
        if number > 0 { loop.observer.sessionEnded(number) }
        tellDisconnected()
        context.fireChannelInactive()
    }

    private func start(_ context: ChannelHandlerContext) {
        guard !hasStarted else { return }
        hasStarted = true
        if tls == nil { socket = DirectSocket(context) }
        loop.add(self)
        switch arrival {
        case .direct:
            if let refusal = loop.run.connectionOpened() { turnAway(refusal, context) } else { begin(context) }
        case .proxied(let header): begin(context, header)
        case .turnedAway(let refusal): turnAway(refusal, context)
        }
    }

    private func turnAway(_ refusal: Reply, _ context: ChannelHandlerContext) {
        if loop.run.sessionConfiguration.wantsRemarks {
            loop.observer.remark(.refused(Refusal(stage: .connect, reply: refusal)), of: 0)
        }
        // Inside TLS the client cannot be told anything yet.
        guard !isGreetingDue else { return context.close(promise: nil) }
        output.replies += refusal.octets
        output.event = .close(isClientDone: false)
        afterStep()
        flush()
    }

    private func begin(_ context: ChannelHandlerContext, _ header: ProxyHeader = ProxyHeader()) {
        number = loop.run.sessionBegan()
        session.setAddress(header.source ?? Peer.Address(of: context.channel), serverAddress: header.destination)
        if loop.keepsStorage { session.setAttachment(SessionStorage()) }
        loop.observer.sessionStarted(number, session.peer)
        guard !isGreetingDue else {
            deadline = loop.tick + loop.deadlines.tlsSetup
            return
        }
        session.start(into: &output)
        afterStep()
        flush()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLingering, !isStalled else { return }
        let buffer = unwrapInboundIn(data)
        if output.replies.capacity == 0 { swap(&output.replies, &loop.scratch) }
        if loop.tellsTime { session.time = .now }
        var used = 0
        var wasReceivingContent = false
        repeat {
            wasReceivingContent = session.isReceivingContent
            used = session.consume(buffer.readableBytesUInt8Span, from: used, into: &output)
            // What comes after a message that is decided at once is read where it lies.
            guard used < buffer.readableBytes, output.event != nil else { break }
            afterStep(restartsDeadline: wasReceivingContent)
        } while session.canConsume && !isLingering && !isStalled
        if used < buffer.readableBytes {
            session.receive(buffer.readableBytesUInt8Span.extracting(used..<buffer.readableBytes), into: &output)
        }
        afterStep(restartsDeadline: wasReceivingContent)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush()
        if !mayRead(context) { pauseReading(context) }
    }

    /// Whether there is room for what comes next.
    private func mayRead(_ context: ChannelHandlerContext) -> Bool {
        isLingering
            || (!isStalled && session.waitingInputCount < Self.maximumWaitingInput
                && (socket != nil || context.channel.isWritable) && !(stream?.isFull ?? false)
                && !(notifications?.areFull ?? false))
    }

    /// Leaves further input with the system until ``resumeReading()``. Otherwise the channel reads by itself, which saves
    /// a tenth of the instructions of a step.
    private func pauseReading(_ context: ChannelHandlerContext) {
        guard !isReadingPaused else { return }
        isReadingPaused = true
        readByItself(context, false)
    }

    func resumeReading() {
        guard isReadingPaused, let context, mayRead(context) else { return }
        isReadingPaused = false
        readByItself(context, true)
    }

    private func readByItself(_ context: ChannelHandlerContext, _ value: Bool) {
        // A channel that is closed has nothing to read, and says so.
        try? context.channel.syncOptions?.setOption(.autoRead, value: value)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSEvent.established(let properties) = event { tlsEstablished(properties) }
        if case ChannelEvent.inputClosed = event {
            guard !isLingering else {
                // The last replies may still be on their way.
                if !isWriteAwaited { context.close(promise: nil) }
                return
            }
            guard !isStalled else { return context.close(promise: nil) }
            session.inputClosed(into: &output)
            afterStep()
            flush()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset connection, or a failed handshake: no reply can reach the client.
        if disconnectReason == nil, error is TLSFailure { disconnectReason = .tlsFailed }
        if let failure = error as? TLSFailure, !isLingering, failure != .truncated {
            loop.observer.tlsFailed(failure, of: number)
        }
        context.close(promise: nil)
    }

    // MARK: Writing

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            restartDeadline()
            resumeReading()
        } else {
            deadline = loop.tick + loop.deadlines.replyOutput
        }
        context.fireChannelWritabilityChanged()
    }

    /// Carries out what the session asked for since the last step.
    func afterStep(restartsDeadline: Bool = false) {
        guard !isStepping else { return }
        isStepping = true
        defer { isStepping = false }
        var mustRestart = restartsDeadline
        while true {
            if loop.makesMessages {
                clock.look(isInTransaction: session.isInTransaction, isReceivingContent: session.isReceivingContent)
            }
            if !output.trace.isEmpty || !output.remarks.isEmpty { report() }
            if !output.abandoned.isEmpty { tellAbandoned() }
            if let pause = output.pause {
                output.pause = nil
                writeSlowly(pause)
                mustRestart = true
                break
            }
            if !output.replies.isEmpty { mustRestart = true }
            collectContent()
            guard let event = output.event else { break }
            output.event = nil
            switch event {
            case .close(let isClientDone): return close(isClientDone: isClientDone)
            case .decide(let decision): decide(decision)
            case .startTLS: return startTLS()
            case .reset: return reset()
            }
            mustRestart = true
        }
        if mustRestart { restartDeadline() }
    }

    /// Sends the replies since the last flush.
    func flush(promise: EventLoopPromise<Void>? = nil) {
        guard context != nil else { return }
        guard !output.replies.isEmpty else {
            promise?.succeed()
            return giveBackReplies()
        }
        guard promise != nil || !flushDirectly() else { return }
        handOverReplies { $0.writeAndFlush($1, promise: promise) }
    }

    /// Writes the replies since the last flush without sending them.
    func writeReplies() {
        guard !output.replies.isEmpty else { return }
        handOverReplies { $0.write($1, promise: nil) }
    }

    /// Sends replies through the pipeline from now on: another handler or unsent data is before the socket, or the socket
    /// is gone.
    func endDirectReplies() { socket = nil }

    /// Sends the replies since the last flush past the pipeline, which would cost a third of a step.
    ///
    /// - Returns: whether all of them are sent; otherwise the pipeline is to send the rest, and whatever follows.
    func flushDirectly() -> Bool {
        guard let socket else { return false }
        let count = output.replies.count
        let sent = count == 0 ? 0 : socket.send(output.replies)
        if sent == count {
            giveBackReplies()
            return true
        }
        endDirectReplies()
        output.replies.removeFirst(max(0, sent))
        return false
    }

    private func handOverReplies(_ write: (ChannelHandlerContext, NIOAny) -> Void) {
        guard let context else { return }
        // A buffer is lent by the loop, so that an idle connection has none.
        var replies = ByteBuffer()
        swap(&replies, &loop.replies)
        replies.clear()
        replies.writeBytes(output.replies)
        write(context, wrapOutboundOut(replies))
        swap(&replies, &loop.replies)
        giveBackReplies()
    }

    /// An idle connection keeps no room for replies.
    private func giveBackReplies() {
        if loop.scratch.capacity == 0 {
            output.replies.removeAll(keepingCapacity: true)
            swap(&output.replies, &loop.scratch)
        } else {
            output.replies = []
        }
    }

    private func report() {
        for entry in output.trace { loop.observer.dialogue(entry, of: number) }
        output.trace.removeAll()
        for remark in output.remarks { loop.observer.remark(remark, of: number) }
        output.remarks.removeAll()
    }

    // MARK: Deadlines

    func restartDeadline() {
        guard !isLingering, !isHandshaking else { return }
        guard !session.isHeld else {
            deadline = lastDeadline
            return
        }
        let limits = loop.deadlines
        let isHookAwaited = session.isDeciding || stream?.isFull ?? false
        let ticks =
            isHookAwaited ? limits.decision : session.isReceivingContent ? limits.messageInput : limits.commandInput
        deadline = min(loop.tick + ticks, lastDeadline)
    }
}
