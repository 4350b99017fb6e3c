/// Which extension a server has to offer for a parameter to be sent.
enum OfferRules {
    /// The first extension that a transaction needs and the list does not have, and the command that needs it.
    static func missing(for transaction: Transaction, in capabilities: Capabilities) -> (ClientStage, String)? {
        let envelope = transaction.envelope
        for parameter in envelope.parameters {
            if let keyword = missing(ofMail: parameter, in: capabilities) { return (.mail, keyword) }
        }
        for parameter in envelope.recipients.flatMap(\.parameters) {
            let keyword = keyword(ofRcpt: parameter)
            if !capabilities.contains(keyword) { return (.rcpt, keyword) }
        }
        if transaction.transfer == .chunks, !capabilities.contains("CHUNKING") { return (.content, "CHUNKING") }
        return nil
    }

    private static func missing(ofMail parameter: ESMTPParameter, in capabilities: Capabilities) -> String? {
        switch parameter.keyword {
        case "BODY":
            // RFC 3030, section 3: BINARYMIME is an extension of its own.
            let keyword = parameter.value?.uppercased() == "BINARYMIME" ? "BINARYMIME" : "8BITMIME"
            return capabilities.contains(keyword) ? nil : keyword
        case "RET", "ENVID": return capabilities.contains("DSN") ? nil : "DSN"
        case "BY": return capabilities.contains("DELIVERBY") ? nil : "DELIVERBY"
        case "HOLDFOR", "HOLDUNTIL": return capabilities.contains("FUTURERELEASE") ? nil : "FUTURERELEASE"
        // SIZE, SMTPUTF8, AUTH, MT-PRIORITY, REQUIRETLS and what is yet to come bear their extension's name.
        case let keyword: return capabilities.contains(keyword) ? nil : keyword
        }
    }

    private static func keyword(ofRcpt parameter: ESMTPParameter) -> String {
        switch parameter.keyword {
        case "NOTIFY", "ORCPT": "DSN"
        case let keyword: keyword
        }
    }
}
