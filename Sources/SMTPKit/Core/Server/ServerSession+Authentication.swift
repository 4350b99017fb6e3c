/// AUTH.
///
///     C: AUTH PLAIN
///     S: 334
///     C: AGFsaWNlAHNlY3JldA==
///     S: 235 2.7.0 Authentication successful
///
/// The exchange itself is the mechanism's; lines, base64, `*` and limits are dealt with here.
///
/// - SeeAlso: RFC 4954.
extension ServerSession {
    mutating func authenticate(_ name: String, _ initialResponse: Secret?, _ output: inout ServerOutput) {
        // RFC 4954, section 4: only after EHLO or LHLO.
        guard peer.heloVerb != .helo else { return refuse(.ehloFirst, &output) }
        let policy = configuration.security
        guard let mechanism = SASLMechanism(name: name), policy.mechanisms.contains(mechanism),
            let cryptography = policy.cryptography
        else { return refuse(.unknownMechanism, &output) }
        let offered = policy.mechanisms(for: peer.tls)
        guard offered.contains(mechanism) else {
            return refuse(mechanism.sendsSecret ? .mechanismNeedsTLS : .unknownMechanism, &output)
        }
        var response: [UInt8]?
        if let initialResponse {
            // A lone "=" is an initial response of no bytes (RFC 4954, section 4).
            response = initialResponse.octets == [UInt8(ascii: "=")] ? [] : Base64.decode(initialResponse.octets)
            guard response != nil else { return refuse(.invalidBase64, &output) }
        }
        var exchange = SASLServerExchange(
            mechanism,
            SASLServerExchange.Surroundings(
                cryptography: cryptography,
                serverName: configuration.hostname,
                channelBindings: channelBindings,
                offersBinding: offered.contains(where: \.bindsChannel),
                clientSubject: peer.tls?.clientSubject,
                saltKey: policy.saltKey
            )
        )
        let step = exchange.begin(initialResponse: response)
        self.exchange = exchange
        follow(step, &output)
    }

    /// A line of the exchange.
    mutating func authenticationLine(_ line: Span<UInt8>, _ output: inout ServerOutput) {
        if line.count == 1, line[0] == UInt8(ascii: "*") { return endExchange(with: .authenticationCancelled, &output) }
        let text = line.withUnsafeBufferPointer { Array($0) }
        guard let response = Base64.decode(text), let step = exchange?.step(response) else {
            return endExchange(with: .invalidBase64, &output)
        }
        follow(step, &output)
    }

    /// Those who know the users have answered.
    mutating func answered(_ answer: SASLAnswer, _ output: inout ServerOutput) {
        guard let step = exchange?.answer(answer) else { return endExchange(with: .authenticationUnavailable, &output) }
        follow(step, &output)
    }

    /// Replies to a failed authentication, after the pause.
    mutating func authenticationFailed(_ output: inout ServerOutput) {
        guard failedAuthentications < configuration.limits.authenticationFailures else {
            return close(with: .tooManyErrors, &output)
        }
        endExchange(with: .authenticationFailed, &output)
    }

    mutating func endExchange(with reply: Reply, _ output: inout ServerOutput) {
        exchange = nil
        activity = .commands
        framer = commandFramer
        send(reply, &output)
    }

    private mutating func follow(_ step: SASLServerExchange.Step, _ output: inout ServerOutput) {
        switch step {
        case .challenge(let challenge):
            if activity != .authenticating { framer = authenticationFramer }
            activity = .authenticating
            send(Reply(334, nil, String(decoding: Base64.encode(challenge), as: UTF8.self)), &output)
        case .verify(let question):
            ask(.authenticate(question), &output)
        case .success(let user):
            peer.username = user
            peer.mechanism = exchange?.mechanism.rawValue
            endExchange(with: .authenticated, &output)
        case .failure(let failure):
            switch failure.kind {
            case .unexpectedInitialResponse: endExchange(with: .unexpectedInitialResponse, &output)
            case .malformed: endExchange(with: .malformedResponse, &output)
            case .unavailable: endExchange(with: .authenticationUnavailable, &output)
            case .refused, .notAuthentic, .outOfOrder:
                failedAuthentications += 1
                ask(.authenticationFailure(failedAuthentications), &output)
            }
        }
    }

    private var authenticationFramer: LineFramer {
        LineFramer(
            limit: configuration.limits.authenticationLine,
            skipLimit: configuration.limits.skippedLine,
            policy: configuration.bareNewlines
        )
    }
}
