/// The server's side of one SMTP dialogue: bytes in, replies and questions out.
///
/// A session knows the protocol and nothing of sockets, time or threads. Its driver feeds it what
/// happened and carries out what it asks for; every input may be cut into any pieces.
///
///     session.start(into: &output)             // 220 mx.example ESMTP
///     session.receive(octets, into: &output)   // 250 2.1.0 Sender ok
///
/// While a ``Decision`` is pending, input is kept and nothing is answered. Nothing that a peer sends
/// can trap, throw, or make the session keep more than ``Limits/commandLine`` bytes of its own accord, or
/// ``Limits/authenticationLine`` in `AUTH`; a driver that goes on feeding while a decision is pending decides itself
/// how much.
///
/// - SeeAlso: RFC 5321.
public struct ServerSession: ~Copyable {
    /// The kind of the next bytes.
    enum Activity {
        /// ``start(into:)`` has not been called.
        case unstarted
        /// Command lines.
        case commands
        /// The content of a message.
        case content
        /// Lines of an authentication.
        case authenticating
        /// A TLS handshake, which is not the session's; anything in clear is thrown away.
        case startingTLS
        /// Not looked at until the decision is made (``question``).
        case deciding
        /// Ignored.
        case closed
    }

    /// How a session comes to its end when its server stops.
    enum Stopping {
        case no
        /// When the transaction under way is over.
        case afterTransaction
        /// Now that the transaction is over, as soon as its replies are written.
        case afterReplies
        /// Now: only `QUIT` is still served.
        case quitOnly
    }

    /// The configuration that all sessions of the server share.
    public let configuration: Configuration
    /// The client, as far as it is known.
    public internal(set) var peer: Peer
    /// The transaction under way.
    public internal(set) var envelope: Envelope?

    var activity = Activity.unstarted
    /// The decision that is pending, or `nil`. It is kept apart from the activity, which is read for every line.
    var question: Decision?
    var phase = SessionPhase.greeted
    var stopping = Stopping.no
    var framer: LineFramer
    var content: ContentDecoder?
    /// The chunk under way, where content comes in chunks.
    var chunk: Chunk?
    /// Whether the client may speak in the name of others.
    private(set) var isXClientTrusted: Bool
    /// The path of the command under way as the client wrote it, where that is not how it was understood.
    var rawPath: String?
    /// The domain of the last address of the usual form.
    var recentDomain = ""
    /// The subject of refusals and other remarks.
    var step = Step()
    /// The first CR or LF that stood alone in the message that ended last.
    var bareNewline: BareNewline?
    var badCommands = 0
    /// How many `MAIL` commands there were.
    var transactionCount = 0
    /// How many `RCPT` commands the transaction under way has had.
    var recipientCount = 0
    /// The domains of recipients so far, in lower case, where there is a limit to them.
    var recipientDomains: Set<String> = []
    var failedAuthentications = 0
    /// Whether a whole line of the client has come.
    private var hasReadLine = false
    /// Whether the command under way is printable ASCII.
    var isLineASCII = true
    /// How the blanks of the command under way break the grammar.
    var looseness: Looseness?
    /// Whether the answer to the `VRFY` or `EXPN` under way may hold UTF-8.
    var takesUTF8Reply = false
    var exchange: SASLServerExchange?
    var channelBindings: [ChannelBinding] = []
    /// Whether lines that are no commands may be shown: not once they may be passwords.
    var mayShowUnknownLines = true
    /// The step at which the driver steps in, and what it has said of it.
    var interrupted: Interrupted?
    var interception: Interception?
    /// The interception of the content under way, which takes effect once enough of it has arrived.
    var awaitedInterception: Interception?
    /// How an interception ends the dialogue, once its reply is on the way.
    var dueEnding: Interception.Ending?
    /// Whether replies are being written slowly, and input waits for that.
    var isAwaitingReplies = false
    /// Whether the client has said that it sends nothing more.
    public private(set) var isInputClosed = false
    /// Input that could not be used yet: half a line, or what waits for a decision.
    private var waitingInput: [UInt8] = []
    /// Room for the recipients of the next transaction.
    var spareRecipients: [Envelope.Recipient] = []
    /// Whether the driver has more input in its hands.
    private var withholdsInput = false

    /// Makes a session for a connection that was accepted.
    public init(configuration: Configuration, peer: Peer) {
        self.configuration = configuration
        self.peer = peer
        isXClientTrusted = configuration.xclients.contains(peer.address)
        framer = Self.commandFramer(configuration)
    }

    /// A framer for command lines.
    var commandFramer: LineFramer { Self.commandFramer(configuration) }

    private static func commandFramer(_ configuration: Configuration) -> LineFramer {
        LineFramer(
            limit: configuration.limits.commandLine,
            authenticationLimit: configuration.extensions.contains(.auth)
                ? configuration.limits.authenticationLine : nil,
            skipLimit: configuration.limits.skippedLine,
            policy: configuration.bareNewlines
        )
    }

    // MARK: State

    /// How many bytes the message that awaits its decision has, or the one coming in had so far.
    public internal(set) var contentLength = 0

    /// How many bytes of input wait for a decision, for the driver's back-pressure.
    public var waitingInputCount: Int { waitingInput.count }

    /// The envelope of the message that awaits its decision, for good: the session has no further use for it, but in
    /// LMTP.
    package mutating func handOverEnvelope() -> Envelope? {
        if case .lmtp = configuration.serverProtocol { return envelope }
        return envelope.take()
    }

    /// Whether a transaction is under way.
    package var isInTransaction: Bool {
        switch phase {
        case .mail, .recipients, .chunks: true
        case .refused, .greeted, .ready: false
        }
    }

    /// Whether a message is coming in.
    public var isReceivingContent: Bool { activity == .content }

    /// Whether a decision is pending.
    public var isDeciding: Bool { activity == .deciding }

    /// The decision that is pending.
    package var pendingDecision: Decision? { activity == .deciding ? question : nil }

    /// Whether an interception holds the dialogue up, so that no time limit applies.
    public var isHeld: Bool {
        guard activity == .deciding else { return isAwaitingReplies }
        switch question {
        case .pause, .stall: return true
        case _: return isAwaitingReplies
        }
    }

    /// The reply with which the session closed, if it has, and did not do so without a word.
    public private(set) var lastWords: Reply?

    /// Whether the session is over.
    public var isClosed: Bool { activity == .closed }

    /// Whether a TLS handshake is awaited.
    public var isStartingTLS: Bool { activity == .startingTLS }

    /// Whether what the client sends is of any interest.
    private var isListening: Bool { activity != .closed && activity != .startingTLS }

    // MARK: Inputs

    /// Sets the client's address, before the session starts.
    ///
    /// - Parameters:
    ///   - address: where the client is.
    ///   - serverAddress: where it connected to, if a proxy is in between.
    public mutating func setAddress(_ address: Peer.Address, serverAddress: Peer.Address? = nil) {
        peer.address = address
        peer.serverAddress = serverAddress
        isXClientTrusted = configuration.xclients.contains(address)
    }

    /// The current time, if the driver sets it; `nil` otherwise. A time to hold a message until is compared
    /// with one to deliver it by where this is known (RFC 4865, section 5.2.2).
    public var time: Timestamp?

    /// Says what the driver keeps for the application, before the session starts.
    package mutating func setAttachment(_ object: any AnyObject & Sendable) {
        peer.attachment = Peer.Attachment(object)
    }

    /// The connection is up: greets, or asks for a decision first.
    public mutating func start(into output: inout ServerOutput) {
        precondition(activity == .unstarted, "a session starts once")
        if intercepts(.connect) {
            interrupt(.connect, peer.address.text, .greeting, &output)
        } else {
            begin(&output)
        }
    }

    /// Greets, or asks for a decision first.
    mutating func begin(_ output: inout ServerOutput) {
        if configuration.decisions.contains(.connection) {
            ask(.connection, &output)
        } else {
            greet(with: configuration.greeting, &output)
        }
    }

    /// Bytes came from the client.
    public mutating func receive(_ octets: Span<UInt8>, into output: inout ServerOutput) {
        withholdsInput = false
        guard !isAwaitingReplies else { return keep(octets, from: 0) }
        switch activity {
        case .closed, .startingTLS:
            return
        case .unstarted, .deciding:
            keep(octets, from: 0)
        case .commands, .content, .authenticating:
            guard waitingInput.isEmpty else {
                keep(octets, from: 0)
                processWaitingInput(into: &output)
                return
            }
            let used = process(octets, from: 0, into: &output)
            if used < octets.count, isListening { keep(octets, from: used) }
        }
    }

    /// Bytes came from the client. The driver keeps them: it passes the rest again, or to ``receive(_:into:)``.
    ///
    /// With this, the bytes after a message that is decided at once are not copied.
    ///
    /// - Parameter start: the index of the first byte that was not used up before.
    /// - Returns: the index after the last byte that was used up.
    package mutating func consume(_ octets: Span<UInt8>, from start: Int, into output: inout ServerOutput) -> Int {
        withholdsInput = false
        guard canConsume else {
            receive(octets.extracting(start..<octets.count), into: &output)
            return octets.count
        }
        let used = process(octets, from: start, into: &output)
        guard isListening else { return octets.count }
        withholdsInput = used < octets.count
        return used
    }

    /// Whether input would be read at once.
    package var canConsume: Bool {
        switch activity {
        case .commands, .content, .authenticating: !isAwaitingReplies && waitingInput.isEmpty
        case .unstarted, .deciding, .startingTLS, .closed: false
        }
    }

    /// Answers the pending decision, and goes on with the input that waited for it.
    package mutating func resolve(answer: DecisionAnswer, into output: inout ServerOutput) {
        guard activity == .deciding, let decision = question.take() else {
            preconditionFailure("a verdict answers a pending decision")
        }
        activity = .commands
        carryOut(answer, for: decision, &output)
        end(&output)
        stopAfterReplies(&output)
        processWaitingInput(into: &output)
    }

    /// Replies that had to be written slowly are written (``ServerOutput/pause``); goes on with what waited for that.
    public mutating func repliesWritten(into output: inout ServerOutput) {
        isAwaitingReplies = false
        stopAfterReplies(&output)
        switch activity {
        case .commands, .content, .authenticating: processWaitingInput(into: &output)
        case .unstarted, .startingTLS, .deciding, .closed: return
        }
    }

    /// The client sends nothing more.
    public mutating func inputClosed(into output: inout ServerOutput) {
        isInputClosed = true
        closeIfInputEnded(&output)
    }

    /// A time limit was passed: says so and closes.
    public mutating func deadlinePassed(into output: inout ServerOutput) {
        interception = nil
        close(with: .timedOut, &output)
    }

    /// The server stops, and the grace that it gave is over: says so and closes.
    public mutating func shutdownOverdue(into output: inout ServerOutput) {
        interception = nil
        close(with: .shuttingDown, &output)
    }

    /// The server stops: closes now if the client is idle, else when its transaction is over.
    public mutating func stop(into output: inout ServerOutput) {
        switch activity {
        case .closed: return
        case .unstarted, .authenticating, .startingTLS: close(with: .shuttingDown, &output)
        case .content, .deciding: stopping = .afterTransaction
        case .commands:
            if envelope == nil { close(with: .shuttingDown, &output) } else { stopping = .afterTransaction }
        }
    }

    /// Closes a session that has nothing more to do before the server stops. A `QUIT` that came already is still
    /// served.
    private mutating func stopAfterReplies(_ output: inout ServerOutput) {
        guard stopping == .afterReplies, activity == .commands, output.event == nil, !isAwaitingReplies else { return }
        stopping = .quitOnly
        if waitingInput.isEmpty, !withholdsInput { close(with: .shuttingDown, &output) }
    }

    /// The server wants no more mail: `QUIT` is still served, anything else is answered `421`.
    public mutating func serveQuitOnly() {
        stopping = .quitOnly
    }

    // MARK: Processing

    private mutating func keep(_ octets: Span<UInt8>, from start: Int) {
        octets.extracting(start..<octets.count).withUnsafeBufferPointer { waitingInput.append(contentsOf: $0) }
    }

    private mutating func processWaitingInput(into output: inout ServerOutput) {
        guard !isAwaitingReplies else { return }
        if !waitingInput.isEmpty {
            var input: [UInt8] = []
            swap(&input, &waitingInput)
            let used = process(input.span, from: 0, into: &output)
            if used < input.count, isListening {
                input.removeFirst(used)
                waitingInput = input
            }
        }
        closeIfInputEnded(&output)
    }

    /// Uses up bytes until something has to be decided or closed, or more are needed.
    ///
    /// - Returns: how many were used up.
    private mutating func process(_ octets: Span<UInt8>, from start: Int, into output: inout ServerOutput) -> Int {
        var position = start
        if !hasReadLine, beginsWithTLS(octets) {
            remark(.tlsInClear, &output)
            close(with: nil, &output)
            return octets.count
        }
        // Whatever is asked of the driver changes the activity, so that nothing more is looked at.
        while position < octets.count, !isAwaitingReplies {
            switch activity {
            case .commands where mayReadRecipients:
                let next = readRecipientsAndData(octets, from: position, &output)
                if next > position {
                    position = next
                    if position == octets.count { stopAfterReplies(&output) }
                    continue
                }
                fallthrough
            case .commands, .authenticating:
                guard let next = processLine(octets, from: position, &output) else { return position }
                guard next > position else { return position }
                position = next
                if position == octets.count { stopAfterReplies(&output) }
            case .content:
                position = processContent(octets, from: position, &output)
                if position == octets.count { stopAfterReplies(&output) }
            case .unstarted, .deciding, .startingTLS, .closed:
                return position
            }
        }
        return position
    }

    /// Whether the first byte of the connection is that of a TLS handshake, which no command begins with. There is no
    /// reply that such a client would understand.
    private func beginsWithTLS(_ octets: Span<UInt8>) -> Bool {
        octets.count > 0 && octets[0] == 0x16 && phase == .greeted && peer.tls == nil && activity == .commands
            && framer.isAtLineStart
    }

    private mutating func processLine(
        _ octets: Span<UInt8>, from start: Int, _ output: inout ServerOutput
    ) -> Int? {
        switch framer.next(in: octets, from: start) {
        case .incomplete(let next):
            return next == start ? nil : next
        case .line(let end, let next):
            let line = octets.extracting(start..<end)
            hasReadLine = true
            trace(line, &output)
            if end == next - 1, !step.hasBareLineFeed {
                step.hasBareLineFeed = true
                remark(.bareLineFeedInCommand, &output)
            }
            if activity == .authenticating {
                authenticationLine(line, &output)
            } else {
                commandLine(line, &output)
            }
            return next
        case .tooLong(let next, let isAuthentication):
            if activity == .authenticating {
                endExchange(with: .authenticationLineTooLong, &output)
            } else {
                refuse(isAuthentication ? .authenticationLineTooLong : .lineTooLong, &output)
            }
            return next
        case .bareNewline:
            close(with: .bareNewlineInCommand, &output)
            return octets.count
        case .endless:
            close(with: .endlessLine, &output)
            return octets.count
        }
    }

    /// Nothing can follow what was left over.
    private mutating func closeIfInputEnded(_ output: inout ServerOutput) {
        guard isInputClosed, output.event == nil else { return }
        switch activity {
        case .unstarted, .deciding, .closed:
            return
        case .commands, .content, .authenticating, .startingTLS:
            if content != nil { remark(.unfinishedMessage, &output) }
            dropContent(&output)
            activity = .closed
            output.event = .close(isClientDone: true)
        }
    }

    // MARK: Outputs

    mutating func send(_ reply: Reply, _ output: inout ServerOutput) {
        if interception != nil { return sendIntercepted(reply, &output) }
        if configuration.wantsRemarks, reply.code.rawValue >= 400 { noteRefusal(reply, &output) }
        output.replies.append(contentsOf: configuration.sendsStatus ? reply.octets : reply.octetsWithoutStatus)
        if configuration.isTraced { output.trace.append(.server(reply)) }
    }

    mutating func close(with reply: Reply?, isClientDone: Bool = false, _ output: inout ServerOutput) {
        guard activity != .closed else { return }
        lastWords = reply
        if let reply { send(reply, &output) }
        dropContent(&output)
        activity = .closed
        output.event = .close(isClientDone: isClientDone || isInputClosed)
    }

    mutating func ask(_ decision: Decision, _ output: inout ServerOutput) {
        activity = .deciding
        question = decision
        output.event = .decide(decision)
    }
}
