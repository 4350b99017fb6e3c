import NIOCore
import SMTPCore

/// The ways in which a connection ends.
extension ServerHandler {
    /// The sweep found that patience has ended.
    func deadlinePassed() {
        guard let context, !isLingering, context.channel.isWritable else {
            disconnectReason = disconnectReason ?? .closedByServer(nil)
            context?.close(promise: nil)
            return
        }
        deadline = Deadlines.never
        guard !isHandshaking else {
            // There is no way yet to tell the client anything.
            if lastDeadline > loop.tick { handshakeTookTooLong() }
            disconnectReason = .tlsFailed
            context.close(promise: nil)
            return
        }
        if lastDeadline > loop.tick, !session.isHeld, session.isDeciding || stream?.isFull ?? false {
            let limit = loop.run.server.configuration.limits.decision
            loop.observer.failed("session \(number): no answer from \(decider) within \(limit)")
            if session.isDeciding { giveUpDecision() } else if let stream { giveUpStream(stream) }
            return
        }
        decisionNumber += 1
        decisionTask?.cancel()
        if lastDeadline <= loop.tick {
            session.shutdownOverdue(into: &output)
        } else {
            session.deadlinePassed(into: &output)
        }
        afterStep()
        flush()
    }

    /// The server ends: the idle go at once, the rest when they are done or the grace is over.
    func serverEnds(_ ending: ServerControl.Ending) {
        guard !isLingering else { return }
        switch ending {
        case .none: return
        case .finish where session.isDeciding || session.isInTransaction || hasDeliveredMessage:
            session.serveQuitOnly()
        case .finish, .stop: stop()
        }
    }

    /// Closes the session now if it is idle, else when its transaction is over.
    func stop() {
        guard !isLingering else { return }
        session.stop(into: &output)
        afterStep()
        flush()
    }

    /// The grace is over: closes in any case.
    func graceEnded() {
        lastDeadline = loop.tick
        deadlinePassed()
    }

    /// Closes when the replies are written.
    func close(isClientDone: Bool) {
        guard let context else { return }
        decisionTask?.cancel()
        disconnectReason = closingReason
        isLingering = true
        // When the grace is over, a client that goes on sending is not waited for.
        let isClientDone = isClientDone || lastDeadline <= loop.tick
        deadline = loop.tick + (isClientDone ? loop.deadlines.replyOutput : loop.deadlines.lingering)
        if tls != nil, !isHandshaking {
            // TLS says goodbye in the same write.
            writeReplies()
            context.close(mode: isClientDone ? .all : .output, promise: nil)
            if !isClientDone { resumeReading() }
            return
        }
        if flushDirectly() {
            context.close(mode: isClientDone ? .all : .output, promise: nil)
            if !isClientDone { resumeReading() }
            return
        }
        let written = loop.eventLoop.makePromise(of: Void.self)
        isWriteAwaited = true
        written.futureResult.assumeIsolated().whenComplete { [self] _ in
            isWriteAwaited = false
            context.close(mode: isClientDone ? .all : .output, promise: nil)
        }
        flush(promise: written)
        if !isClientDone { resumeReading() }
    }
}
