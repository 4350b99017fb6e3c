import Glibc
import NIOCore
import SMTPCore

/// The parts of an interception that concern time and the wire.
extension ServerHandler {
    /// Replies that are written byte by byte.
    struct SlowReplies {
        var octets: [UInt8]
        var pause: TimeAmount
        /// The session's event after them.
        var event: ServerEvent?
    }

    func intercept(_ step: DialogueStep, _ number: Int) {
        let interception = loop.run.server.hooks.interceptor?.intercept(step, self.number)
        decided(number, interception.map(DecisionAnswer.intercept) ?? .accept)
    }

    func wait(_ duration: Duration, _ number: Int) {
        loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(duration.nanoseconds)) { [self] in
            decided(number, .accept)
        }
    }

    /// Reads nothing more, and answers nothing.
    func stall() { isStalled = true }

    /// Resets the connection.
    func reset() {
        guard let context else { return }
        isLingering = true
        disconnectReason = .closedByServer(nil)
        // Set at once, because this is the channel's event loop. Pipes know no reset, and are closed.
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        context.close(promise: nil)
    }

    // MARK: Slow replies

    func writeSlowly(_ pause: Duration) {
        endDirectReplies()
        slowReplies = SlowReplies(
            octets: output.replies, pause: .nanoseconds(pause.nanoseconds), event: output.event)
        output.replies.removeAll(keepingCapacity: true)
        output.event = nil
        writeNext(0)
    }

    private func writeNext(_ index: Int) {
        guard !isLingering, let context, let slow = slowReplies else { return }
        guard index < slow.octets.count else { return slowRepliesWritten(slow) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [slow.octets[index]])), promise: nil)
        loop.eventLoop.assumeIsolated().scheduleTask(in: slow.pause) { [self] in writeNext(index + 1) }
    }

    private func slowRepliesWritten(_ slow: SlowReplies) {
        slowReplies = nil
        session.repliesWritten(into: &output)
        output.event = output.event ?? slow.event
        restartDeadline()
        afterStep()
        flush()
        resumeReading()
    }
}
