/// `PLAIN`: `[authzid] NUL authcid NUL passwd` (RFC 4616, section 2).
struct PlainServer: SASLServerMachine {
    private let cryptography: any SASLCryptography
    private var asked: PasswordQuestion?

    init(_ cryptography: any SASLCryptography) {
        self.cryptography = cryptography
    }

    mutating func step(_ response: [UInt8]) -> SASLServerExchange.Step {
        guard asked == nil else { return .failure(.outOfOrder) }
        let parts = response.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return .failure(.malformed("exactly two NULs are needed")) }
        // An empty password is no password of the grammar; whether it will do is for those who know the users to say.
        guard !parts[1].isEmpty else { return .failure(.malformed("the user is empty")) }
        guard let identity = String(validating: parts[0], as: UTF8.self),
            let user = String(validating: parts[1], as: UTF8.self)
        else { return .failure(.malformed("the user is not UTF-8")) }
        let question = PasswordQuestion(
            user: user,
            identity: identity.isEmpty || identity == user ? nil : identity,
            password: Secret(parts[2])
        )
        asked = question
        return .verify(question.question)
    }

    func answer(_ answer: SASLAnswer) -> SASLServerExchange.Step {
        asked?.conclude(answer, cryptography) ?? .failure(.outOfOrder)
    }
}

/// `LOGIN`: the user and the password, each for a challenge. An initial response is the user.
struct LoginServer: SASLServerMachine {
    private let cryptography: any SASLCryptography
    private var user: String?
    private var asked: PasswordQuestion?

    init(_ cryptography: any SASLCryptography) {
        self.cryptography = cryptography
    }

    mutating func begin(_ initialResponse: [UInt8]?) -> SASLServerExchange.Step {
        initialResponse.map { step($0) } ?? .challenge(Array("Username:".utf8))
    }

    mutating func step(_ response: [UInt8]) -> SASLServerExchange.Step {
        guard asked == nil else { return .failure(.outOfOrder) }
        guard !response.contains(0), user != nil || !response.isEmpty else {
            return .failure(.malformed("the user is empty, or the user or the password holds a NUL"))
        }
        if let user {
            let question = PasswordQuestion(user: user, identity: nil, password: Secret(response))
            asked = question
            return .verify(question.question)
        }
        guard let name = String(validating: response, as: UTF8.self) else {
            return .failure(.malformed("the user is not UTF-8"))
        }
        user = name
        return .challenge(Array("Password:".utf8))
    }

    func answer(_ answer: SASLAnswer) -> SASLServerExchange.Step {
        asked?.conclude(answer, cryptography) ?? .failure(.outOfOrder)
    }
}

/// The question of `PLAIN` and `LOGIN`, kept until it is answered.
struct PasswordQuestion: Sendable {
    let user: String
    let identity: String?
    let password: Secret

    var question: SASLQuestion { .password(user: user, actingAs: identity, password) }

    func conclude(_ answer: SASLAnswer, _ cryptography: any SASLCryptography) -> SASLServerExchange.Step {
        switch answer {
        case .accepted: success
        case .acceptedAs(let name): .success(user: name)
        case .password(let right):
            cryptography.isEqual(right.octets, password.octets) ? success : .failure(.refused)
        case .keys(let keys):
            keys.belong(to: password, cryptography) ? success : .failure(.refused)
        case .refused: .failure(.refused)
        case .unavailable: .failure(.unavailable)
        }
    }

    private var success: SASLServerExchange.Step { .success(user: identity ?? user) }
}

/// `EXTERNAL`: the certificate has said it; the response is the identity to act as, or empty.
struct ExternalServer: SASLServerMachine {
    let subject: String?
    private var identity: String?
    private var isAsked = false

    init(subject: String?) {
        self.subject = subject
    }

    mutating func step(_ response: [UInt8]) -> SASLServerExchange.Step {
        guard !isAsked else { return .failure(.outOfOrder) }
        // Nothing was proved: refused before anything is asked.
        guard let subject else { return .failure(.refused) }
        guard !response.contains(0), let identity = String(validating: response, as: UTF8.self) else {
            return .failure(.malformed("the identity holds a NUL or is not UTF-8"))
        }
        self.identity = identity.isEmpty ? nil : identity
        isAsked = true
        return .verify(.external(subject: subject, actingAs: self.identity))
    }

    func answer(_ answer: SASLAnswer) -> SASLServerExchange.Step {
        guard isAsked, let subject else { return .failure(.outOfOrder) }
        return switch answer {
        case .accepted: .success(user: identity ?? subject)
        case .acceptedAs(let name): .success(user: name)
        case .refused, .password, .keys: .failure(.refused)
        case .unavailable: .failure(.unavailable)
        }
    }
}
