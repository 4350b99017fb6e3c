/// `AUTH` from the client's side.
extension ClientSession {
    /// The longest command line, in bytes with its CRLF (RFC 5321, section 4.5.3.1.4): an initial response that does
    /// not fit is sent as a response of its own (RFC 4954, section 4).
    private static let maximumCommandLine = 512

    /// The mechanisms for a password, the safest first. Tokens and certificates have to be asked for by name.
    private static let passwordMechanisms: [SASLMechanism] = [
        .scramSHA256Plus, .scramSHA256, .scramSHA1Plus, .scramSHA1, .cramMD5, .plain, .login,
    ]

    /// Proves who the client is; ends with ``ClientEvent/finished(_:)``, with the reply to `AUTH` or to its last
    /// response.
    ///
    ///     C: AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPX…
    ///     S: 334 cj1…
    ///
    /// A server that says `235` without the proof that the mechanism demands ends the dialogue.
    ///
    /// - Parameters:
    ///   - credentials: the name and the secret.
    ///   - mechanism: the one to use; `nil` for the safest of those on offer that take a password.
    ///   - output: receives what is to be sent.
    /// - Throws: before anything is sent, ``SMTPError/Code/extensionNotOffered``, ``SMTPError/Code/secretInClear``, or
    ///   ``SMTPError/Code/authenticationFailed`` when the credentials cannot be used.
    public mutating func authenticate(
        _ credentials: SASLCredentials, _ mechanism: SASLMechanism? = nil, into output: inout ClientOutput
    ) throws(SMTPError) {
        try checkIdle(.authentication)
        let chosen = try choose(mechanism)
        guard tls != nil || !chosen.sendsSecret || configuration.allowsSecretsInClear else {
            throw SMTPError(.secretInClear, stage: .authentication, reason: "\(chosen) would show it")
        }
        do throws(SASLFailure) {
            var exchange = try SASLClientExchange(chosen, credentials, surroundings(chosen))
            begin(&exchange, chosen, &output)
            step = .authentication(exchange, user: credentials.user, cancelled: nil)
        } catch {
            throw SMTPError(.authenticationFailed, stage: .authentication, underlying: error)
        }
    }

    private func choose(_ mechanism: SASLMechanism?) throws(SMTPError) -> SASLMechanism {
        let offered = capabilities?.mechanisms ?? []
        func notOffered(_ reason: String) -> SMTPError {
            SMTPError(.extensionNotOffered, stage: .authentication, reason: reason)
        }
        guard !offered.isEmpty else {
            let words = capabilities?["AUTH"] ?? []
            throw notOffered(
                words.isEmpty ? "AUTH" : "AUTH with a known mechanism, only \(words.joined(separator: ", "))")
        }
        let names = offered.map(\.rawValue).joined(separator: ", ")
        if let mechanism {
            guard offered.contains(mechanism) else { throw notOffered("AUTH \(mechanism), only \(names)") }
            return mechanism
        }
        let usable = Self.passwordMechanisms.filter { mechanism in
            offered.contains(mechanism) && (!mechanism.bindsChannel || !channelBindings.isEmpty)
        }
        let isInClear = tls == nil && !configuration.allowsSecretsInClear
        guard let chosen = usable.first(where: { !isInClear || !$0.sendsSecret }) ?? usable.first else {
            throw notOffered("AUTH with a mechanism for passwords, only \(names)")
        }
        return chosen
    }

    private func surroundings(_ mechanism: SASLMechanism) throws(SASLFailure) -> SASLClientExchange.Surroundings {
        guard let cryptography = configuration.cryptography else { throw .malformed("there are no hash functions") }
        let binding = channelBindings.first { $0.kind == .tlsExporter } ?? channelBindings.first
        let offered = capabilities?.mechanisms ?? []
        return SASLClientExchange.Surroundings(
            cryptography: cryptography, host: configuration.host, port: configuration.port, channelBinding: binding,
            isBindingOffered: offered.contains { $0.bindsChannel && $0.scramHash == mechanism.scramHash })
    }

    private mutating func begin(
        _ exchange: inout SASLClientExchange, _ mechanism: SASLMechanism, _ output: inout ClientOutput
    ) {
        let command = "AUTH \(mechanism)"
        mask.authenticationBegan()
        guard let response = exchange.initialResponse() else {
            return send(line: command, .authentication, .auth, &output)
        }
        let text = response.isEmpty ? "=" : String(decoding: Base64.encode(response), as: UTF8.self)
        let line = "\(command) \(text)"
        if line.utf8.count + 2 <= Self.maximumCommandLine {
            send(line: line, shown: "\(command) ***", .authentication, .auth, &output)
        } else {
            heldResponse = response
            send(line: command, .authentication, .auth, &output)
        }
    }

    mutating func advanceAuthentication(_ reply: Reply, _ output: inout ClientOutput) {
        guard case .authentication(var exchange, let user, let cancelled) = step else { return }
        guard reply.code != 334 else {
            guard cancelled == nil else { return violate(reply, .authentication, &output) }
            let failure = answer(reply.lines[0], &exchange, &output)
            step = .authentication(exchange, user: user, cancelled: failure)
            return
        }
        guard reply.code.severity != .intermediate else { return violate(reply, .authentication, &output) }
        heldResponse = nil
        if let cancelled {
            let error = SMTPError(.authenticationFailed, stage: .authentication, underlying: cancelled)
            return fail(error, &output)
        }
        if reply.code.severity == .success {
            do throws(SASLFailure) {
                try exchange.conclude()
            } catch {
                authenticatedBy = nil
                return fail(SMTPError(.authenticationFailed, stage: .authentication, underlying: error), &output)
            }
            self.user = user
        }
        finish(reply, &output)
    }

    /// Answers a challenge.
    ///
    /// - Returns: why the exchange was given up, if it was.
    private mutating func answer(
        _ challenge: String, _ exchange: inout SASLClientExchange, _ output: inout ClientOutput
    ) -> SASLFailure? {
        var failure: SASLFailure?
        var response = "*"
        if let octets = Base64.decode(Array(challenge.utf8)) {
            if let held = heldResponse, octets.isEmpty {
                response = String(decoding: Base64.encode(held), as: UTF8.self)
            } else {
                switch exchange.step(octets) {
                case .response(let octets): response = String(decoding: Base64.encode(octets), as: UTF8.self)
                case .cancel(let reason): failure = reason
                }
            }
        } else {
            failure = .malformed("the challenge is not base64")
        }
        heldResponse = nil
        send(line: response, shown: failure == nil ? "***" : "*", .authentication, nil, &output)
        return failure
    }
}
