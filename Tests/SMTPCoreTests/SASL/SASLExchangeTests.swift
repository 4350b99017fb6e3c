import ProcessSupport
import SMTPTLS
import Testing

@testable import SMTPCore

@Suite("SASL exchanges", .timed)
struct SASLExchangeTests {
    static let binding = ChannelBinding(kind: .tlsExporter, data: Array(repeating: 7, count: 32))

    static var dialogue: SASLDialogue {
        var dialogue = SASLDialogue()
        dialogue.server = serverSurroundings(bindings: [binding], offersBinding: true, subject: "CN=alice")
        dialogue.client = clientSurroundings(binding: binding, isBindingOffered: true)
        return dialogue
    }

    @Test(arguments: SASLMechanism.allCases, [true, false])
    func `the right secret succeeds`(mechanism: SASLMechanism, withInitialResponse: Bool) throws {
        let sendsFirst = withInitialResponse && mechanism.clientSpeaksFirst
        let result = try Self.dialogue.run(mechanism, withInitialResponse: sendsFirst)
        let user = mechanism == .external ? "CN=alice" : "alice"
        #expect(result == .init(end: .success(user: user), isServerProved: true, clientFailure: nil))
    }

    @Test(arguments: SASLMechanism.allCases.filter { $0 != .external })
    func `a wrong secret is refused`(mechanism: SASLMechanism) throws {
        var dialogue = Self.dialogue
        dialogue.clientPassword = "wonder,land=2"
        #expect(try dialogue.run(mechanism).end == .failure(.refused))
    }

    @Test(arguments: SASLMechanism.allCases.filter { $0 != .external })
    func `a user who does not exist is refused alike`(mechanism: SASLMechanism) throws {
        var dialogue = Self.dialogue
        dialogue.clientUser = "bob"
        #expect(try dialogue.run(mechanism).end == .failure(.refused))
    }

    @Test
    func `names with commas and equals signs pass`() throws {
        var dialogue = Self.dialogue
        dialogue.user = "a=b,c"
        dialogue.clientUser = "a=b,c"
        dialogue.actingAs = "d,=e"
        #expect(try dialogue.run(.scramSHA256).end == .success(user: "d,=e"))
    }

    @Test(arguments: [SASLMechanism.scramSHA1Plus, .scramSHA256Plus])
    func `another connection's binding is refused`(mechanism: SASLMechanism) throws {
        var dialogue = Self.dialogue
        dialogue.client.channelBinding?.data[0] ^= 1
        #expect(try dialogue.run(mechanism).end == .failure(.refused))
    }

    @Test
    func `a client that did not see the offer of binding is warned of`() throws {
        var dialogue = Self.dialogue
        dialogue.client.isBindingOffered = false
        guard case .failure(let failure) = try dialogue.run(.scramSHA256).end, failure.code == .notAuthentic else {
            Issue.record("the downgrade was not noticed")
            return
        }
    }

    @Test
    func `without TLS there is nothing to bind to`() throws {
        var dialogue = Self.dialogue
        dialogue.client.channelBinding = nil
        #expect(throws: SASLFailure.self) { try dialogue.run(.scramSHA256Plus) }
    }

    @Test
    func `unknown users get the same salt each time, and one unlike the known`() throws {
        func salt(_ user: String, _ answer: SASLAnswer) -> [UInt8]? {
            var server = SASLServerExchange(.scramSHA256, serverSurroundings())
            _ = server.begin(initialResponse: octets("n,,n=\(user),r=abc"))
            guard case .challenge(let challenge) = server.answer(answer) else { return nil }
            return SCRAMMessage(challenge[...])?.value(1, "s").map { Array($0) }
        }
        let unknown = try #require(salt("bob", .refused))
        #expect(unknown == salt("bob", .refused))
        #expect(unknown.count == salt("alice", .password(Secret("x")))?.count)
        #expect(unknown != salt("alice", .password(Secret("x"))))
    }

    @Test
    func `a server that does not know the password is found out`() throws {
        var client = try SASLClientExchange(
            .scramSHA256,
            .init(user: "alice", secret: Secret("secret")),
            clientSurroundings()
        )
        let first = client.initialResponse() ?? []
        let nonce = String(decoding: first, as: UTF8.self).split(separator: "r=").last ?? ""
        guard case .response = client.step(octets("r=\(nonce)x,s=QSXCR+Q6sek8bf92,i=4096")) else {
            Issue.record("no response")
            return
        }
        #expect(throws: SASLFailure.self) { try client.conclude() }
        let forged = octets("v=") + Base64.encode([UInt8](repeating: 0, count: 32))
        guard case .cancel(let failure) = client.step(forged), failure.code == .notAuthentic else {
            Issue.record("a forged signature was believed")
            return
        }
    }

    @Test(arguments: [
        "r=other,s=QSXCR+Q6sek8bf92,i=4096", "r=NONCEx,s=,i=4096", "r=NONCEx,s=QSXCR+Q6sek8bf92,i=0",
        "r=NONCEx,s=QSXCR+Q6sek8bf92,i=99999999999999999999", "r=NONCEx,s=QSXCR+Q6sek8bf92,i=-1",
        "r=NONCE,s=QSXCR+Q6sek8bf92,i=4096", "m=x,r=NONCEx,s=QSXCR+Q6sek8bf92,i=4096", "e=other-error", ",,,", "=",
        "r=NONCEx,s=QSXCR+Q6sek8bf92,i=2000001",
    ])
    func `a malformed challenge cancels`(challenge: String) throws {
        var client = try SCRAMClient(
            .sha256,
            bindsChannel: false,
            .init(user: "alice", secret: Secret("secret")),
            clientSurroundings(),
            nonce: octets("NONCE")
        )
        _ = client.initialResponse()
        guard case .cancel = client.step(octets(challenge)) else {
            Issue.record("\(challenge) was answered")
            return
        }
    }

    @Test
    func `without a certificate EXTERNAL is refused`() throws {
        var dialogue = Self.dialogue
        dialogue.server.clientSubject = nil
        #expect(try dialogue.run(.external).end == .failure(.refused))
    }
}
