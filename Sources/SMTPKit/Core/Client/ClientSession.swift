/// The client's side of one SMTP or LMTP dialogue: replies in, commands and events out.
///
/// A session knows the protocol and nothing of sockets, time or threads. Its driver feeds it what happened
/// (``receive(_:into:)``, ``tlsEstablished(_:bindings:)``, ``inputClosed(into:)``, ``deadlinePassed(into:)``) and carries out
/// what it asks for; replies may be cut into any pieces.
///
///     session.connected(into: &output)                            // S: 220 mx.example ESMTP
///     try session.sayHello("client.example", into: &output)       // C: EHLO client.example
///     try session.begin(transaction, into: &output)               // C: MAIL FROM:<a@example.org> …
///
/// There are two ways to use it, which may be mixed. **Steps** (`sayHello`, `startTLS`, `authenticate`, `begin`, `perform`,
/// `quit`) each end with one event, and refuse before anything is sent what the server does not offer. **Raw lines**
/// (``sendRaw(_:into:)``, with ``Configuration/isRaw``) go out as they are; the session follows what they mean, so that it
/// knows which reply answers which line, what was offered, and whether content or a response is due.
///
/// A failure is final: it is said once, and nothing is sent or read any more. Nothing that a server sends can trap, throw, or
/// make the session keep more than one reply of ``ReplyDecoder/maximumOctets``.
///
/// - SeeAlso: RFC 5321, sections 3 and 4; RFC 2920; RFC 2033.
package struct ClientSession: Sendable {
    /// How a session behaves.
    package struct Configuration: Sendable {
        /// Whether the server speaks LMTP (RFC 2033): `LHLO`, and a reply for each recipient.
        package var isLMTP = false
        /// Whether the dialogue goes on behind replies that nobody asked for and lines that are no replies.
        package var isRaw = false
        /// Whether the driver wants the dialogue line by line.
        package var isTraced = false
        /// What becomes of a lone CR or LF in content: a CRLF (`normalize`), an error (`reject`), or itself (`allow`).
        package var bareNewlines = BareNewlinePolicy.normalize
        /// The size of the chunks of `BDAT`, in octets.
        package var chunkSize = 256 << 10
        /// How many chunks may be unanswered where PIPELINING is offered.
        package var maximumUnansweredChunks = 4
        /// Whether passwords may be sent without TLS.
        package var allowsSecretsInClear = false
        /// Hashes and chance for `AUTH`.
        package var cryptography: (any SASLCryptography)?
        /// The server's name and port, for the mechanisms that say them.
        package var host = ""
        package var port: UInt16 = 25

        /// The defaults.
        package init() {}
    }

    /// How far the connection is.
    enum Activity: Sendable {
        case unconnected
        case open
        /// A TLS handshake, which is not the session's; octets in clear are an attack.
        case startingTLS
        case closed
    }

    /// What a server waits for.
    package enum Expecting: Hashable, Sendable {
        /// A command.
        case command
        /// Content, behind `354`.
        case content
        /// So many octets of a chunk.
        case chunk(Int)
        /// A response, behind `334`; the challenge in base64 as it came.
        case response(challenge: String)
    }

    /// How the session behaves.
    package let configuration: Configuration

    // MARK: What is known of the server

    /// The greeting, or the `220` to `XCLIENT`.
    package internal(set) var greeting: Reply?
    /// The reply to the last hello that was accepted; forgotten with TLS.
    package internal(set) var hello: Reply?
    /// What the server offers, since the last hello. Nothing behind `HELO`.
    package internal(set) var capabilities: Capabilities?
    /// The security of the connection; `nil` in clear.
    package internal(set) var tls: Peer.TLSProperties?
    /// The mechanism by which the client authenticated, as it was sent.
    package internal(set) var authenticatedBy: String?
    /// The user who was authenticated, where a step did that.
    package internal(set) var user: String?
    /// Whether `MAIL` was accepted, and its transaction not ended.
    package internal(set) var hasSender = false
    /// How many `RCPT`s of the transaction were accepted.
    package internal(set) var acceptedRecipients = 0
    /// What is known of the transaction under way, or of the last one.
    package internal(set) var transaction: TransactionOutcome?

    // MARK: What state the dialogue is in

    /// Why the dialogue is over.
    package internal(set) var failure: SMTPError?
    /// Whether it is no longer known which reply answers what.
    package internal(set) var isOutOfSync = false
    /// What the server waits for, once nothing is awaited from it.
    package internal(set) var expecting = Expecting.command

    var activity = Activity.unconnected
    var decoder = ReplyDecoder()
    var awaited = AwaitedReplies()
    var sent = SentOctets()
    var step = Step.none
    var run: TransactionRun?
    /// Whether the server may hold a transaction that was not ended.
    var mustReset = false
    /// Whether the server said that it closes, or was asked to.
    var isEnding = false
    var commandCount = 0
    var channelBindings: [ChannelBinding] = []
    /// An initial response that was too long for its command line.
    var heldResponse: [UInt8]?
    /// The mechanism of the authentication under way.
    var mechanism: String?
    /// How many replies to the end of data have come, with LMTP.
    var deliveryReplies = 0

    /// Makes a session that is not connected.
    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    // MARK: State

    /// Whether the session is over.
    package var isClosed: Bool { activity == .closed }

    /// Whether a TLS handshake is awaited.
    package var isStartingTLS: Bool { activity == .startingTLS }

    /// How many replies are due.
    package var awaitedCount: Int { awaited.count }

    /// The command whose reply is due next.
    package var awaitedCommand: SentCommand? { awaited.first?.command }

    /// The stage whose time limit holds; `nil` when the server owes nothing.
    package var stage: ClientStage? {
        switch activity {
        case .unconnected: .connect
        case .startingTLS: .handshake
        case .closed: nil
        case .open: awaited.first?.command.stage ?? (run?.isInContent == true ? .content : nil)
        }
    }

    /// Whether a transaction is under way.
    package var isTransacting: Bool { run != nil && activity == .open }

    /// Whether a step is under way.
    package var isBusy: Bool { !step.isNone }

    // MARK: Inputs

    /// The connection is up; the server speaks first.
    ///
    /// - Parameter tls: what secures it from its first octet on, if anything does.
    package mutating func connected(
        tls: Peer.TLSProperties? = nil, bindings: [ChannelBinding] = [], into output: inout ClientOutput
    ) {
        precondition(activity == .unconnected, "a session connects once")
        activity = .open
        if let tls { secure(tls, bindings, &output) }
        step = .simple
        awaited.append(
            AwaitedReply(
                command: SentCommand(number: 0, line: "", stage: .greeting, verb: nil), purpose: .greeting, isOwn: true)
        )
    }

    /// Octets came from the server.
    package mutating func receive(_ octets: Span<UInt8>, into output: inout ClientOutput) {
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
    package mutating func tlsEstablished(
        _ properties: Peer.TLSProperties, bindings: [ChannelBinding], into output: inout ClientOutput
    ) {
        guard activity == .startingTLS else { return }
        activity = .open
        forgetHello()
        secure(properties, bindings, &output)
        if case .startTLS(let reply?) = step { finish(reply, &output) }
    }

    /// The handshake failed, or the certificate was not accepted.
    package mutating func tlsFailed(_ error: any Error, into output: inout ClientOutput) {
        fail(SMTPError(.tlsFailed, stage: .handshake, underlying: error), &output)
    }

    /// The server sends nothing more.
    ///
    /// - Parameter error: what broke the connection, if it did not end in good order.
    package mutating func inputClosed(_ error: (any Error)? = nil, into output: inout ClientOutput) {
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
    package mutating func deadlinePassed(into output: inout ClientOutput) {
        fail(SMTPError(.timedOut, stage: stage, command: awaited.first?.command.verb?.rawValue), &output)
    }

    /// Nobody waits for the replies that are due any longer; when they come, they are still told apart.
    package mutating func abandonWait() {
        if !awaited.isEmpty { isOutOfSync = true }
    }

    // MARK: Ends

    mutating func fail(_ error: SMTPError, _ output: inout ClientOutput) {
        guard activity != .closed else { return }
        failure = error
        activity = .closed
        step = .none
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
