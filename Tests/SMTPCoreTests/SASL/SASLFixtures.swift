import SMTPTLS

@testable import SMTPCore

func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

let cryptography = OpenSSLCryptography()

func serverSurroundings(
    bindings: [ChannelBinding] = [],
    offersBinding: Bool = false,
    subject: String? = nil
) -> SASLServerExchange.Surroundings {
    SASLServerExchange.Surroundings(
        cryptography: cryptography,
        serverName: "mail.example",
        channelBindings: bindings,
        offersBinding: offersBinding,
        clientSubject: subject,
        saltKey: Secret("a key for tests")
    )
}

func clientSurroundings(
    binding: ChannelBinding? = nil,
    isBindingOffered: Bool = false
) -> SASLClientExchange.Surroundings {
    SASLClientExchange.Surroundings(
        cryptography: cryptography,
        host: "server.example.com",
        port: 143,
        channelBinding: binding,
        isBindingOffered: isBindingOffered
    )
}

/// Joins a client's and a server's exchange, with a user database of one.
struct SASLDialogue {
    var user = "alice"
    var password = "wonder,land=1"
    /// The name and the password that the client has.
    var clientUser = "alice"
    var clientPassword = "wonder,land=1"
    var actingAs: String?
    var server = serverSurroundings()
    var client = clientSurroundings()

    /// How it ended at the server, and whether the client believes the server.
    struct Result: Equatable {
        var end: SASLServerExchange.Step
        var isServerProved: Bool
        var clientFailure: SASLFailure?
    }

    func run(_ mechanism: SASLMechanism, withInitialResponse: Bool = true) throws -> Result {
        var server = SASLServerExchange(mechanism, self.server)
        let credentials = SASLClientExchange.Credentials(
            user: clientUser,
            secret: Secret(clientPassword),
            actingAs: actingAs
        )
        var client = try SASLClientExchange(mechanism, credentials, self.client)
        var step = server.begin(initialResponse: withInitialResponse ? client.initialResponse() : nil)
        while true {
            switch step {
            case .challenge(let challenge):
                switch client.step(challenge) {
                case .response(let response): step = server.step(response)
                case .cancel(let failure): return Result(end: step, isServerProved: false, clientFailure: failure)
                }
            case .verify(let question):
                step = server.answer(answer(question))
            case .success, .failure:
                let isProved = (try? client.conclude()) != nil
                return Result(end: step, isServerProved: isProved, clientFailure: nil)
            }
        }
    }

    private func answer(_ question: SASLQuestion) -> SASLAnswer {
        switch question {
        case .password(let name, _, _), .secret(let name, _, _):
            name == user ? .password(Secret(password)) : .refused
        case .token(let name, let token): name == user && token == Secret(password) ? .accepted : .refused
        case .external: .accepted
        }
    }
}
