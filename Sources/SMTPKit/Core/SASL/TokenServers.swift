/// `XOAUTH2`: `user=…^Aauth=Bearer …^A^A`.
struct XOAuth2Server: SASLServerMachine {
    private var token = TokenExchange(rejection: #"{"status":"401","schemes":"bearer","scope":""}"#)

    mutating func step(_ response: [UInt8]) -> SASLServerExchange.Step {
        if let end = token.end(response) { return end }
        guard let fields = TokenFields(response[...]), let user = fields["user"], !user.isEmpty else {
            return .failure(.malformed("the user is missing"))
        }
        return token.ask(user: user, authorization: fields["auth"])
    }

    mutating func answer(_ answer: SASLAnswer) -> SASLServerExchange.Step { token.conclude(answer) }
}

/// `OAUTHBEARER`: `n,a=user,^Ahost=…^Aport=…^Aauth=Bearer …^A^A` (RFC 7628, section 3.1).
struct OAuthBearerServer: SASLServerMachine {
    private var token = TokenExchange(rejection: #"{"status":"invalid_token"}"#)

    mutating func step(_ response: [UInt8]) -> SASLServerExchange.Step {
        if let end = token.end(response) { return end }
        guard let header = GS2Header(response), !header.isBound else {
            return .failure(.malformed("the GS2 header is missing, or asks for a channel binding"))
        }
        let rest = response[header.octets.count...]
        // The header ends with its comma; the fields begin after a separator.
        guard rest.first == TokenFields.separator, let fields = TokenFields(rest.dropFirst()) else {
            return .failure(.malformed("the fields are not separated by 01"))
        }
        return token.ask(user: header.identity, authorization: fields["auth"])
    }

    mutating func answer(_ answer: SASLAnswer) -> SASLServerExchange.Step { token.conclude(answer) }
}

/// The common part of both: a token is asked about, and a refusal is explained in a last challenge.
private struct TokenExchange: Sendable {
    private enum State {
        case initial
        case asked(user: String?)
        case rejected
    }

    let rejection: String
    private var state = State.initial

    init(rejection: String) {
        self.rejection = rejection
    }

    /// The response to the explanation of a refusal, of whatever content, ends the exchange
    /// (RFC 7628, section 3.2.3).
    func end(_ response: [UInt8]) -> SASLServerExchange.Step? {
        switch state {
        case .initial: nil
        case .asked: .failure(.outOfOrder)
        case .rejected: .failure(.refused)
        }
    }

    mutating func ask(user: String?, authorization: String?) -> SASLServerExchange.Step {
        guard let authorization,
            let space = authorization.utf8.firstIndex(of: ASCII.space),
            authorization[..<space].lowercased() == "bearer"
        else { return .failure(.malformed("the authorization is not a bearer token")) }
        let token = authorization[space...].drop { $0 == " " }
        guard !token.isEmpty else { return .failure(.malformed("the token is empty")) }
        state = .asked(user: user)
        return .verify(.token(user: user, Secret(token.utf8)))
    }

    mutating func conclude(_ answer: SASLAnswer) -> SASLServerExchange.Step {
        guard case .asked(let user) = state else { return .failure(.outOfOrder) }
        switch answer {
        case .accepted:
            guard let user else { break }
            return .success(user: user)
        case .acceptedAs(let name): return .success(user: name)
        case .unavailable: return .failure(.unavailable)
        case .refused, .password, .keys: break
        }
        state = .rejected
        return .challenge(Array(rejection.utf8))
    }
}

/// The fields of a token message: `key=value`, each ended by 01, the last by another 01.
///
/// - SeeAlso: RFC 7628, section 3.1.
struct TokenFields {
    static let separator: UInt8 = 1

    private var values: [String: String] = [:]

    /// - Returns: `nil` when a field has no `=`, is not UTF-8, or the end is missing.
    init?(_ octets: ArraySlice<UInt8>) {
        guard octets.suffix(2).elementsEqual([Self.separator, Self.separator]) else { return nil }
        for field in octets.dropLast(2).split(separator: Self.separator, maxSplits: 16) {
            guard let text = String(validating: field, as: UTF8.self),
                let equals = text.utf8.firstIndex(of: UInt8(ascii: "="))
            else { return nil }
            values[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
        }
    }

    subscript(key: String) -> String? { values[key] }
}
