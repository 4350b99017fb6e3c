package import NIOCore
package import SMTPCore
package import SMTPTLS

/// TLS in a channel's pipeline: ciphertext on the side of the socket, plaintext on the other.
///
/// It begins to shake hands as soon as it is in the pipeline of an active channel, so that it serves both kinds
/// of TLS. For implicit TLS it is there from the start; for `STARTTLS` it is put in front of the SMTP handler
/// once the reply is on its way, in the same turn of the event loop in which the command was read:
///
///     C: STARTTLS
///     S: 220 2.0.0 Ready to start TLS
///     (the server flushes, adds the handler, and forgets what the client sent behind the command)
///     C: ClientHello
///
/// What happens is told in the pipeline's own terms:
/// - the handshake is done: ``TLSEvent/established(_:)`` as a user inbound event;
/// - plaintext: `channelRead` with a `ByteBuffer`, one for each read of the socket;
/// - the peer said goodbye (`close_notify`): `ChannelEvent.inputClosed`; writing still works;
/// - anything else is a `TLSFailure` by way of `errorCaught`, after which the handler itself closes the
///   channel, the alert for the peer being sent first.
///
/// Time is not its business: whoever adds it closes the channel when a handshake takes too long.
///
/// Writes are held until the next flush, which sends one run of records; before the handshake is done they
/// wait for it. `close` first sends what was written, and `close_notify` with it.
package final class TLSHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Not yet in an active channel.
        case idle
        /// The handshake is under way.
        case handshaking
        /// Plaintext flows.
        case established
        /// The peer said goodbye; this end may still write.
        case inputClosed
        /// This end said goodbye, or the connection failed. Nothing is read or written any more.
        case finished
    }

    private let engine: TLSEngine
    private var phase = Phase.idle
    private var outbox = TLSOutbox()
    /// Whether a flush waits for the handshake.
    private var isFlushAwaited = false
    /// Whether a later handler asked for a read and was not given anything yet.
    private var isReadAwaited = false

    /// Makes a handler that drives an engine. An engine serves one connection.
    package init(_ engine: TLSEngine) {
        self.engine = engine
    }

    /// Makes the server's end.
    ///
    /// - Throws: `TLSFailure.library(reason:)` when OpenSSL is out of memory.
    package convenience init(server context: TLSContext) throws(TLSFailure) {
        self.init(try TLSEngine(context))
    }

    /// Makes the client's end.
    ///
    /// - Parameters:
    ///   - context: A client's context.
    ///   - serverName: The name or the IP address that the certificate must hold.
    ///   - tlsaRecords: The server's TLSA records, for DANE.
    ///   - session: A session to take up again.
    /// - Throws: `TLSFailure.library(reason:)` when the name cannot be used.
    package convenience init(
        client context: TLSContext,
        serverName: String?,
        tlsaRecords: [TLSARecord] = [],
        resuming session: TLSSession? = nil
    ) throws(TLSFailure) {
        self.init(try TLSEngine(context, serverName: serverName, tlsaRecords: tlsaRecords, resuming: session))
    }

    // MARK: The pipeline

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        phase = .finished
        outbox.fail(ChannelError.ioOnClosedChannel)
    }

    package func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        inputEnded(context)
        phase = .finished
        outbox.fail(ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        process(context, unwrapInboundIn(data))
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        // The later handlers run first: their replies and the records of the handshake leave in one write.
        context.fireChannelReadComplete()
        sendCiphertext(context)
        switch phase {
        case .handshaking: context.read()
        case .established: if isReadAwaited { context.read() }
        case .idle, .inputClosed, .finished: break
        }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        // After a close_notify it was already said.
        inputEnded(context)
    }

    package func read(context: ChannelHandlerContext) {
        isReadAwaited = true
        context.read()
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .finished = phase {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let buffer = unwrapOutboundIn(data)
        switch phase {
        case .idle, .handshaking: outbox.append(buffer, promise, encryptingWith: nil)
        case .established, .inputClosed: outbox.append(buffer, promise, encryptingWith: engine)
        case .finished: promise?.fail(ChannelError.ioOnClosedChannel)
        }
    }

    package func flush(context: ChannelHandlerContext) {
        switch phase {
        case .idle, .handshaking: isFlushAwaited = true
        case .established, .inputClosed: sendHeld(context)
        case .finished: context.flush()
        }
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (mode, phase) {
        case (.input, _), (_, .idle), (_, .finished):
            context.close(mode: mode, promise: promise)
        case (.output, .established), (.output, .inputClosed), (.output, .handshaking):
            sayGoodbye(context, mode, promise, encryptHeld())
        case (.all, .established), (.all, .inputClosed), (.all, .handshaking):
            let held = encryptHeld()
            phase = .finished
            sayGoodbye(context, mode, promise, held)
            outbox.fail(ChannelError.ioOnClosedChannel)
        }
    }

    /// Encrypts what is held, where that is possible by now.
    ///
    /// - Returns: the promise to keep when it is sent.
    private func encryptHeld() -> EventLoopPromise<Void>? {
        switch phase {
        case .established, .inputClosed: try? outbox.encrypt(with: engine)
        case .idle, .handshaking, .finished: nil
        }
    }

    /// Sends what is held and `close_notify`, and closes when they are written: closing drops what is not, as it
    /// may be when an earlier write is just being reported as done.
    private func sayGoodbye(
        _ context: ChannelHandlerContext, _ mode: CloseMode, _ promise: EventLoopPromise<Void>?,
        _ held: EventLoopPromise<Void>?
    ) {
        engine.close()
        guard engine.hasCiphertext else {
            held?.fail(ChannelError.ioOnClosedChannel)
            return context.close(mode: mode, promise: promise)
        }
        let written = held ?? context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: mode, promise: promise) }
        sendCiphertext(context, written)
    }

    // MARK: What became of the handshake

    /// Returns the data that binds an authentication to this connection; `nil` before the handshake is done.
    ///
    /// On the event loop only.
    package func channelBinding(_ kind: ChannelBinding.Kind) -> ChannelBinding? { engine.channelBinding(kind) }

    /// The engine, for what else is to be known of the peer: its chain, the problems with it, ALPN, SNI, the
    /// session to resume. On the event loop only.
    package var connection: TLSEngine { engine }

    // MARK: The work

    private func begin(_ context: ChannelHandlerContext) {
        guard case .idle = phase else { return }
        phase = .handshaking
        process(context, ByteBuffer())
        sendCiphertext(context)
        if case .handshaking = phase { context.read() }
    }

    /// Gives the engine ciphertext and passes on what comes of it, until it has nothing more to say.
    private func process(_ context: ChannelHandlerContext, _ input: ByteBuffer) {
        var ciphertext = input
        while true {
            switch phase {
            case .handshaking, .established: break
            case .idle, .inputClosed, .finished: return
            }
            var plaintext = PlaintextSpace(for: ciphertext.readableBytes, of: engine)
            let outcome = plaintext.fill(from: &ciphertext, through: engine)
            if plaintext.buffer.readableBytes > 0 {
                isReadAwaited = false
                context.fireChannelRead(wrapInboundOut(plaintext.buffer))
            }
            plaintext.giveBack()
            switch outcome {
            case .needsInput: return
            case .plaintext: continue
            case .established: handshakeDone(context)
            case .closedCleanly: peerSaidGoodbye(context)
            case .failed(let failure): fail(context, failure)
            }
        }
    }

    private func handshakeDone(_ context: ChannelHandlerContext) {
        guard case .handshaking = phase else { return }
        phase = .established
        context.fireUserInboundEventTriggered(TLSEvent.established(engine.properties))
        if isFlushAwaited {
            isFlushAwaited = false
            flush(context: context)
        }
    }

    private func peerSaidGoodbye(_ context: ChannelHandlerContext) {
        guard case .established = phase else { return }
        phase = .inputClosed
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    private func inputEnded(_ context: ChannelHandlerContext) {
        engine.inputEnded()
        process(context, ByteBuffer())
    }

    private func fail(_ context: ChannelHandlerContext, _ failure: TLSFailure) {
        if case .finished = phase { return }
        phase = .finished
        sendCiphertext(context)
        outbox.fail(failure)
        context.fireErrorCaught(failure)
        context.close(promise: nil)
    }

    /// Encrypts what was written since the last flush and sends it.
    private func sendHeld(_ context: ChannelHandlerContext) {
        do {
            let promise = try outbox.encrypt(with: engine)
            sendCiphertext(context, promise)
        } catch {
            fail(context, error)
        }
    }

    /// Sends the engine's ciphertext, where there is any, in one write.
    private func sendCiphertext(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>? = nil) {
        guard engine.hasCiphertext else {
            promise?.succeed(())
            return
        }
        let buffer = engine.withCiphertext { ciphertext in
            var buffer = context.channel.allocator.buffer(capacity: ciphertext.count)
            buffer.writeBytes(ciphertext)
            return buffer
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
    }
}
