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
    func decided(_ number: Int, _ answer: DecisionAnswer) {
        guard number == decisionNumber, session.isDeciding else { return }
        decisionTask = nil
        session.resolve(answer: answer, into: &output)
        // An answer that came at once belongs to the step under way.
        guard !isStepping else { return }
        afterStep()
        flush()
        resumeReading()
    }

    /// Gives up a decision that was not made in time.
    func giveUpDecision() {
        decisionTask?.cancel()
        stream = nil
        decided(decisionNumber, .reply(.localError))
    }

    /// The name, for the operator, of the hook or store that was asked for the pending decision.
    var decider: String {
        switch session.pendingDecision {
        case .connection: "the hook onConnect"
        case .hello: "the hook onHello"
        case .sender: "the hook onSender"
        case .recipient: "the hook onRecipient"
        case .verify: "the hook onVerify"
        case .expand: "the hook onExpand"
        case .authenticate: "the authenticator"
        case .message where loop.onMessageStream == nil && !loop.asksForDelivery: loop.store.name
        case .message, .authenticationFailure, .step, .pause, .stall, nil: "the hook that takes the message"
        }
    }

    // MARK: Hooks

    private func ask(_ decision: Decision, _ number: Int) {
        keep(HookCall(decision, number, of: self).start(on: loop.executor), number)
    }

    /// Keeps the task of a hook that has not answered yet, so that it can be cancelled.
    private func keep(_ task: Task<Void, Never>, _ number: Int) {
        if number == decisionNumber, session.isDeciding { decisionTask = task }
    }

    /// Holds back the answer to a failed authentication: guessing takes time.
    private func pause(_ failures: Int, _ number: Int) {
        let delay = loop.run.server.configuration.limits.authenticationDelay.nanoseconds
        loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay * Int64(failures))) { [self] in
            decided(number, .accept)
        }
    }

    // MARK: Messages

    private func decideMessage(_ number: Int) {
        if let hook = loop.onMessageStream {
            guard loop.run.control.ending != .finish else {
                abandonStream(.interrupted)
                return decided(number, .reply(.shuttingDown))
            }
            return decideStream(hook, number)
        }
        // From here on the handler no longer owns the content, whatever becomes of the message.
        let content: MessageContent
        do {
            content = try takeContent()
        } catch {
            return decided(number, .reply(.insufficientStorage))
        }
        guard loop.run.control.ending != .finish else { return decided(number, .reply(.shuttingDown)) }
        let id = loop.queueIDs.make()
        guard loop.makesMessages else {
            loop.observer.messageStored()
            return stored(number, id)
        }
        // A hook may answer for each recipient of the envelope, for which the session needs it.
        let known = loop.asksForDelivery ? session.envelope : session.handOverEnvelope()
        guard let envelope = known else { return decided(number, .reply(.localError)) }
        let message = Message(
            envelope: envelope,
            peer: session.peer,
            id: id,
            receivedAt: .now,
            content: content,
            timings: clock.stop()
        )
        if loop.isDiscarding {
            loop.observer.messageStored(message)
            stored(number, id)
        } else if loop.asksForDelivery {
            keep(DeliveryCall(message, number, of: self).start(on: loop.executor), number)
        } else {
            store(message, number)
        }
    }

    /// Keeps a message for everybody.
    private func store(_ message: Message, _ number: Int) {
        loop.store.store(message, on: loop.eventLoop).assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success:
                loop.observer.messageStored(message)
                stored(number, message.id)
            case .failure(let error):
                failed(number, error)
            }
        }
    }

    /// Keeps a message for the recipients for whom it was taken.
    func store(_ message: Message, _ outcome: MessageOutcome, _ number: Int) {
        guard !outcome.isForAll else {
            var message = message
            message.id = outcome.id
            return store(message, number)
        }
        let delivered = DeliveredMessage(message, outcome)
        guard delivered.isTaken else { return conclude(delivered, number) }
        loop.store.store(delivered.message, on: loop.eventLoop).assumeIsolated().whenComplete { [self] result in
            var delivered = delivered
            switch result {
            case .success: loop.observer.messageStored(delivered.message)
            case .failure(let error): delivered.fail(with: reply(for: error))
            }
            conclude(delivered, number)
        }
    }

    /// The message is where it is meant to be, or nowhere.
    func conclude(_ delivered: DeliveredMessage, _ number: Int) {
        if delivered.isTaken { hasDeliveredMessage = true }
        decided(number, delivered.answer)
    }

    /// The message is safe, whether or not its client is still there to hear it.
    private func stored(_ number: Int, _ id: QueueID) {
        hasDeliveredMessage = true
        decided(number, .queued(id))
    }

    // MARK: Errors

    /// A hook or a store failed.
    func failed(_ number: Int, _ error: any Error) {
        // Whoever was given up need not say so.
        guard number == decisionNumber || !(error is CancellationError) else { return }
        decided(number, .reply(reply(for: error)))
    }

    /// Returns the reply for an error in a hook or a store. The client does not learn the error; the operator does.
    private func reply(for error: any Error) -> Reply {
        if let reply = error as? Reply { return reply }
        loop.observer.failed("session \(self.number): \(error)")
        if let error = error as? StoreError, error.isFull { return .insufficientStorage }
        return .localError
    }
}
