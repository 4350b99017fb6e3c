/// Command lines: order first, then syntax, then meaning.
extension ServerSession {
    mutating func commandLine(_ line: Span<UInt8>, _ output: inout ServerOutput) {
        if configuration.readsPlainPaths, stopping == .no, usualCommand(line, &output) { return }
        looseness = nil
        guard let plain = configuration.parser.withPlainBlanks(line) else { return stepOrCommand(line, &output) }
        looseness = line[0] == ASCII.space || line[0] == ASCII.tab ? .leadingBlank : .tab
        stepOrCommand(plain.span, &output)
    }

    private mutating func stepOrCommand(_ line: Span<UInt8>, _ output: inout ServerOutput) {
        if configuration.intercepted.isEmpty || !interrupts(line, &output) { command(line, &output) }
    }

    /// Carries out a command. Whatever blanks are in the line are spaces.
    mutating func command(_ line: Span<UInt8>, _ output: inout ServerOutput) {
        begin(nil)
        do {
            isLineASCII = line.isPrintableASCII
            if !isLineASCII { try configuration.parser.checkOctets(line) }
            let verb = try configuration.parser.word(of: line)
            begin(DialogueStage(verb))
            if stopping == .quitOnly || stopping == .afterReplies, verb != .quit {
                return close(with: .shuttingDown, &output)
            }
            let refusal = CommandRules.refusal(of: verb, in: phase, security, for: configuration.serverProtocol)
            if verb == .bdat {
                guard configuration.extensions.contains(.chunking) else { return refuse(.notImplemented, &output) }
                return bdat(line, refusal, &output)
            }
            if let refusal { return refuse(refusal, &output) }
            if configuration.syntax == .strict,
                line.count + 2
                    > CommandGrowth.maximumLine(
                        of: verb, configuration.extensions, configuration.limits, added: configuration.added)
            {
                return refuse(.lineTooLong, &output)
            }
            do {
                rawPath = nil
                guard let command = try configuration.parser.parse(line, verb: verb, rawPath: &rawPath) else {
                    return refuse(.notImplemented, &output)
                }
                noteLooseSyntax(line, verb, &output)
                carryOut(command, &output)
            } catch {
                refuse(Self.reply(to: error, verb), &output)
            }
        } catch .unknownVerb where Self.isHTTP(line) {
            close(with: .wrongProtocol, &output)
        } catch _ where line.hasWord("BDAT", at: 0) && configuration.extensions.contains(.chunking) {
            close(with: .invalidChunkSize, &output)
        } catch {
            refuse(Self.reply(to: error, nil), &output)
        }
    }

    /// `MAIL`, `RCPT` and `DATA` in their usual form, where nothing speaks against them: they come by the thousand.
    ///
    /// - Returns: whether the command was carried out. Everything else is read and answered at leisure.
    private mutating func usualCommand(_ line: Span<UInt8>, _ output: inout ServerOutput) -> Bool {
        switch Verb.usual(line) {
        case .rcpt:
            var end = 0
            guard mayCome(.rcpt),
                let mailbox = configuration.parser.plainMailbox(line, .rcpt, end: &end, recentDomain: &recentDomain),
                let parameters = parameters(line, from: end)
            else { return false }
            isLineASCII = true
            begin(.rcpt)
            rcpt(Envelope.Recipient(.mailbox(mailbox), parameters: parameters), &output)
        case .mail:
            var end = 0
            guard mayCome(.mail),
                let mailbox = configuration.parser.plainMailbox(line, .mail, end: &end, recentDomain: &recentDomain),
                let parameters = parameters(line, from: end)
            else { return false }
            isLineASCII = true
            begin(.mail)
            rawPath = nil
            mail(.mailbox(mailbox), parameters, &output)
        case .data:
            guard line.count == 4, mayCome(.data) else { return false }
            begin(.data)
            data(&output)
        case _:
            return false
        }
        return true
    }

    @inline(__always)
    func mayCome(_ verb: Verb) -> Bool {
        CommandRules.refusal(of: verb, in: phase, security, for: configuration.serverProtocol) == nil
    }

    /// The parameters after a path; `nil` if one is malformed or there is something other than printable ASCII.
    @inline(__always)
    private func parameters(_ line: Span<UInt8>, from end: Int) -> [ESMTPParameter]? {
        end == line.count ? [] : readParameters(line, from: end)
    }

    private func readParameters(_ line: Span<UInt8>, from end: Int) -> [ESMTPParameter]? {
        guard line.extracting(end..<line.count).isPrintableASCII else { return nil }
        return try? ParameterParser.parse(line, from: end, policy: .lenient)
    }

    private mutating func carryOut(_ command: Command, _ output: inout ServerOutput) {
        switch command {
        case .helo(let name): hello(.helo, name, &output)
        case .ehlo(let name): hello(.ehlo, name, &output)
        case .lhlo(let name): hello(.lhlo, name, &output)
        case .mail(let path, let parameters): mail(path, parameters, &output)
        case .rcpt(let path, let parameters):
            var recipient = Envelope.Recipient(path, parameters: parameters)
            recipient.rawPath = rawPath
            rcpt(recipient, &output)
        case .data: data(&output)
        // Its bytes are to be read even where it is refused, so it never gets here.
        case .bdat: refuse(.notImplemented, &output)
        case .rset:
            abandonTransaction(.reset, &output)
            send(.ok, &output)
        case .noop: send(.ok, &output)
        case .quit: close(with: .closing, isClientDone: true, &output)
        case .vrfy(let argument, let takesUTF8):
            takesUTF8Reply = takesUTF8
            askIfWanted(.verify(argument), .verify, &output)
        case .expn(let argument, let takesUTF8):
            takesUTF8Reply = takesUTF8
            askIfWanted(.expand(argument), .expand, &output)
        case .help: send(configuration.helpReply, &output)
        case .startTLS: startTLS(&output)
        case .auth(let mechanism, let response): authenticate(mechanism, response, &output)
        case .xclient(let attributes): xclient(attributes, &output)
        }
    }

    @inline(__always)
    private var security: SessionSecurity {
        var security = configuration.sessionSecurity
        security.isSecured = peer.tls != nil
        security.isAuthenticated = peer.username != nil
        return security
    }

    // MARK: Hello

    private mutating func hello(_ verb: Peer.HelloVerb, _ name: String, _ output: inout ServerOutput) {
        askIfWanted(.hello(verb, name), .hello, &output)
    }

    // MARK: Transactions

    private mutating func mail(
        _ path: consuming ReversePath, _ parameters: [ESMTPParameter], _ output: inout ServerOutput
    ) {
        transactionCount += 1
        if configuration.wantsRemarks { step.subject = .sender(copy path) }
        if let limit = configuration.limits.transactions, transactionCount > limit {
            return close(with: .tooManyTransactions, &output)
        }
        if !parameters.isEmpty,
            let refusal = configuration.parameters.refusal(ofMail: parameters, isSecured: peer.tls != nil, at: time)
        {
            return refuse(refusal, &output)
        }
        if !isLineASCII, case .mailbox(let mailbox) = copy path, SMTPUTF8Extension.isNeeded(by: mailbox),
            !parameters.contains(where: { $0.keyword == ServiceExtension.smtpUTF8.rawValue })
        {
            return send(.senderNeedsSMTPUTF8, &output)
        }
        guard configuration.decisions.contains(.sender) else {
            return acceptSender(path, parameters, with: nil, &output)
        }
        ask(.sender(path, parameters), &output)
    }

    private mutating func rcpt(_ recipient: consuming Envelope.Recipient, _ output: inout ServerOutput) {
        recipientCount += 1
        if configuration.wantsRemarks { step.subject = .recipient(recipient.path) }
        if !recipient.parameters.isEmpty,
            let refusal = configuration.parameters.refusal(
                ofRcpt: recipient.parameters, isSecured: peer.tls != nil,
                isInternationalized: peer.isInternationalized)
        {
            return refuse(refusal, &output)
        }
        if !isLineASCII, !peer.isInternationalized, case .mailbox(let mailbox) = recipient.path,
            SMTPUTF8Extension.isNeeded(by: mailbox)
        {
            return send(.recipientNeedsSMTPUTF8, &output)
        }
        guard recipientCount <= configuration.limits.recipientCommands else {
            return refuse(.tooManyRecipients, &output)
        }
        guard envelope?.recipients.count ?? 0 < configuration.limits.recipients else {
            return send(.tooManyRecipients, &output)
        }
        if let limit = configuration.limits.recipientDomains, !isDomainWithinLimit(recipient.path, limit) {
            return send(.tooManyDomains, &output)
        }
        guard configuration.decisions.contains(.recipient) else {
            return acceptRecipient(recipient, with: .recipientOK, &output)
        }
        ask(.recipient(recipient), &output)
    }

    /// Notes the domain of a recipient where there is a limit to their number.
    private mutating func isDomainWithinLimit(_ path: ForwardPath, _ limit: Int) -> Bool {
        guard case .mailbox(let mailbox) = path else { return true }
        let domain = mailbox.domain.text.lowercased()
        guard !recipientDomains.contains(domain) else { return true }
        guard recipientDomains.count < limit else { return false }
        recipientDomains.insert(domain)
        return true
    }

    mutating func data(_ output: inout ServerOutput) {
        guard envelope?.body != .binaryMIME else { return refuse(.binaryNeedsChunks, &output) }
        beginContent(.dotStuffed, &output)
        activity = .content
        send(.startMailInput, &output)
        if intercepts(.body) { interrupt(.body, envelopeText, .content, &output) }
    }

    /// Forgets sender, recipients and content; hello and authentication stay (RFC 5321, section 4.1.1.5).
    mutating func endTransaction() {
        keepRecipients()
        envelope = nil
        recipientCount = 0
        peer.isInternationalized = false
        forgetAwaitedContent()
        if phase == .mail || phase == .recipients || phase == .chunks { phase = .ready }
        if stopping == .afterTransaction { stopping = .afterReplies }
    }

    /// The client gives up the transaction under way, if there is one.
    mutating func abandonTransaction(_ reason: AbandonedTransaction.Reason, _ output: inout ServerOutput) {
        dropContent(&output)
        if configuration.decisions.contains(.reset), let envelope {
            output.abandoned.append(AbandonedTransaction(peer: peer, envelope: envelope, reason: reason))
        }
        endTransaction()
    }

    private mutating func askIfWanted(
        _ decision: Decision, _ kind: Decision.Kinds, _ output: inout ServerOutput
    ) {
        if configuration.decisions.contains(kind) {
            ask(decision, &output)
        } else {
            carryOut(.accept, for: decision, &output)
        }
    }

    // MARK: Refusals

    /// Refuses a command for its form or order, and closes when there were too many of these.
    mutating func refuse(_ reply: Reply, _ output: inout ServerOutput) {
        badCommands += 1
        guard badCommands <= configuration.limits.badCommands else { return close(with: .tooManyErrors, &output) }
        send(reply, &output)
    }

    /// The finest reply for what is wrong with a line.
    private static func reply(to error: SyntaxError, _ verb: Verb?) -> Reply {
        let isMail = verb == .mail
        switch error.code.kind {
        case .notACommand: return .syntaxError
        case .unknownVerb: return .unknownCommand
        case .missingArgument:
            return verb == .ehlo || verb == .helo || verb == .lhlo ? .helloNeedsName : .invalidArguments
        case .unexpectedArgument:
            return verb == .data || verb == .rset || verb == .quit ? .noArgumentsAllowed : .invalidArguments
        case .invalidArgument: return .invalidArguments
        case .invalidPath: return isMail ? .senderSyntax : .recipientSyntax
        case .pathTooLong: return isMail ? .senderPathTooLong : .recipientPathTooLong
        case .invalidParameter: return .invalidParameter
        case .duplicateParameter: return .duplicateParameter
        case .controlCharacter: return .controlCharacter
        case .invalidUTF8: return .invalidUTF8
        }
    }

    /// Whether a line is the first of an HTTP request: a browser that was sent here can be made to
    /// speak SMTP in the body of such a request.
    private static func isHTTP(_ line: Span<UInt8>) -> Bool {
        let methods: [StaticString] = [
            "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ", "PRI * HTTP/",
        ]
        return methods.contains { line.hasWord($0, at: 0) }
    }
}
