import NIOCore
import SMTPCore

/// Messages that a hook takes while they come in.
extension ServerHandler {
    /// Hands on the content that the last step brought.
    func streamContent(to hook: @escaping StreamHook) {
        guard !output.content.isEmpty else { return }
        (stream ?? startStream(hook)).append(output.content)
        output.content.removeAll(keepingCapacity: true)
    }

    /// The content is complete: the answer is the hook's.
    func decideStream(_ hook: @escaping StreamHook, _ number: Int) {
        let stream = stream ?? startStream(hook)
        output.content = []
        stream.finish()
        stream.awaitingDecision = number
        decisionTask = stream.task
        if stream.outcome != nil { settle(stream, number) }
    }

    /// The message under way comes to nothing.
    func abandonStream(_ error: MessageBodyError) {
        stream?.abandon(error)
        stream = nil
    }

    /// The hook took nothing for too long: it is answered for, and the rest is read for nothing.
    func giveUpStream(_ stream: MessageStream) {
        stream.task?.cancel()
        stream.end(.failure(Reply.localError))
        restartDeadline()
        resumeReading()
    }

    /// Runs a hook on the event loop: at once, up to where it first waits.
    private func hookTask(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task.immediateDetached(executorPreference: loop.executor, operation: work)
    }

    private func startStream(_ hook: @escaping StreamHook) -> MessageStream {
        let stream = MessageStream(
            envelope: session.envelope ?? Envelope(reversePath: .null), peer: session.peer,
            id: loop.queueIDs.make(), eventLoop: loop.eventLoop
        ) { [weak self] in
            self?.restartDeadline()
            self?.resumeReading()
        }
        self.stream = stream
        let ended = NIOLoopBound((handler: self, stream: stream), eventLoop: loop.eventLoop)
        let request = MessageStreamRequest(session: number, message: stream.message)
        stream.task = hookTask {
            let outcome: Result<MessageOutcome, any Error>
            do {
                outcome = .success(try await hook(request))
            } catch {
                outcome = .failure(error)
            }
            ended.value.handler.streamEnded(ended.value.stream, outcome)
        }
        return stream
    }

    private func streamEnded(_ stream: MessageStream, _ outcome: Result<MessageOutcome, any Error>) {
        guard self.stream === stream else { return }
        stream.end(outcome)
        if let number = stream.awaitingDecision {
            settle(stream, number)
        } else {
            restartDeadline()
            resumeReading()
        }
    }

    private func settle(_ stream: MessageStream, _ number: Int) {
        guard let outcome = stream.outcome else { return }
        self.stream = nil
        guard number == decisionNumber else { return }
        switch outcome {
        case .failure(let error):
            failed(number, error)
        case .success(let outcome):
            let incoming = stream.message
            let message = Message(
                envelope: incoming.envelope, peer: incoming.peer, id: incoming.id, receivedAt: incoming.receivedAt,
                content: .discarded(count: UInt64(session.contentLength)))
            let delivered = DeliveredMessage(message, outcome)
            if delivered.isTaken { loop.observer.messageStored(delivered.message) }
            conclude(delivered, number)
        }
    }
}
