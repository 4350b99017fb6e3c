/// The server's side of one `AUTH`: responses in, challenges and questions out.
///
/// The bytes are those after decoding base64; lines, `*` and limits are up to the session. The application answers a
/// ``SASLQuestion`` by ``answer(_:)``.
///
///     C: AUTH CRAM-MD5
///     S: 334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZT4=        (begin(initialResponse: nil))
///     C: YWxpY2UgYjkxM2E2MDJjN2VkYTdhNDk1YjRlNmU3MzM0ZDM4OTA=  (step, then answer)
///     S: 235 2.7.0 Authentication successful
///
/// - SeeAlso: RFC 4422, section 3; RFC 4954, section 4.
struct SASLServerExchange: Sendable {
    /// The facts that an exchange depends on beside the client's messages.
    struct Surroundings: Sendable {
        /// Hashes and chance.
        package var cryptography: any SASLCryptography
        /// The server's name, for challenges that hold it.
        package var serverName: String
        /// The available channel bindings; empty without TLS.
        package var channelBindings: [ChannelBinding]
        /// Whether a mechanism that binds was offered: then a client that could bind and did not was tampered
        /// with (RFC 5802, section 6).
        var offersBinding: Bool
        /// The subject of the client's verified certificate, for `EXTERNAL`.
        package var clientSubject: String?
        /// A key, made by chance once for the process, for the salts of users who have none of their own.
        package var saltKey: Secret

        /// Makes surroundings.
        package init(
            cryptography: any SASLCryptography,
            serverName: String,
            channelBindings: [ChannelBinding] = [],
            offersBinding: Bool = false,
            clientSubject: String? = nil,
            saltKey: Secret
        ) {
            self.cryptography = cryptography
            self.serverName = serverName
            self.channelBindings = channelBindings
            self.offersBinding = offersBinding
            self.clientSubject = clientSubject
            self.saltKey = saltKey
        }
    }

    /// The next action.
    package enum Step: Hashable, Sendable {
        /// Send this, in base64, after `334 `, and give the response to ``SASLServerExchange/step(_:)``.
        case challenge([UInt8])
        /// Ask, and give the answer to ``SASLServerExchange/answer(_:)``.
        case verify(SASLQuestion)
        /// The client is who it says: the name to act under.
        case success(user: String)
        /// It is over.
        case failure(SASLFailure)
    }

    /// The mechanism.
    package let mechanism: SASLMechanism
    private var machine: any SASLServerMachine
    private var isDone = false

    /// Begins an exchange. The first call is then ``begin(initialResponse:)``.
    package init(_ mechanism: SASLMechanism, _ surroundings: Surroundings) {
        self.mechanism = mechanism
        machine =
            switch mechanism {
            case .plain: PlainServer(surroundings.cryptography)
            case .login: LoginServer(surroundings.cryptography)
            case .cramMD5: CRAMMD5Server(surroundings)
            case .scramSHA1, .scramSHA1Plus:
                SCRAMServer(.sha1, bindsChannel: mechanism.bindsChannel, surroundings)
            case .scramSHA256, .scramSHA256Plus:
                SCRAMServer(.sha256, bindsChannel: mechanism.bindsChannel, surroundings)
            case .xoauth2: XOAuth2Server()
            case .oauthBearer: OAuthBearerServer()
            case .external: ExternalServer(subject: surroundings.clientSubject)
            }
    }

    /// Starts the exchange with the arguments of `AUTH`.
    ///
    /// - Parameter initialResponse: the bytes after the mechanism's name, empty for `=`; `nil` for none.
    package mutating func begin(initialResponse: [UInt8]?) -> Step {
        finish(machine.begin(initialResponse))
    }

    /// Gives the response to the last challenge.
    package mutating func step(_ response: [UInt8]) -> Step {
        guard !isDone else { return .failure(.outOfOrder) }
        return finish(machine.step(response))
    }

    /// Gives the answer to the last question.
    package mutating func answer(_ answer: SASLAnswer) -> Step {
        guard !isDone else { return .failure(.outOfOrder) }
        return finish(machine.answer(answer))
    }

    private mutating func finish(_ step: Step) -> Step {
        switch step {
        case .challenge, .verify: break
        case .success, .failure: isDone = true
        }
        return step
    }
}

extension SASLServerExchange: CustomReflectable {
    /// The state may hold secrets.
    package var customMirror: Mirror { Mirror(self, children: ["mechanism": mechanism]) }
}

/// One mechanism of the server's side.
protocol SASLServerMachine: Sendable {
    mutating func begin(_ initialResponse: [UInt8]?) -> SASLServerExchange.Step
    mutating func step(_ response: [UInt8]) -> SASLServerExchange.Step
    mutating func answer(_ answer: SASLAnswer) -> SASLServerExchange.Step
}

extension SASLServerMachine {
    /// Where the client speaks first, an empty challenge asks for what it did not send at once.
    mutating func begin(_ initialResponse: [UInt8]?) -> SASLServerExchange.Step {
        initialResponse.map { step($0) } ?? .challenge([])
    }
}
