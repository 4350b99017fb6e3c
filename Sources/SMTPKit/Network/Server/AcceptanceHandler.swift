import Glibc
import NIOCore

/// Hands the connections of a listener on, and stops it from accepting more while the process has no descriptor or
/// memory left for one.
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
    private let prepare: @Sendable (any Channel) throws -> Void
    private var isPaused = false
    private var isReadPending = false
    /// When there was no descriptor last.
    private var lastShortage = NIODeadline.distantPast

    /// - Parameter prepare: puts the handlers of a connection in place, on its event loop. Where it throws, the
    ///   connection is closed.
    init(observer: (any ServerObserver)?, prepare: @escaping @Sendable (any Channel) throws -> Void) {
        self.observer = observer
        self.prepare = prepare
    }

    /// Prepares a connection and registers it.
    ///
    /// The handler of SwiftNIO's bootstrap comes after this one. It would do the same with futures, for ten thousand
    /// instructions more. Nothing is passed on to it.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let connection = unwrapInboundIn(data)
        guard context.channel.isActive else { return connection.close(promise: nil) }
        if connection.eventLoop === context.eventLoop {
            Self.open(connection, prepare)
        } else {
            // The next task of that loop registers it.
            connection.eventLoop.execute { [prepare] in Self.open(connection, prepare) }
        }
        context.channel._channelCore.channelRead0(data)
    }

    private static func open(_ connection: any Channel, _ prepare: (any Channel) throws -> Void) {
        do {
            try prepare(connection)
        } catch {
            connection.close(promise: nil)
        }
    }

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
