import NIOCore
import SMTPCore

/// A message on its way to a hook that takes it while it comes in.
///
/// Lives on the session's event loop; the hook takes the pieces wherever it runs.
final class MessageStream {
    let message: IncomingMessage
    private let source: MessageBody.Producer.Source
    /// The task of the hook.
    var task: Task<Void, Never>?
    /// The hook's answer, when it is there.
    private(set) var outcome: Result<MessageOutcome, any Error>?
    /// The number of the decision that waits for the answer.
    var awaitingDecision: Int?
    /// Whether the client has to wait until some of the pieces have been taken.
    private(set) var isFull = false

    /// - Parameter onDemand: called on the event loop when there is room again.
    init(envelope: Envelope, peer: Peer, id: QueueID, eventLoop: any EventLoop, onDemand: @escaping () -> Void) {
        let demand = StreamDemand(eventLoop: eventLoop)
        let high = MessageBody.maximumWaitingPieces
        let made = MessageBody.Producer.makeSequence(
            backPressureStrategy: MessageBody.Strategy(lowWatermark: high / 2, highWatermark: high),
            finishOnDeinit: true, delegate: demand)
        source = made.source
        message = IncomingMessage(
            envelope: envelope, peer: peer, id: id, receivedAt: .now, body: MessageBody(made.sequence))
        demand.attach { [weak self] in
            guard let self, isFull else { return }
            isFull = false
            onDemand()
        }
    }

    // A source that is dropped would end the sequence as if the message were complete.
    deinit { source.finish(MessageBodyError.interrupted) }

    /// Adds a piece. It is dropped if the consumer has ended.
    func append(_ octets: [UInt8]) {
        guard outcome == nil else { return }
        switch source.yield(ByteBuffer(bytes: octets)) {
        case .produceMore, .dropped: break
        case .stopProducing: isFull = true
        }
    }

    /// The message is complete.
    func finish() {
        isFull = false
        source.finish()
    }

    /// The message will never be complete; what the hook answers goes nowhere.
    func abandon(_ error: MessageBodyError) {
        isFull = false
        source.finish(error)
        task?.cancel()
    }

    /// The hook answered.
    func end(_ outcome: Result<MessageOutcome, any Error>) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        isFull = false
    }
}

/// Carries a consumer's demand to the event loop of its session.
final class StreamDemand: NIOAsyncSequenceProducerDelegate {
    private let eventLoop: any EventLoop
    private let receiver: NIOLoopBoundBox<(() -> Void)?>

    /// Made on the event loop.
    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        receiver = NIOLoopBoundBox(nil, eventLoop: eventLoop)
    }

    func attach(_ receiver: @escaping () -> Void) { self.receiver.value = receiver }

    func produceMore() { tell() }

    /// The consumer has ended: the rest need not wait.
    func didTerminate() { tell() }

    private func tell() { eventLoop.execute { [receiver] in receiver.value?() } }
}
