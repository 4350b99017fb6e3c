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

    private let patience: TimeAmount
    private let proceed: (ProxyHeader) throws -> Void
    private let fail: (String) -> Void
    private var received = ByteBuffer()
    private var deadline: Scheduled<Void>?
    private var isDone = false

    /// - Parameters:
    ///   - patience: how long the header may take to come.
    ///   - proceed: adds the handlers behind this one.
    ///   - fail: hears why a connection was closed.
    init(patience: TimeAmount, proceed: @escaping (ProxyHeader) throws -> Void, fail: @escaping (String) -> Void) {
        self.patience = patience
        self.proceed = proceed
        self.fail = fail
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: patience) {
            bound.value.handler.close(bound.value.context, "the header of a proxy did not come in time")
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        isDone = true
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return context.fireChannelRead(data) }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        let octets = received
        switch ProxyHeader.parse(octets.readableBytesUInt8Span) {
        case .incomplete: return
        case .malformed: close(context, "what came first is not the header of a proxy")
        case .header(let header, let length): finish(context, header, length)
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

    private func finish(_ context: ChannelHandlerContext, _ header: ProxyHeader, _ length: Int) {
        isDone = true
        do {
            try proceed(header)
        } catch {
            fail("\(error)")
            return context.close(promise: nil)
        }
        received.moveReaderIndex(forwardBy: length)
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
