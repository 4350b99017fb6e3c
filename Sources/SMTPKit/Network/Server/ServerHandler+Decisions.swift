import NIOCore
import SMTPCore

/// Questions of the session, and who answers them.
extension ServerHandler {
    func decide(_ decision: Decision) {
        decisionNumber += 1
        switch decision {
        case .message: decideMessage(decisionNumber)
        case .authenticationFailure(let failures): pause(failures, decisionNumber)
        case .step(let step): intercept(step, decisionNumber)
        case .pause(let duration): wait(duration, decisionNumber)
        case .stall: stall()
        case .connection, .hello, .sender, .recipient, .authenticate, .verify, .expand: ask(decision, decisionNumber)
        }
    }

    /// An answer came.
    func decided(_ number: Int, _ verdict: Verdict) {
        guard number == decisionNumber, session.isDeciding else { return }
        decisionTask = nil
        session.resolve(verdict, into: &output)
        afterStep()
        flush()
        resumeReading()
    }

    // MARK: Hooks

    private func ask(_ decision: Decision, _ number: Int) {
        let run = loop.run
        let peer = session.peer
        let envelope = session.envelope
        let this = NIOLoopBound(self, eventLoop: loop.eventLoop)
        runTask {
            let verdict: Verdict
            do {
                verdict = try await run.server.hooks.answer(decision, peer, envelope)
            } catch {
                verdict = Self.verdict(for: error, run)
            }
            this.value.decided(number, verdict)
        }
    }

    /// Holds back the answer to a failed authentication: guessing takes time.
    private func pause(_ failures: Int, _ number: Int) {
        let delay = loop.run.server.configuration.limits.authenticationDelay.nanoseconds
        loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay * Int64(failures))) { [self] in
            decided(number, .accept)
        }
    }

    /// Runs a hook on the event loop.
    private func runTask(_ work: @escaping @Sendable () async -> Void) {
        decisionTask = Task(executorPreference: loop.executor, operation: work)
    }

    // MARK: Messages

    private func decideMessage(_ number: Int) {
        guard loop.run.control.ending != .finish else { return decided(number, .reply(.shuttingDown)) }
        guard let envelope = session.envelope else { return decided(number, .reply(.localError)) }
        guard !spool.hasFailed else {
            spool = Spool()
            return decided(number, .reply(.insufficientStorage))
        }
        let id = loop.queueIDs.make()
        if loop.isDiscarding, loop.observer == nil { return stored(number, id) }
        let message = Message(
            envelope: envelope,
            peer: session.peer,
            id: id,
            receivedAt: .now,
            content: takeContent()
        )
        if loop.isDiscarding {
            loop.observer?.messageStored(message)
            stored(number, id)
        } else if let hook = loop.onMessage {
            askHook(hook, message, number)
        } else {
            store(message, number)
        }
    }

    private func store(_ message: Message, _ number: Int) {
        let run = loop.run
        loop.store.store(message, on: loop.eventLoop).assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success:
                loop.observer?.messageStored(message)
                stored(number, message.id)
            case .failure(let error):
                decided(number, Self.verdict(for: error, run))
            }
        }
    }

    private func askHook(
        _ hook: @escaping @Sendable (Peer, Message) async throws -> QueueID, _ message: Message, _ number: Int
    ) {
        let run = loop.run
        let peer = session.peer
        let this = NIOLoopBound(self, eventLoop: loop.eventLoop)
        runTask {
            do {
                var message = message
                message.id = try await hook(peer, message)
                this.value.store(message, number)
            } catch {
                this.value.decided(number, Self.verdict(for: error, run))
            }
        }
    }

    /// The message is safe, whether or not its client is still there to hear it.
    private func stored(_ number: Int, _ id: QueueID) {
        hasDeliveredMessage = true
        decided(number, .queued(id))
    }

    /// What the client hears of an error in a hook or a store.
    private static func verdict(for error: any Error, _ run: ServerRun) -> Verdict {
        if let reply = error as? Reply { return .reply(reply) }
        run.server.observer?.failed("\(error)")
        if let error = error as? StoreError, error.isFull { return .reply(.insufficientStorage) }
        return .reply(.localError)
    }
}
