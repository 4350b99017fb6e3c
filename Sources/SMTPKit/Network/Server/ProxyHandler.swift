import NIOCore
import SMTPCore

/// Reads what a proxy says of the connection that it passes on, before anything else happens on it.
///
/// The handlers of the protocol come into the pipeline when the header is there; then this one leaves. Whatever is no
/// header closes the connection without a word: a server must not guess.
///
/// - SeeAlso: The PROXY protocol, versions 1 and 2 (HAProxy, `proxy-protocol.txt`).
final class ProxyHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let loop: ServerLoop
    private let proceed: (ServerHandler.Arrival) throws -> Void
    private let fail: (String) -> Void
    private var context: ChannelHandlerContext?
    private var received = ByteBuffer()
    private var deadline: Scheduled<Void>?
    private var hasArrived = false
    /// Whether the connection is counted here, and not yet by the handler of its session.
    private var isCounted = false
    /// Whether it was not turned away.
    private var isServed = false
    private var isDone = false

    /// - Parameters:
    ///   - loop: what the connections on this event loop share.
    ///   - proceed: adds the later handlers.
    ///   - fail: hears why a connection was closed.
    init(
        loop: ServerLoop, proceed: @escaping (ServerHandler.Arrival) throws -> Void, fail: @escaping (String) -> Void
    ) {
        self.loop = loop
        self.proceed = proceed
        self.fail = fail
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { arrive(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        leave()
    }

    func channelActive(context: ChannelHandlerContext) {
        arrive(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isDone = true
        leave()
        context.fireChannelInactive()
    }

    /// The server ends; the client is not known yet, so no reply can be sent.
    func serverEnds() {
        isDone = true
        context?.close(promise: nil)
    }

    /// A connection counts from its start on, whether or not a header ever comes.
    private func arrive(_ context: ChannelHandlerContext) {
        guard !hasArrived else { return }
        hasArrived = true
        isCounted = true
        if let refusal = loop.run.connectionOpened() { return finish(context, .turnedAway(refusal)) }
        isServed = true
        loop.awaitingHeaders[ObjectIdentifier(self)] = self
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let patience = loop.run.server.configuration.limits.proxyInput.nanoseconds
        deadline = context.eventLoop.scheduleTask(in: .nanoseconds(patience)) {
            bound.value.handler.close(bound.value.context, "the header of a proxy did not come in time")
        }
    }

    private func leave() {
        deadline?.cancel()
        loop.awaitingHeaders[ObjectIdentifier(self)] = nil
        if isCounted { loop.run.connectionClosed(wasServed: isServed) }
        isCounted = false
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return context.fireChannelRead(data) }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        let octets = received
        switch ProxyHeader.parse(octets.readableBytesUInt8Span) {
        case .incomplete: return
        case .malformed: close(context, "what came first is not the header of a proxy")
        case .header(let header, let length):
            received.moveReaderIndex(forwardBy: length)
            finish(context, .proxied(header))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if !isDone, case ChannelEvent.inputClosed = event {
            return close(context, "the header of a proxy is incomplete")
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isDone { context.fireErrorCaught(error) } else { context.close(promise: nil) }
    }

    /// From now on the connection is that of a session.
    private func finish(_ context: ChannelHandlerContext, _ arrival: ServerHandler.Arrival) {
        isDone = true
        isCounted = false
        do {
            try proceed(arrival)
        } catch {
            isCounted = true
            fail("\(error)")
            return context.close(promise: nil)
        }
        if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func close(_ context: ChannelHandlerContext, _ reason: String) {
        guard !isDone else { return }
        isDone = true
        fail(reason)
        context.close(promise: nil)
    }
}
