import Glibc
import NIOCore

/// Stops a listener from accepting connections while the process has no descriptor or memory left for one.
///
/// Connections then wait in the listener's backlog. Without the pause, the listener would try again at once and for
/// ever.
final class AcceptanceHandler: ChannelInboundHandler, ChannelOutboundHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    /// How long to wait before the next try.
    private static let pause = TimeAmount.milliseconds(100)
    /// How long there has to be no shortage before the next is reported.
    private static let reportInterval = TimeAmount.seconds(10)

    private let observer: (any ServerObserver)?
    private var isPaused = false
    private var isReadPending = false
    /// When there was no descriptor last.
    private var lastShortage = NIODeadline.distantPast

    init(observer: (any ServerObserver)?) { self.observer = observer }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        let isNew = NIODeadline.now() - lastShortage > Self.reportInterval
        lastShortage = .now()
        if isNew {
            observer?.failed(
                "cannot accept connections for now, they wait: \(String(cString: strerror(error.errnoCode)))")
        }
        guard !isPaused else { return }
        isPaused = true
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.pause) { bound.value.handler.resume(bound.value.context) }
    }

    func read(context: ChannelHandlerContext) {
        if isPaused { isReadPending = true } else { context.read() }
    }

    private func resume(_ context: ChannelHandlerContext) {
        isPaused = false
        guard isReadPending, context.channel.isActive else { return }
        isReadPending = false
        context.read()
    }
}
