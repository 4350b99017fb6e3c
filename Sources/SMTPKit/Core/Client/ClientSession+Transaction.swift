/// Transactions: `MAIL`, `RCPT` and what follows, one by one or in groups.
extension ClientSession {
    /// Begins a transaction.
    ///
    /// It ends with ``ClientEvent/transactionFinished(_:)``: at once when there are no recipients, else after
    /// ``ClientEvent/contentWanted`` and ``endContent(into:)``. A transaction that is still open is reset first.
    ///
    ///     C: MAIL FROM:<a@example.org>
    ///     C: RCPT TO:<b@example.org>
    ///     C: DATA
    ///     S: 250 2.1.0 Ok …
    ///
    /// `SIZE`, `BODY` and `SMTPUTF8` are derived from the facts, if there are any, as far as the server offers them and
    /// the envelope does not hold them. A recipient with a domain beyond ASCII is sent in its ASCII form to a server
    /// without SMTPUTF8.
    ///
    /// - Throws: before anything is sent, ``SMTPError/Code/extensionNotOffered``, or
    ///   ``SMTPError/Code/invalidArgument``.
    public mutating func begin(
        _ transaction: Transaction, _ facts: ContentFacts? = nil, into output: inout ClientOutput
    ) throws(SMTPError) {
        // What is known of an earlier one is not taken for this one's.
        if run == nil { self.transaction = nil }
        try checkIdle(.mail)
        begin(try ready(transaction, facts), &output)
    }

    /// Begins a transaction that was made ready before, on this connection.
    ///
    /// - Throws: ``SMTPError/Code/outOfOrder`` and what ended the dialogue.
    package mutating func begin(
        _ ready: borrowing ReadyTransaction, into output: inout ClientOutput
    ) throws(SMTPError) {
        if run == nil { transaction = nil }
        try checkIdle(.mail)
        begin(ready, &output)
    }

    /// Completes and checks a transaction, which can then be begun any number of times on this connection.
    ///
    /// - Throws: as ``begin(_:_:into:)``.
    package func ready(
        _ transaction: Transaction, _ facts: ContentFacts?
    ) throws(SMTPError) -> ReadyTransaction {
        let offered = capabilities ?? Capabilities(greeting: "")
        let given = transaction.envelope
        let transaction = try ParameterDerivation(offered, facts, isSecured: tls != nil, configuration.asciiDomain)
            .derive(transaction)
        guard !transaction.envelope.recipients.isEmpty || transaction.end == .sender else {
            throw SMTPError(.invalidArgument, stage: .rcpt, reason: "there is no recipient")
        }
        let envelope = transaction.envelope
        var recipients: [String] = []
        for recipient in envelope.recipients {
            recipients.append(try Self.line(.rcpt(recipient.path, recipient.parameters), .rcpt))
        }
        let isBinary = envelope.body == .binaryMIME
        let run = TransactionRun(
            transaction: transaction,
            isPipelined: transaction.isPipelined && offered.contains("PIPELINING") && transaction.end != .sender,
            mail: try Self.line(.mail(envelope.reversePath, envelope.parameters), .mail), recipients: recipients,
            encoder: ContentEncoder(
                isBinary ? .allow : configuration.bareNewlines, stuffsDots: transaction.transfer == .data))
        return ReadyTransaction(run: run, outcome: TransactionOutcome(given))
    }

    private mutating func begin(_ ready: borrowing ReadyTransaction, _ output: inout ClientOutput) {
        transaction = ready.outcome
        step = .transaction
        var run = ready.run
        if mustReset || hasSender {
            run.phase = .reset
            send(line: "RSET", .reset, .rset, &output)
        }
        self.run = run
        if run.isPipelined {
            sendGroup(&output)
        } else if !mustReset, !hasSender {
            send(line: run.mail, .mail, .mail, &output)
        }
    }

    /// The whole group at once; `DATA` is the last of a group (RFC 2920, section 3.1).
    private mutating func sendGroup(_ output: inout ClientOutput) {
        guard let run else { return }
        send(line: run.mail, .mail, .mail, &output)
        for line in run.recipients { send(line: line, .rcpt, .rcpt, &output) }
        if run.transaction.transfer == .data, run.transaction.end == .content {
            send(line: "DATA", .data, .data, &output)
        }
    }

    // MARK: Replies

    mutating func advanceTransaction(
        _ reply: Reply, _ purpose: AwaitedReply.Purpose, _ output: inout ClientOutput
    ) {
        guard purpose == .data || reply.code.severity != .intermediate else {
            return violate(reply, purpose, &output)
        }
        switch purpose {
        case .reset: resetAnswered(reply, &output)
        case .mail: senderAnswered(reply, &output)
        case .rcpt: recipientAnswered(reply, &output)
        case .data: dataAnswered(reply, &output)
        case .chunk: chunkAnswered(reply, &output)
        case .endOfData: contentAnswered(reply, &output)
        case .greeting, .hello, .startTLS, .authentication, .quit, .xclient, .other: return
        }
        // The server answers nothing after 421.
        if reply.code == 421, case .transaction = step { finishTransaction(&output) }
    }

    private mutating func resetAnswered(_ reply: Reply, _ output: inout ClientOutput) {
        guard reply.code.severity == .success else {
            return fail(SMTPError(.refused, stage: .reset, reply: reply), &output)
        }
        run?.phase = .sender
        if let run, !run.isPipelined { send(line: run.mail, .mail, .mail, &output) }
    }

    private mutating func senderAnswered(_ reply: Reply, _ output: inout ClientOutput) {
        transaction?.sender = reply
        run?.phase = .recipients
        mustReset = reply.code.severity == .success
        guard let run, !run.isPipelined, reply.code != 421 else { return }
        if mustReset, run.transaction.end > .sender {
            sendNextRecipient(&output)
        } else {
            finishTransaction(&output)
        }
    }

    private mutating func sendNextRecipient(_ output: inout ClientOutput) {
        guard let line = run?.recipients[run?.sentRecipients ?? 0] else { return }
        run?.sentRecipients += 1
        send(line: line, .rcpt, .rcpt, &output)
    }

    private mutating func recipientAnswered(_ reply: Reply, _ output: inout ClientOutput) {
        guard let index = run?.answeredRecipients else { return }
        transaction?.recipients[index].reply = reply
        run?.answeredRecipients += 1
        guard let run, reply.code != 421 else { return }
        if run.answeredRecipients < run.recipients.count {
            if !run.isPipelined { sendNextRecipient(&output) }
        } else {
            envelopeAnswered(run, &output)
        }
    }

    private mutating func envelopeAnswered(_ run: TransactionRun, _ output: inout ClientOutput) {
        let isDataSent = !awaited.isEmpty
        self.run?.phase = .data
        if isDataSent { return }
        guard hasAcceptedRecipients, run.transaction.end == .content else { return finishTransaction(&output) }
        switch run.transaction.transfer {
        case .data: send(line: "DATA", .data, .data, &output)
        case .chunks: wantContent(&output)
        }
    }

    /// Whether there is anybody to send the content to.
    private var hasAcceptedRecipients: Bool {
        transaction?.isSenderAccepted == true && (transaction?.acceptedCount ?? 0) > 0
    }

    private mutating func dataAnswered(_ reply: Reply, _ output: inout ClientOutput) {
        transaction?.data = reply
        switch reply.code.severity {
        case .success: violate(reply, .data, &output)
        case .transient, .permanent: finishTransaction(&output)
        case .intermediate:
            if hasAcceptedRecipients { return wantContent(&output) }
            // The server accepted no recipient, yet it might deliver whatever is sent now.
            guard transaction?.acceptedCount == 0 else { return violate(reply, .data, &output) }
            // RFC 2920, section 3.1: no recipient was accepted, and yet content is wanted. A lone dot ends it.
            expecting = .command
            run?.phase = .endOfData
            send(line: ".", .endOfData, nil, &output)
        }
    }

    private mutating func wantContent(_ output: inout ClientOutput) {
        run?.phase = .content(isRefused: false)
        output.events.append(.contentWanted)
    }

    private mutating func chunkAnswered(_ reply: Reply, _ output: inout ClientOutput) {
        run?.unansweredChunks -= 1
        guard reply.code.severity == .success else {
            // The rest of the message is of no use any more (RFC 3030, section 2).
            if transaction?.final == nil { noteDelivery(reply) }
            run?.phase = .content(isRefused: true)
            if awaited.isEmpty { finishTransaction(&output) }
            return
        }
        if case .content(true) = run?.phase {
            if awaited.isEmpty { finishTransaction(&output) }
            return
        }
        sendChunks(&output)
        if case .content = run?.phase, isContentWanted { output.events.append(.contentWanted) }
    }

    private mutating func contentAnswered(_ reply: Reply, _ output: inout ClientOutput) {
        if case .content(true) = run?.phase {
            if awaited.isEmpty { finishTransaction(&output) }
            return
        }
        if configuration.isLMTP {
            let index = transaction?.recipients.indices.first { index in
                index >= run?.nextDelivery ?? 0 && transaction?.recipients[index].isAccepted == true
            }
            transaction?.final = reply
            if let index {
                transaction?.recipients[index].delivery = reply
                run?.nextDelivery = index + 1
            }
        } else {
            noteDelivery(reply)
        }
        if awaited.isEmpty {
            mustReset = false
            finishTransaction(&output)
        }
    }

    /// One reply for everybody.
    private mutating func noteDelivery(_ reply: Reply) {
        transaction?.final = reply
        for index in transaction?.recipients.indices ?? 0..<0 where transaction?.recipients[index].isAccepted == true {
            transaction?.recipients[index].delivery = reply
        }
    }

    private mutating func finishTransaction(_ output: inout ClientOutput) {
        run = nil
        step = .none
        expecting = .command
        if let transaction { output.events.append(.transactionFinished(transaction)) }
    }
}

/// A transaction that was completed and checked for a connection.
package struct ReadyTransaction: Sendable {
    let run: TransactionRun
    let outcome: TransactionOutcome
}
