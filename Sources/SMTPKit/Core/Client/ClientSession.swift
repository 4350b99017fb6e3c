/// The client's side of one SMTP or LMTP dialogue: replies in, commands and events out.
///
/// A session knows the protocol and nothing of sockets, time or threads. Its driver reports what happened
/// (``connected(into:)``, ``receive(_:into:)``, ``tlsEstablished(_:bindings:into:)``, ``inputClosed(_:into:)``,
/// ``deadlinePassed(into:)``) and carries out what the ``ClientOutput`` asks for. Replies may be cut into any pieces.
///
///     session.connected(into: &output)                    // S: 220 mx.example ESMTP
///     try session.prepare(plan, into: &output)            // C: EHLO client.example … STARTTLS … AUTH
///     try session.begin(transaction, facts, into: &output) // C: MAIL FROM:<a@example.org> SIZE=512 BODY=8BITMIME
///
/// There are three ways to use it, which may be mixed. **Plans** (``prepare(_:into:)`` and ``begin(_:_:into:)``) send
/// several commands by policy. **Steps** (`sayHello`, `startTLS`, `authenticate`, `perform`, `quit`) each end with one
/// event. Both refuse before anything is sent what the server does not offer. **Raw lines** (``sendRaw(_:into:)``, with
/// ``Configuration/isRaw``) are sent as they are; the session follows what they mean, so that it knows which reply
/// answers which line, what was offered, and whether content or a response is due.
///
/// A failure is final: it is reported once, and nothing is sent or read after it. What was received until then stays
/// readable. Nothing that a server sends can trap, throw, or make the session keep more than one reply of 256 KiB.
///
/// - SeeAlso: RFC 5321, sections 3 and 4; RFC 2920; RFC 2033.
public struct ClientSession: ~Copyable, Sendable {
    /// How a session behaves.
    public struct Configuration: Sendable {
        /// Whether the server speaks LMTP (RFC 2033): `LHLO`, and a reply for each recipient.
        public var isLMTP = false
        /// Whether the dialogue goes on after replies that answer no command, and after lines that are no replies.
        public var isRaw = false
        /// Whether the driver wants the dialogue line by line.
        public var isTraced = false
        /// Whether the driver wants an event for each reply, besides those that end a step.
        public var reportsReplies = true
        /// The treatment of a lone CR or LF in content: a CRLF (`normalize`), an error (`reject`), or itself (`allow`).
        public var bareNewlines = BareNewlinePolicy.normalize
        /// The size of the chunks of `BDAT`, in bytes.
        public var chunkSize = 256 << 10
        /// How many chunks may be unanswered where PIPELINING is offered.
        public var maximumUnansweredChunks = 4
        /// Whether passwords may be sent without TLS.
        public var allowsSecretsInClear = false
        /// Hashes and chance for `AUTH`.
        public var cryptography: (any SASLCryptography)?
        /// Bytes that are sent before everything else, TLS included: a header of the PROXY protocol.
        public var preamble: [UInt8] = []
        /// Whether TLS begins with the connection (RFC 8314, section 3), and not with `STARTTLS`.
        public var isImplicitTLS = false
        /// Returns the ASCII form of a domain name (`xn--…`, RFC 5891), for recipients at servers without SMTPUTF8;
        /// `nil` for a name that has none.
        public var asciiDomain: (@Sendable (String) -> String?)?
        /// The server's name and port, for the mechanisms that send them.
        public var host = ""
        /// The server's port.
        public var port: UInt16 = 25

        /// The defaults.
        public init() {}
    }

    /// How far the connection is.
    enum Activity: Sendable {
        case unconnected
        case open
        /// A TLS handshake, which is not the session's; bytes in clear are an attack.
        case startingTLS
        case closed
    }

    /// The kind of input that the server expects.
    public enum Expecting: Hashable, Sendable {
        /// A command.
        case command
        /// Content, after `354`.
        case content
        /// So many bytes of a chunk.
        case chunk(Int)
        /// A response, after `334`, with the challenge in base64 as it was received.
        case response(challenge: String)
    }

    /// How the session behaves.
    public let configuration: Configuration

    // MARK: What is known of the server

    /// The greeting, or the `220` to `XCLIENT`.
    public internal(set) var greeting: Reply?
    /// The reply to the last hello that was accepted; forgotten with TLS.
    public internal(set) var hello: Reply?
    /// The extensions that the server offered after the last `EHLO`; empty after `HELO`.
    public internal(set) var capabilities: Capabilities?
    /// The security of the connection; `nil` in clear.
    public internal(set) var tls: Peer.TLSProperties?
    /// The mechanism by which the client authenticated, as it was sent.
    public internal(set) var authenticatedBy: String?
    /// The user who was authenticated, where a step did that.
    public internal(set) var user: String?
    /// Whether `MAIL` was accepted, and its transaction not ended.
    public internal(set) var hasSender = false
    /// How many `RCPT`s of the transaction were accepted.
    public internal(set) var acceptedRecipients = 0
    /// The outcome so far of the current transaction, or the outcome of the last one.
    public internal(set) var transaction: TransactionOutcome?

    // MARK: What state the dialogue is in

    /// Why the dialogue is over.
    public internal(set) var failure: SMTPError?
    /// Whether it is no longer known which reply answers what.
    public internal(set) var isOutOfSync = false
    /// The input that the server expects once no reply is outstanding.
    public internal(set) var expecting = Expecting.command

    var activity = Activity.unconnected
    var decoder = ReplyDecoder()
    var awaited = AwaitedReplies()
    var sent = SentOctets()
    var step = Step.none
    var preparation: Preparation?
    var mask = SecretMask()
    var run: TransactionRun?
    /// Whether the server may hold a transaction that was not ended.
    var mustReset = false
    /// Whether the server sent `421`, which is its last reply, or answered `QUIT`.
    public internal(set) var isEnding = false
    var commandCount = 0
    var channelBindings: [ChannelBinding] = []
    /// An initial response that was too long for its command line.
    var heldResponse: [UInt8]?
    /// The mechanism of the authentication under way.
    var mechanism: String?
    /// How many replies to the end of data have come, with LMTP.
    var deliveryReplies = 0

    /// Makes a session that is not connected.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Makes a session that is not connected, with the replies that other sessions had from the same server.
    package init(_ configuration: Configuration, knowing replies: KnownReplies) {
        self.configuration = configuration
        decoder.known = replies
    }

    /// The replies that further sessions with the same server need not read again.
    package var knownReplies: KnownReplies { decoder.known }

    // MARK: State

    /// Whether the session is over.
    public var isClosed: Bool { activity == .closed }

    /// Whether a TLS handshake is awaited.
    public var isStartingTLS: Bool { activity == .startingTLS }

    /// How many replies are due.
    public var awaitedCount: Int { awaited.count }

    /// The stage whose time limit holds; `nil` when the server owes nothing.
    public var stage: ClientStage? {
        switch activity {
        case .unconnected: .connect
        case .startingTLS: .handshake
        case .closed: nil
        case .open: awaited.first?.command.stage ?? (run?.isInContent == true ? .content : nil)
        }
    }

    /// Whether a transaction is under way.
    public var isTransacting: Bool { run != nil && activity == .open }

    /// Whether a step is under way.
    public var isBusy: Bool { !step.isNone || preparation != nil }

    /// Whether a line holds a secret if it is sent now: it must not be kept or shown.
    public func hides(_ line: some Sequence<UInt8>) -> Bool {
        if case .response = expecting { return true }
        return mask.hides(line)
    }

    // MARK: Inputs

    /// The connection is established. The session sends its preamble, and asks for a TLS handshake or awaits the
    /// greeting.
    public mutating func connected(into output: inout ClientOutput) {
        precondition(activity == .unconnected, "a session connects once")
        output.octets += configuration.preamble
        if configuration.isImplicitTLS {
            activity = .startingTLS
            output.events.append(.startTLS)
        } else {
            awaitGreeting()
        }
    }

    private mutating func awaitGreeting() {
        activity = .open
        step = .greeting
        let command = SentCommand(number: 0, line: "", stage: greetingStage, verb: nil)
        awaited.append(AwaitedReply(command: command, purpose: .greeting, isOwn: true))
    }

    /// Bytes came from the server.
    public mutating func receive(_ octets: Span<UInt8>, into output: inout ClientOutput) {
        var position = 0
        while position < octets.count {
            switch activity {
            case .unconnected, .closed: return
            case .startingTLS:
                return fail(SMTPError(.plaintextBehindStartTLS, stage: .startTLS), &output)
            case .open:
                guard let item = decoder.next(in: octets, at: &position) else { return }
                switch item {
                case .reply(let reply, let raw): received(reply, raw, isLast: position == octets.count, &output)
                case .malformed(let error, let raw): receivedNonsense(error, raw, &output)
                }
            }
        }
    }

    /// The handshake that ``ClientEvent/startTLS`` asked for is done.
    ///
    /// Everything that was said in clear is forgotten (RFC 3207, section 4.2).
    public mutating func tlsEstablished(
        _ properties: Peer.TLSProperties, bindings: [ChannelBinding] = [], into output: inout ClientOutput
    ) {
        guard activity == .startingTLS else { return }
        activity = .open
        forgetHello()
        secure(properties, bindings, &output)
        guard greeting != nil || !configuration.isImplicitTLS else { return awaitGreeting() }
        if case .startTLS(let reply?) = step { finish(reply, &output) }
    }

    /// The handshake failed, or the certificate was not accepted.
    public mutating func tlsFailed(_ error: any Error, into output: inout ClientOutput) {
        fail(SMTPError(.tlsFailed, stage: .handshake, underlying: error), &output)
    }

    /// The server sends nothing more.
    ///
    /// - Parameters:
    ///   - error: what broke the connection, if it did not end in good order.
    ///   - output: receives the end of the step under way.
    public mutating func inputClosed(_ error: (any Error)? = nil, into output: inout ClientOutput) {
        guard activity != .closed else { return }
        let stage = stage
        let rest = decoder.takeRest()
        if !rest.isEmpty, configuration.isTraced { note(.malformed(rest), stage: stage, &output) }
        if isEnding, awaited.isEmpty, rest.isEmpty {
            close(&output)
        } else {
            let reason = rest.isEmpty ? nil : "in the middle of a reply"
            fail(SMTPError(.closed, stage: stage, reason: reason, underlying: error), &output)
        }
    }

    /// The time of the ``stage`` is over.
    public mutating func deadlinePassed(into output: inout ClientOutput) {
        fail(SMTPError(.timedOut, stage: stage, command: awaited.first?.command.verb?.rawValue), &output)
    }

    /// Stops waiting for the outstanding replies. They are still recognized when they arrive.
    public mutating func abandonWait() {
        if !awaited.isEmpty { isOutOfSync = true }
    }

    // MARK: Ends

    mutating func fail(_ error: SMTPError, _ output: inout ClientOutput) {
        guard activity != .closed else { return }
        failure = error
        activity = .closed
        step = .none
        preparation = nil
        run = nil
        awaited.removeAll()
        output.events.append(.failed(error))
    }

    mutating func close(_ output: inout ClientOutput) {
        guard activity != .closed else { return }
        activity = .closed
        output.events.append(.closed)
    }

    private mutating func secure(
        _ properties: Peer.TLSProperties, _ bindings: [ChannelBinding], _ output: inout ClientOutput
    ) {
        tls = properties
        channelBindings = bindings
        if configuration.isTraced { note(.secured(properties), stage: .handshake, &output) }
    }

    /// Forgets everything that a server said since its greeting.
    mutating func forgetHello() {
        hello = nil
        capabilities = nil
        authenticatedBy = nil
        user = nil
        forgetTransaction()
    }

    mutating func forgetTransaction() {
        hasSender = false
        acceptedRecipients = 0
        mustReset = false
    }

    func note(_ item: ClientTraceEntry.Item, stage: ClientStage?, _ output: inout ClientOutput) {
        output.trace.append(ClientTraceEntry(stage: stage, isSecured: tls != nil, item: item))
    }
}
