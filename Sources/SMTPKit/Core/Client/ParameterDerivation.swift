/// Completes a transaction's parameters from the content and the server's offers, and checks them.
struct ParameterDerivation {
    private let offered: Capabilities
    private let facts: ContentFacts?
    private let isSecured: Bool
    private let asciiDomain: ((String) -> String?)?

    init(
        _ offered: Capabilities, _ facts: ContentFacts?, isSecured: Bool,
        _ asciiDomain: (@Sendable (String) -> String?)?
    ) {
        self.offered = offered
        self.facts = facts
        self.isSecured = isSecured
        self.asciiDomain = asciiDomain
    }

    /// Returns the transaction as it is to be sent.
    ///
    /// - Throws: ``SMTPError/Code/extensionNotOffered``.
    func derive(_ transaction: Transaction) throws(SMTPError) -> Transaction {
        var transaction = transaction
        if !offered.contains("SMTPUTF8") { useASCIIDomains(&transaction.envelope) }
        // RFC 6531, section 3.4: an address beyond ASCII needs the extension, and so the parameter.
        let needsUTF8 = Self.mailboxes(transaction.envelope).contains(where: SMTPUTF8Extension.isNeeded)
        if needsUTF8 { add(.internationalized, to: &transaction) }
        if let size = facts?.size, offered.contains("SIZE") { add(.size(size), to: &transaction) }
        if let body = bodyType(transaction) { add(.body(body), to: &transaction) }
        if facts?.hasInternationalHeader == true, offered.contains("SMTPUTF8") {
            add(.internationalized, to: &transaction)
        }
        try check(&transaction)
        return transaction
    }

    private func add(_ parameter: ESMTPParameter, to transaction: inout Transaction) {
        let isGiven = transaction.envelope.parameters.contains { $0.keyword == parameter.keyword }
        guard !isGiven, !transaction.withheldParameters.contains(parameter.keyword) else { return }
        transaction.envelope.parameters.append(parameter)
    }

    private func bodyType(_ transaction: Transaction) -> BodyType? {
        guard let facts else { return nil }
        if facts.isBinary, transaction.transfer == .chunks, offered.contains("BINARYMIME") { return .binaryMIME }
        // What may hold anything is declared as 8-bit (RFC 6152, section 3).
        return facts.is8bit != false && offered.contains("8BITMIME") ? .eightBitMIME : nil
    }

    private static func mailboxes(_ envelope: Envelope) -> [Mailbox] {
        var mailboxes: [Mailbox] = []
        if case .mailbox(let mailbox) = envelope.reversePath { mailboxes.append(mailbox) }
        for case .mailbox(let mailbox) in envelope.recipients.map(\.path) { mailboxes.append(mailbox) }
        return mailboxes
    }

    /// A name beyond ASCII has another form that needs no extension (RFC 5891, section 4.4).
    private func useASCIIDomains(_ envelope: inout Envelope) {
        if case .mailbox(let mailbox) = envelope.reversePath { envelope.reversePath = .mailbox(ascii(mailbox)) }
        for index in envelope.recipients.indices {
            guard case .mailbox(let mailbox) = envelope.recipients[index].path else { continue }
            envelope.recipients[index].path = .mailbox(ascii(mailbox))
        }
    }

    private func ascii(_ mailbox: Mailbox) -> Mailbox {
        guard SMTPUTF8Extension.isNeeded(by: mailbox), case .name(let name) = mailbox.domain,
            let ascii = asciiDomain?(name)
        else { return mailbox }
        return Mailbox(localPart: mailbox.localPart, domain: .name(ascii))
    }

    // MARK: Offers

    private func check(_ transaction: inout Transaction) throws(SMTPError) {
        switch transaction.unofferedParameters {
        case .send: return
        case .omit:
            transaction.envelope.parameters.removeAll { missing(ofMail: $0) != nil && $0.keyword != "SMTPUTF8" }
            for index in transaction.envelope.recipients.indices {
                transaction.envelope.recipients[index].parameters.removeAll { missing(ofRcpt: $0) != nil }
            }
        case .refuse: break
        }
        func refuse(_ stage: ClientStage, _ keyword: String) -> SMTPError {
            SMTPError(.extensionNotOffered, stage: stage, reason: keyword)
        }
        for parameter in transaction.envelope.parameters {
            if let keyword = missing(ofMail: parameter) { throw refuse(.mail, keyword) }
            // RFC 8689, section 4.2.1: such a message never travels in clear.
            if parameter.keyword == "REQUIRETLS", !isSecured { throw refuse(.mail, "REQUIRETLS without TLS") }
        }
        for parameter in transaction.envelope.recipients.flatMap(\.parameters) {
            if let keyword = missing(ofRcpt: parameter) { throw refuse(.rcpt, keyword) }
        }
        if transaction.transfer == .chunks, !offered.contains("CHUNKING") { throw refuse(.mail, "CHUNKING") }
    }

    /// The extension that a parameter of `MAIL` needs, if it is not offered.
    private func missing(ofMail parameter: ESMTPParameter) -> String? {
        let keyword =
            switch parameter.keyword {
            // RFC 3030, section 3: BINARYMIME is an extension of its own.
            case "BODY": parameter.value?.uppercased() == "BINARYMIME" ? "BINARYMIME" : "8BITMIME"
            case "RET", "ENVID": "DSN"
            case "BY": "DELIVERBY"
            case "HOLDFOR", "HOLDUNTIL": "FUTURERELEASE"
            // SIZE, SMTPUTF8, AUTH, MT-PRIORITY, REQUIRETLS and those to come bear their extension's name.
            case let keyword: keyword
            }
        return offered.contains(keyword) ? nil : keyword
    }

    /// The extension that a parameter of `RCPT` needs, if it is not offered.
    private func missing(ofRcpt parameter: ESMTPParameter) -> String? {
        let keyword =
            switch parameter.keyword {
            case "NOTIFY", "ORCPT": "DSN"
            case let keyword: keyword
            }
        return offered.contains(keyword) ? nil : keyword
    }
}
