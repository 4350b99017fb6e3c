import FuzzSupport

@testable import SMTPCore

/// Each end of `AUTH`, fed with the messages of a hostile other end.
///
/// An exchange comes to an end, success needs an answer that allows it, and what is sent is bounded. With the right
/// password, both ends agree.
///
/// The first byte of an input chooses the mechanism, the second one the end and the answers. The rest is the messages,
/// divided by 0xFF.
enum FuzzedSASL {
    private static let secret = Secret("correct horse")

    static func check(_ input: FuzzInput) throws {
        var input = input
        let mechanism = SASLMechanism.allCases[Int(input.byte()) % SASLMechanism.allCases.count]
        let choice = input.byte()
        let messages = input.turns
        switch choice & 3 {
        case 0, 1: try checkServer(mechanism, messages, answers: choice >> 2)
        case 2: try checkClient(mechanism, messages, user: "alice")
        case _: try checkBoth(mechanism, user: String(decoding: input.rest, as: UTF8.self))
        }
    }

    private static func server(_ mechanism: SASLMechanism) -> SASLServerExchange {
        SASLServerExchange(
            mechanism,
            SASLServerExchange.Surroundings(
                cryptography: FuzzCryptography(), serverName: "mx.example", channelBindings: [binding],
                offersBinding: true, clientSubject: "CN=alice", saltKey: Secret("salt")))
    }

    private static func client(
        _ mechanism: SASLMechanism, user: String
    ) throws(SASLFailure) -> SASLClientExchange {
        try SASLClientExchange(
            mechanism, SASLCredentials(user: user, secret: secret),
            SASLClientExchange.Surroundings(
                cryptography: FuzzCryptography(), host: "mx.example", port: 25, channelBinding: binding,
                isBindingOffered: true))
    }

    private static let binding = ChannelBinding(kind: .tlsExporter, data: [1, 2, 3])

    // MARK: One end

    private static func checkServer(_ mechanism: SASLMechanism, _ messages: [[UInt8]], answers: UInt8) throws {
        var exchange = server(mechanism)
        var isAllowed = false
        var answers = answers
        var rest = messages[...]
        var step = exchange.begin(initialResponse: answers & 1 == 0 ? nil : rest.popFirst())
        for _ in 0..<(2 * messages.count + 4) {
            switch step {
            case .challenge(let challenge):
                try expect(challenge.count <= 1_024, "a challenge has \(challenge.count) bytes")
                guard let message = rest.popFirst() else { return }
                step = exchange.step(message)
            case .verify(let question):
                answers = answers >> 1 | answers << 7
                let answer =
                    [.accepted, .refused, .password(secret), .acceptedAs("bob"), .unavailable][Int(answers) % 5]
                    as SASLAnswer
                isAllowed = answer != .refused && answer != .unavailable
                _ = question.user
                step = exchange.answer(answer)
            case .success:
                return try expect(isAllowed, "success without an answer that allows it")
            case .failure(let failure):
                _ = failure.description
                try expect(exchange.step([]) == .failure(.outOfOrder), "it goes on after a failure")
                return
            }
        }
        throw FuzzFailure("the exchange does not end")
    }

    private static func checkClient(_ mechanism: SASLMechanism, _ messages: [[UInt8]], user: String) throws {
        guard var exchange = try? client(mechanism, user: user) else { return }
        let longest = (messages.map(\.count).max() ?? 0) + 1_024
        if let response = exchange.initialResponse() {
            try expect(response.count <= longest, "a response has \(response.count) bytes")
        }
        for message in messages {
            switch exchange.step(message) {
            case .response(let response):
                try expect(response.count <= 2 * longest, "a response has \(response.count) bytes")
            case .cancel(let failure):
                _ = failure.description
                return
            }
        }
        try? exchange.conclude()
    }

    // MARK: Both ends

    /// The right password is accepted, for any user whom the mechanism can name.
    private static func checkBoth(_ mechanism: SASLMechanism, user: String) throws {
        guard mechanism != .external, var client = try? client(mechanism, user: user) else { return }
        var server = server(mechanism)
        var step = server.begin(initialResponse: client.initialResponse())
        for _ in 0..<8 {
            switch step {
            case .challenge(let challenge):
                guard case .response(let response) = client.step(challenge) else {
                    throw FuzzFailure("\(mechanism): the client does not go on")
                }
                step = server.step(response)
            case .verify(let question):
                if let asked = question.user {
                    try expect(asked.utf8.elementsEqual(user.utf8), "\(mechanism): \(user) is asked for as \(asked)")
                }
                if case .token = question {
                    step = server.answer(.accepted)
                } else {
                    step = server.answer(.password(secret))
                }
            case .success(let name):
                try expect(name.utf8.elementsEqual(user.utf8), "\(mechanism): \(user) is called \(name)")
                return try client.conclude()
            case .failure(let failure):
                // Names that no server takes.
                try expect(
                    user.isEmpty || user.utf8.contains { $0 < 0x20 || $0 == 0x7F },
                    "\(mechanism): \(failure) for \(user)")
                return
            }
        }
        throw FuzzFailure("\(mechanism): the exchange does not end")
    }
}
