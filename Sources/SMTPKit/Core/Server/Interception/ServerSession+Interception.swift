/// Steps at which the driver steps in.
///
///     C: RCPT TO:<ann@example.net>
///     …  Decision.step(rcpt, "TO:<ann@example.net>") → Verdict.intercept(450 Not now)
///     S: 450 Not now
///
/// A session whose configuration intercepts nothing knows nothing of this.
extension ServerSession {
    /// The work that continues after the driver's decision.
    enum Interrupted: Equatable {
        case greeting
        case line([UInt8])
        case content
        /// The end of the content, in the same bytes as those that the interception waited for.
        case contentEnd
        /// The end of a message, with the reply that refuses it, if it is refused already.
        case message(Reply?)
    }

    func intercepts(_ stage: DialogueStage) -> Bool { configuration.intercepted.contains(stage) }

    // MARK: Coming to a step

    /// Asks what is to become of a command, where the driver wants to be asked.
    ///
    /// - Returns: whether it was asked.
    mutating func interrupts(_ line: Span<UInt8>, _ output: inout ServerOutput) -> Bool {
        guard stopping != .quitOnly,
            let verb = try? configuration.parser.verb(of: line), let stage = DialogueStage(verb), intercepts(stage)
        else { return false }
        let argument = stage == .data ? envelopeText : Self.argument(of: line, at: stage)
        interrupt(stage, argument, .line(line.withUnsafeBufferPointer { Array($0) }), &output)
        return true
    }

    mutating func interrupt(
        _ stage: DialogueStage, _ argument: String, _ rest: Interrupted, _ output: inout ServerOutput
    ) {
        interrupted = rest
        begin(stage)
        ask(.step(DialogueStep(stage, argument: argument)), &output)
    }

    private static func argument(of line: Span<UInt8>, at stage: DialogueStage) -> String {
        let start = line.skippingSpaces(from: line.endOfWord(from: 0))
        // The text after the mechanism may be a password.
        let end = stage == .auth ? line.endOfWord(from: start) : line.endWithoutTrailingSpaces
        return start < end ? String(copying: line.extracting(start..<end)) : ""
    }

    /// The envelope as a step's argument.
    var envelopeText: String {
        guard let envelope else { return "" }
        return envelope.recipients.reduce(into: "<\(envelope.reversePath)>") { $0 += " <\($1.path)>" }
    }

    // MARK: Carrying out

    /// The driver has said what is to become of a step.
    mutating func intercept(with interception: Interception, _ output: inout ServerOutput) {
        guard interrupted == .content, interception.after > 0 else {
            self.interception = interception
            return carryOutInterception(&output)
        }
        awaitedInterception = interception
        goOn(&output)
    }

    /// Continues a step that no interception holds up, or no longer.
    mutating func goOn(_ output: inout ServerOutput) {
        guard let rest = interrupted else { return }
        interrupted = nil
        switch rest {
        case .greeting: begin(&output)
        case .line(let line): command(line.span, &output)
        case .content: goOnWithContent(&output)
        case .contentEnd: contentEnded(&output)
        case .message(let refusal): messageEnded(refusal, &output)
        }
    }

    /// Carries out the interception, as far as that goes without waiting.
    mutating func carryOutInterception(_ output: inout ServerOutput) {
        guard let interception else { return goOn(&output) }
        if interception.delay > .zero {
            self.interception?.delay = .zero
            return ask(.pause(interception.delay), &output)
        }
        guard !interception.goesOn else {
            // At the beginning of the content there is no usual reply that another could replace.
            if interrupted == .content || interrupted == .contentEnd { self.interception = nil }
            goOn(&output)
            return end(&output)
        }
        if let reply = interception.reply {
            refuseStep(with: reply, &output)
        } else {
            dueEnding = interception.ending
            self.interception = nil
        }
        end(&output)
    }

    /// Whether so much of the content has come that the interception is due.
    var isInterceptionDue: Bool {
        awaitedInterception.map { contentLength >= $0.after } ?? false
    }

    /// Enough of the content has come.
    mutating func carryOutAwaitedInterception(at rest: Interrupted, _ output: inout ServerOutput) {
        interrupted = rest
        interception = awaitedInterception
        awaitedInterception = nil
        carryOutInterception(&output)
    }

    private mutating func refuseStep(with reply: Reply, _ output: inout ServerOutput) {
        let rest = interrupted
        interrupted = nil
        activity = .commands
        if reply.code == 421, interception?.ending == nil { interception?.ending = .drop }
        switch rest {
        case .greeting:
            phase = .refused
            send(reply, &output)
        case .message, .contentEnd:
            output.content.removeAll()
            output.isContentDropped = true
            content = nil
            endMessage(with: reply, &output)
        case .content:
            if var chunk {
                chunk.refusal = reply
                return refuseChunk(chunk, &output)
            }
            content?.refuse(&output)
            activity = .content
            for _ in 0..<finalReplyCount { send(reply, &output) }
        case .line(let line):
            if interception?.ending == nil, let chunk = refusedChunk(line.span, reply) {
                return refuseChunk(chunk, &output)
            }
            send(reply, &output)
        case nil:
            send(reply, &output)
        }
    }

    /// Returns the chunk after a `BDAT` line: its bytes are on their way, whatever the answer (RFC 3030, section 2).
    private func refusedChunk(_ line: Span<UInt8>, _ reply: Reply) -> Chunk? {
        guard let verb = try? configuration.parser.verb(of: line), verb == .bdat,
            case .bdat(let size, let isLast) = try? configuration.parser.parse(line, verb: verb),
            size <= max(configuration.limits.discardedChunk, configuration.limits.messageSize ?? .max)
        else { return nil }
        return Chunk(decoder: ChunkDecoder(size: size), isLast: isLast, refusal: reply)
    }

    /// The content that an interception waited for does not come.
    mutating func forgetAwaitedContent() {
        awaitedInterception = nil
    }

    /// Sends a reply as the interception has it.
    mutating func sendIntercepted(_ usual: Reply, _ output: inout ServerOutput) {
        guard let interception = interception.take() else { return }
        let other = interception.reply.flatMap { $0.isAcceptance == usual.isAcceptance ? $0 : nil }
        let reply = other ?? usual
        step.isInjected = other != nil
        send(reply, &output)
        step.isInjected = false
        let length = (configuration.sendsStatus ? reply.octets : reply.octetsWithoutStatus).count
        let start = output.replies.count - length
        dueEnding = interception.ending
        switch interception.form {
        case .whole: break
        case .slow(let pause):
            output.pause = pause
            isAwaitingReplies = true
        case .truncated:
            output.replies.removeLast(length - max(1, length / 2))
            dueEnding = dueEnding ?? .drop
        case .garbled:
            output.replies.replaceSubrange(start..., with: Reply.garbled(Array(output.replies[start...])))
        }
    }

    /// Ends the dialogue if an interception says so, whatever else was to come next.
    mutating func end(_ output: inout ServerOutput) {
        guard let ending = dueEnding, activity != .closed else { return }
        dueEnding = nil
        if activity == .content { dropContent(&output) }
        switch ending {
        case .drop:
            activity = .closed
            output.event = .close(isClientDone: false)
        case .reset:
            activity = .closed
            output.event = .reset
        case .stall:
            ask(.stall, &output)
        }
    }
}
