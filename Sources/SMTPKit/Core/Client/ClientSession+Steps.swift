/// Steps: commands that the session sends, follows, and reports the end of.
extension ClientSession {
    /// A step that the session carries out by itself until it has a result.
    enum Step: Sendable {
        case none
        /// The greeting ends it.
        case greeting
        /// One reply ends it.
        case simple
        /// `EHLO`; with a name, `HELO` follows when that is refused.
        case hello(fallbackName: String?)
        /// The reply that was accepted, until the handshake is done.
        case startTLS(Reply?)
        case authentication(SASLClientExchange, user: String, cancelled: SASLFailure?)
        case transaction
        case quit

        var isNone: Bool { if case .none = self { true } else { false } }
    }

    /// How a client greets.
    public enum HelloPolicy: Hashable, Sendable {
        /// With `EHLO`, and when that is refused with `HELO` (RFC 5321, section 3.2); with LMTP `LHLO`.
        case extendedOrPlain
        /// With `EHLO` or `LHLO` alone.
        case extended
        /// With `HELO`.
        case plain
    }

    // MARK: Steps

    /// Says hello; ends with ``ClientEvent/finished(_:)``.
    ///
    /// - Throws: ``SMTPError/Code/invalidArgument`` when the name is not valid in a command.
    public mutating func sayHello(
        _ name: String, _ policy: HelloPolicy = .extendedOrPlain, into output: inout ClientOutput
    ) throws(SMTPError) {
        try checkIdle(.hello)
        switch policy {
        case .plain:
            try send(.helo(name), &output)
            step = .simple
        case .extended, .extendedOrPlain:
            try send(configuration.isLMTP ? .lhlo(name) : .ehlo(name), &output)
            let mayFallBack = policy == .extendedOrPlain && !configuration.isLMTP
            step = .hello(fallbackName: mayFallBack ? name : nil)
        }
    }

    /// Asks for TLS; ends with ``ClientEvent/finished(_:)``, after a ``ClientEvent/startTLS`` when it is granted.
    ///
    /// - Throws: ``SMTPError/Code/tlsNotOffered``.
    public mutating func startTLS(into output: inout ClientOutput) throws(SMTPError) {
        try checkIdle(.startTLS)
        guard tls == nil else { throw SMTPError(.outOfOrder, stage: .startTLS, reason: "TLS is active already") }
        guard capabilities?.contains("STARTTLS") == true else { throw SMTPError(.tlsNotOffered, stage: .startTLS) }
        try send(.startTLS, &output)
        step = .startTLS(nil)
    }

    /// Sends one command that has one reply; ends with ``ClientEvent/finished(_:)``.
    ///
    /// `EHLO`, `STARTTLS`, `AUTH`, `DATA` and `QUIT` have steps of their own, which also follow what comes next.
    ///
    /// - Throws: ``SMTPError/Code/invalidArgument``, before anything is sent.
    public mutating func perform(_ command: Command, into output: inout ClientOutput) throws(SMTPError) {
        try checkIdle(AwaitedReply.Purpose(command.verb).stage)
        try send(command, &output)
        step = .simple
    }

    /// Tells a server that trusts this client on whose behalf it connects; ends with ``ClientEvent/finished(_:)``.
    ///
    ///     C: XCLIENT ADDR=192.0.2.9 NAME=client.example
    ///     S: 220 mx.example ESMTP
    ///
    /// The session begins anew: a hello has to follow.
    ///
    /// - Parameters:
    ///   - attributes: names and values; the values are written in xtext.
    ///   - output: receives what is to be sent.
    /// - Throws: ``SMTPError/Code/extensionNotOffered``.
    public mutating func sendXCLIENT(
        _ attributes: [(name: String, value: String)], into output: inout ClientOutput
    ) throws(SMTPError) {
        try checkIdle(.xclient)
        guard capabilities?.contains("XCLIENT") == true else {
            throw SMTPError(.extensionNotOffered, stage: .xclient, reason: "XCLIENT")
        }
        let words = attributes.map { " \($0.name.uppercased())=\(XText.encode($0.value))" }
        guard attributes.allSatisfy({ !$0.name.isEmpty && $0.name.utf8.allSatisfy(ASCII.isLetter) }) else {
            throw SMTPError(.invalidArgument, stage: .xclient, reason: "an attribute's name has letters only")
        }
        send(line: "XCLIENT" + words.joined(), .xclient, nil, &output)
        step = .simple
    }

    /// Says goodbye; ends with ``ClientEvent/finished(_:)`` and ``ClientEvent/closed``.
    public mutating func quit(into output: inout ClientOutput) throws(SMTPError) {
        try checkOpen(.quit)
        try send(.quit, &output)
        step = .quit
    }

    // MARK: Their end

    /// A reply came to something that a step sent.
    mutating func advance(_ reply: Reply, _ purpose: AwaitedReply.Purpose, _ output: inout ClientOutput) {
        let severity = reply.code.severity
        switch step {
        case .none:
            return
        case .greeting, .simple:
            guard severity != .intermediate else { return violate(reply, purpose, &output) }
            finish(reply, &output)
        case .hello(let fallbackName):
            switch severity {
            case .intermediate: violate(reply, purpose, &output)
            case .permanent:
                guard let fallbackName, let line = try? CommandSerializer.checkedLine(.helo(fallbackName)) else {
                    return finish(reply, &output)
                }
                step = .simple
                send(line: line, .hello(isExtended: false), .helo, &output)
            case .success, .transient: finish(reply, &output)
            }
        case .startTLS:
            // Granted, the step goes on when the handshake is done.
            if activity == .startingTLS { step = .startTLS(reply) } else { finish(reply, &output) }
        case .authentication: advanceAuthentication(reply, &output)
        case .transaction: advanceTransaction(reply, purpose, &output)
        case .quit:
            finish(reply, &output)
            close(&output)
        }
    }

    mutating func finish(_ reply: Reply, _ output: inout ClientOutput) {
        step = .none
        guard preparation == nil else { return preparationAnswered(reply, &output) }
        output.events.append(.finished(reply))
    }

    /// A reply came that cannot answer what was asked.
    mutating func violate(_ reply: Reply, _ purpose: AwaitedReply.Purpose, _ output: inout ClientOutput) {
        fail(SMTPError(.protocolViolation, stage: purpose.stage, reply: reply), &output)
    }

    // MARK: Sending

    /// - Throws: unless a step may begin.
    func checkIdle(_ stage: ClientStage) throws(SMTPError) {
        try checkOpen(stage)
        guard step.isNone, awaited.isEmpty, expecting == .command, !sent.isInLine else {
            throw SMTPError(.outOfOrder, stage: stage, reason: "another step is under way")
        }
        guard !isOutOfSync, decoder.isEmpty else { throw SMTPError(.outOfSync, stage: stage) }
    }

    private func checkOpen(_ stage: ClientStage) throws(SMTPError) {
        if let failure { throw failure }
        guard activity == .open else { throw SMTPError(.closed, stage: stage, reason: "there is no connection") }
    }

    /// Sends a command for a step.
    mutating func send(_ command: Command, _ output: inout ClientOutput) throws(SMTPError) {
        let purpose = AwaitedReply.Purpose(command.verb)
        send(line: try Self.line(command, purpose.stage), purpose, command.verb, &output)
    }

    static func line(_ command: Command, _ stage: ClientStage) throws(SMTPError) -> String {
        do throws(SyntaxError) {
            return try CommandSerializer.checkedLine(command)
        } catch {
            throw SMTPError(.invalidArgument, stage: stage, command: command.verb.rawValue, underlying: error)
        }
    }

    /// Sends a line that is known to be good.
    mutating func send(
        line: String, shown: String? = nil, _ purpose: AwaitedReply.Purpose, _ verb: Verb?,
        _ output: inout ClientOutput
    ) {
        output.octets += line.utf8
        output.octets += [ASCII.carriageReturn, ASCII.lineFeed]
        expectReply(purpose, line: shown ?? line, verb: verb, isOwn: true, &output)
    }
}
