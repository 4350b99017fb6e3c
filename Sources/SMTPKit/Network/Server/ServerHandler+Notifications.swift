import NIOCore
import SMTPCore

/// Notifications of the application, which have no answer.
extension ServerHandler {
    /// The client gave up transactions.
    func tellAbandoned() {
        let abandoned = output.abandoned
        output.abandoned = []
        guard let onReset = loop.run.server.hooks.onReset else { return }
        for transaction in abandoned {
            let notice = ResetNotice(session: number, transaction: transaction)
            notify { await onReset(notice) }
        }
    }

    /// The connection is gone; the session counts as one until the application knows.
    func tellDisconnected() {
        let run = loop.run
        if let onDisconnect = run.server.hooks.onDisconnect, number > 0 {
            let notice = DisconnectNotice(
                session: number, peer: session.peer, reason: disconnectReason ?? .clientGone)
            notify { await onDisconnect(notice) }
        }
        let wasServed = number > 0
        guard let notifications else { return run.connectionClosed(wasServed: wasServed) }
        notifications.finish { run.connectionClosed(wasServed: wasServed) }
    }

    private func notify(_ notification: @escaping SessionNotifications.Notification) {
        let notifications =
            self.notifications ?? SessionNotifications(loop: loop) { [weak self] in self?.resumeReading() }
        self.notifications = notifications
        notifications.add(notification)
    }

    /// Why the session closes.
    var closingReason: DisconnectReason {
        switch session.lastWords {
        case .some(let reply) where reply.code == 221: .quit
        case .some(let reply): .closedByServer(reply)
        case .none where session.isInputClosed: .clientGone
        case .none: .closedByServer(nil)
        }
    }
}
