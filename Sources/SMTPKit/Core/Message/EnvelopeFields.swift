/// The envelope as header fields, for those who read messages and nothing else. They are those of Postfix's
/// `smtp-sink`.
///
///     X-Client-Addr: 192.0.2.1
///     X-Client-Proto: ESMTP
///     X-Helo-Args: mail.example.org
///     X-Mail-Args: <joe@example.org> SIZE=1000
///     X-Rcpt-Args: <ann@example.net> NOTIFY=NEVER
///
/// All recipients are named, blind copies among them: these fields are for tests, not for mail.
package struct EnvelopeFields {
    private let envelope: Envelope
    private let peer: Peer

    /// Makes the fields of one message.
    package init(envelope: Envelope, peer: Peer) {
        self.envelope = envelope
        self.peer = peer
    }

    /// Appends the fields.
    package func append(to output: inout [UInt8], lineEnd: TraceFields.LineEnd = .crlf) {
        let address: String =
            switch peer.address {
            case .ip(let address, _): address
            case .local: "local"
            }
        field("X-Client-Addr: ", address, lineEnd, &output)
        field("X-Client-Proto: ", peer.transmissionProtocol.rawValue, lineEnd, &output)
        if let name = peer.heloName { field("X-Helo-Args: ", name, lineEnd, &output) }
        field("X-Mail-Args: ", "<\(envelope.reversePath)>\(Self.text(envelope.parameters))", lineEnd, &output)
        for recipient in envelope.recipients {
            field("X-Rcpt-Args: ", "<\(recipient.path)>\(Self.text(recipient.parameters))", lineEnd, &output)
        }
    }

    private static func text(_ parameters: [ESMTPParameter]) -> String {
        parameters.reduce(into: "") { $0 += " \($1)" }
    }

    private func field(
        _ name: StaticString, _ value: String, _ lineEnd: TraceFields.LineEnd, _ output: inout [UInt8]
    ) {
        output.append(text: name)
        TraceText(allowed: .printable, isInternationalized: envelope.isInternationalized, limit: 4096)
            .append(value, to: &output)
        if lineEnd == .crlf { output.append(ASCII.carriageReturn) }
        output.append(ASCII.lineFeed)
    }
}
