import NIOCore
import SMTPCore
import SMTPTLS

/// TLS, as the handler after it in the pipeline uses it.
extension ServerHandler {
    /// Puts TLS in front, in the same turn of the loop in which the command was read: the next bytes are
    /// the handshake's.
    func startTLS() {
        guard let context else { return }
        flush()
        endDirectReplies()
        deadline = min(loop.tick + loop.deadlines.tlsSetup, lastDeadline)
        do {
            let handler = try TLSHandler(server: loop.run.server.configuration.security.context())
            self.tls = handler
            try context.pipeline.syncOperations.addHandler(handler, position: .before(self))
        } catch {
            failed(error)
            context.close(promise: nil)
        }
    }

    /// Whether a handshake is under way.
    var isHandshaking: Bool { isGreetingDue || session.isStartingTLS }

    func tlsEstablished(_ properties: Peer.TLSProperties) {
        // The server may have closed the session meanwhile; its last words are sent now.
        guard !isLingering else { return }
        if loop.bindsChannels, let tls {
            session.setChannelBindings(ChannelBinding.Kind.allCases.compactMap(tls.channelBinding))
        }
        session.tlsEstablished(properties)
        if loop.run.sessionConfiguration.wantsRemarks { loop.observer.remark(.secured(properties), of: number) }
        guard isGreetingDue else { return restartDeadline() }
        isGreetingDue = false
        session.start(into: &output)
        afterStep()
        flush()
    }

    func handshakeTookTooLong() {
        let limit = loop.run.server.configuration.limits.tlsSetup
        loop.run.server.observer?.failed("session \(number): the TLS handshake was not done within \(limit)")
    }

    func failed(_ error: any Error) {
        loop.observer.failed("session \(number): \(error)")
    }
}
