/// `PLAIN` (RFC 4616).
struct PlainClient: SASLClientMachine {
    private let credentials: SASLClientExchange.Credentials

    init(_ credentials: SASLClientExchange.Credentials) {
        self.credentials = credentials
    }

    func initialResponse() -> [UInt8]? {
        Array((credentials.actingAs ?? "").utf8) + [0] + Array(credentials.user.utf8) + [0] + credentials.secret.octets
    }

    func step(_ challenge: [UInt8]) -> SASLClientExchange.Step {
        challenge.isEmpty ? .response(initialResponse() ?? []) : .cancel(.malformed("an empty challenge is due"))
    }
}

/// `LOGIN`: whatever the two prompts say, the first is for the user.
struct LoginClient: SASLClientMachine {
    private let credentials: SASLClientExchange.Credentials
    private var challenges = 0

    init(_ credentials: SASLClientExchange.Credentials) {
        self.credentials = credentials
    }

    func initialResponse() -> [UInt8]? { nil }

    mutating func step(_ challenge: [UInt8]) -> SASLClientExchange.Step {
        challenges += 1
        switch challenges {
        case 1: return .response(Array(credentials.user.utf8))
        case 2: return .response(credentials.secret.octets)
        case _: return .cancel(.malformed("there are two challenges only"))
        }
    }
}

/// `CRAM-MD5` (RFC 2195).
struct CRAMMD5Client: SASLClientMachine {
    private let credentials: SASLClientExchange.Credentials
    private let cryptography: any SASLCryptography
    private var isAnswered = false

    init(_ credentials: SASLClientExchange.Credentials, _ cryptography: any SASLCryptography) {
        self.credentials = credentials
        self.cryptography = cryptography
    }

    func initialResponse() -> [UInt8]? { nil }

    mutating func step(_ challenge: [UInt8]) -> SASLClientExchange.Step {
        guard !isAnswered else { return .cancel(.malformed("there is one challenge only")) }
        isAnswered = true
        let digest = CRAMMD5.digest(credentials.secret, challenge, cryptography)
        return .response(Array(credentials.user.utf8) + [ASCII.space] + digest)
    }
}

/// `EXTERNAL` (RFC 4422, appendix A).
struct ExternalClient: SASLClientMachine {
    let identity: String?

    func initialResponse() -> [UInt8]? { Array((identity ?? "").utf8) }

    func step(_ challenge: [UInt8]) -> SASLClientExchange.Step {
        challenge.isEmpty ? .response(initialResponse() ?? []) : .cancel(.malformed("an empty challenge is due"))
    }
}

/// `XOAUTH2` and `OAUTHBEARER` (RFC 7628).
struct TokenClient: SASLClientMachine {
    private let message: [UInt8]
    /// The response to the explanation of a refusal.
    private let acknowledgement: [UInt8]

    init(xoauth2 credentials: SASLClientExchange.Credentials) {
        message =
            Array("user=\(credentials.user)\u{1}auth=Bearer ".utf8) + credentials.secret.octets
            + Array("\u{1}\u{1}".utf8)
        acknowledgement = []
    }

    init(oauthBearer credentials: SASLClientExchange.Credentials, host: String, port: UInt16) {
        let identity = credentials.actingAs ?? credentials.user
        let header = GS2Header(.unsupported, identity: identity.isEmpty ? nil : identity)
        message =
            header.octets + Array("\u{1}host=\(host)\u{1}port=\(port)\u{1}auth=Bearer ".utf8)
            + credentials.secret.octets + Array("\u{1}\u{1}".utf8)
        acknowledgement = [TokenFields.separator]
    }

    func initialResponse() -> [UInt8]? { message }

    func step(_ challenge: [UInt8]) -> SASLClientExchange.Step {
        .response(challenge.isEmpty ? message : acknowledgement)
    }
}
