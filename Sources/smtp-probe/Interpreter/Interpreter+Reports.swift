import CommandLineSupport
import SMTPKit

/// The commands that show the state on request.
extension Interpreter {
    // MARK: Connection

    func showStatus() {
        guard let connection = dialogue.live else {
            return console.show(target.map { "not connected to \($0)" } ?? "not connected")
        }
        console.show("connected to \(connection.target?.text ?? "")\(host(connection))")
        console.show(connection.session.tls.map { "TLS: \($0.version), \($0.cipherSuite)" } ?? "TLS: none")
        if let hello = connection.session.hello {
            console.show(SafeText.visible("server: \(hello.lines[0])"))
        } else {
            console.show("server: no hello yet")
        }
        if let mechanism = connection.session.authenticatedBy {
            console.show(SafeText.visible("logged in: \(connection.session.user ?? "") with \(mechanism)"))
        }
        console.show(
            connection.session.hasSender
                ? "transaction: \(connection.session.acceptedRecipients) recipients accepted" : "transaction: none")
        if connection.session.isOutOfSync { console.show("out of sync: it is not known which reply answers what") }
    }

    private func host(_ connection: PollableConnection) -> String {
        let host = connection.options.host
        let text = connection.target?.text ?? ""
        return host.isEmpty || text.contains(host) ? "" : " (\(SafeText.visible(host)))"
    }

    func showCapabilities() {
        guard let capabilities = dialogue.live?.session.capabilities else {
            return console.show("nothing is known yet; :ehlo asks")
        }
        for entry in capabilities.entries {
            console.show(SafeText.visible(([entry.keyword] + entry.parameters).joined(separator: " ")))
        }
        if capabilities.entries.isEmpty { console.show("the server offers no extension") }
    }

    // MARK: TLS

    func showTLS() {
        guard let report = dialogue.connection?.tlsReport else { return console.show("there is no TLS") }
        console.show("\(report.properties.version), \(report.properties.cipherSuite)")
        if report.isVerified {
            console.show("the certificate is good", .good)
        } else if report.problems.isEmpty {
            console.show("the certificate was not looked at")
        }
        for problem in report.problems { console.show(SafeText.visible("\(problem)"), .warning) }
        if let certificate = report.chain.first { show(certificate) }
    }

    func showCertificates(_ rest: String) throws {
        guard rest.isEmpty || rest.lowercased() == "pem" else { throw ValueError(":cert or :cert pem is wanted") }
        guard let chain = dialogue.connection?.tlsReport?.chain, !chain.isEmpty else {
            return console.show("the server showed no certificate")
        }
        for (index, certificate) in chain.enumerated() {
            if rest.isEmpty {
                if index > 0 { console.show("") }
                show(certificate)
            } else {
                for line in certificate.pem.split(separator: "\n") { console.show(String(line)) }
            }
        }
    }

    private func show(_ certificate: PeerCertificate) {
        let lines = [
            ("subject", certificate.subject), ("issuer", certificate.issuer),
            ("names", certificate.names.joined(separator: ", ")), ("not before", certificate.notBefore.iso8601),
            ("not after", certificate.notAfter.iso8601), ("SHA-256", hexadecimal(certificate.sha256)),
            ("key's SHA-256", hexadecimal(certificate.publicKeySHA256)),
        ]
        for (name, value) in lines where !value.isEmpty { console.show("\(name): \(SafeText.visible(value))") }
    }

    private func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: Codes

    /// Explains a code, or the last reply.
    func explain(_ rest: String) throws {
        guard !rest.isEmpty else {
            guard case .reply(let reply) = lastAnswer?.outcome else {
                throw ValueError("nothing was answered yet; :explain 5.7.1 explains a code")
            }
            return explain(reply, isBrief: false)
        }
        guard let query = try? CodeQuery(exactly: rest) else {
            throw ValueError("a code is wanted, such as 550 or 5.7.1")
        }
        show(StatusRegistry.explain(query))
    }

    /// Explains a reply in the registry's words: in a line, or with everything that is known.
    ///
    /// - Parameter command: the command that it answers.
    func explain(_ reply: Reply, isBrief: Bool, about command: SentCommand? = nil) {
        let explanation = StatusRegistry.explain(reply)
        guard isBrief else { return show(explanation) }
        // What was typed can be seen; a command that the tool made is named by its recipient.
        let isNamed = !isTyped && command?.stage == .rcpt
        let subject = isNamed ? "\(ProbeDocument.Recipient.address(in: command?.line ?? "")) was refused. " : ""
        console.say(
            "  \(SafeText.visible(subject + explanation.summary)). \(SafeText.visible(explanation.advice))", .faint)
    }

    private func show(_ explanation: CodeExplanation) {
        console.show(SafeText.visible(explanation.summary))
        console.show("  \(SafeText.visible(explanation.meaning))")
        if !explanation.advice.isEmpty { console.show("  \(SafeText.visible(explanation.advice))") }
        for meaning in explanation.providerMeanings { console.show("  \(SafeText.visible("\(meaning.meaning)"))") }
        if !explanation.reference.isEmpty { console.show("  \(SafeText.visible(explanation.reference))", .faint) }
    }
}
