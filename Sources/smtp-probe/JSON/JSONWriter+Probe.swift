import SMTPKit

/// Parts of the document.
extension JSONWriter {
    /// Writes a time in milliseconds, with microseconds after the point.
    mutating func milliseconds(_ time: Duration) { thousandths(UInt64(clamping: time.microseconds)) }

    /// Writes a line of the server: a text when it is UTF-8, else an object with `base64`.
    mutating func line(_ octets: some Collection<UInt8>) {
        if let text = String(validating: octets, as: UTF8.self) {
            string(text)
        } else {
            object { json in
                json.name("base64")
                Array(octets).withUnsafeBytes { json.base64($0) }
            }
        }
    }

    /// Writes what became of a recipient.
    mutating func write(_ recipient: ProbeDocument.Recipient) {
        let reply = recipient.last
        object { json in
            json.member("address", recipient.address)
            json.member("accepted", recipient.isAccepted)
            json.name("delivered")
            if let isDelivered = recipient.isDelivered { json.boolean(isDelivered) } else { json.null() }
            json.member("code", reply?.code.rawValue)
            json.member("enhanced", reply?.status.map { "\($0)" })
            json.member("class", reply.map { Self.word($0.code.severity) })
            json.member("text", reply?.lines.joined(separator: "\n"))
            json.member("meaning", reply.map(ReplyMeaning.text))
            let refusal = reply.flatMap { $0.code.severity == .success ? nil : StatusRegistry.explain($0) }
            json.member("reason", refusal?.reason?.id)
            json.member("advice", refusal?.advice)
        }
    }

    private static func word(_ severity: ReplyCode.Severity) -> String {
        switch severity {
        case .success, .intermediate: "success"
        case .transient: "transient"
        case .permanent: "permanent"
        }
    }

    /// Writes what a certificate says.
    mutating func write(_ certificate: PeerCertificate, now: Timestamp) {
        object { json in
            json.member("subject", certificate.subject)
            json.member("issuer", certificate.issuer)
            json.member("san") { json in json.array { json in for name in certificate.names { json.string(name) } } }
            json.member("not_after", certificate.notAfter.iso8601)
            let seconds = certificate.notAfter.seconds - now.seconds
            json.member("days_left", (seconds >= 0 ? seconds : seconds - 86_399) / 86_400)
            json.member("sha256", certificate.sha256.map(HexDigits.pair).joined().lowercased())
            json.member("spki_sha256", certificate.publicKeySHA256.map(HexDigits.pair).joined().lowercased())
        }
    }

    /// Writes what passed.
    mutating func write(_ entry: DialogueRecord.Entry, number: Int) {
        object { json in
            json.member("n", number)
            json.name("t_ms")
            json.milliseconds(entry.time)
            json.name("dir")
            switch entry.item.item {
            case .sent, .content: json.string("sent")
            case .received, .malformed: json.string("received")
            case .secured: json.string("info")
            }
            json.member("tls", entry.item.isSecured)
            json.member("stage", entry.item.stage.map { StageName($0, isSecured: entry.item.isSecured).rawValue })
            switch entry.item.item {
            case .sent(let line): json.member("line", line)
            case .content(let count): json.member("line", "[\(count) octets of content]")
            case .secured(let properties):
                json.member("line", "[\(properties.version), \(properties.cipherSuite)]")
            case .malformed(let octets):
                json.name("line")
                json.line(octets)
            case .received(let reply, let octets):
                json.member("code", reply.code.rawValue)
                json.member("enhanced", reply.status.map { "\($0)" })
                json.member("lines") { json in
                    json.array { json in for line in DialoguePrinter.lines(octets) { json.line(line) } }
                }
            }
        }
    }
}
