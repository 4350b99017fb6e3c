import ProcessSupport
import SMTPTLS
import Testing

@testable import SMTPCore

@Suite("SASL, the vectors of the RFCs", .timed)
struct SASLVectorTests {
    @Test
    func `CRAM-MD5, RFC 2195, section 2`() throws {
        let challenge = octets("<1896.697170952@postoffice.reston.mci.net>")
        let response = octets("tim b913a602c7eda7a495b4e6e7334d3890")
        var client = CRAMMD5Client(.init(user: "tim", secret: Secret("tanstaaftanstaaf")), cryptography)
        #expect(client.step(challenge) == .response(response))

        var server = CRAMMD5Server(serverSurroundings(), challenge: challenge)
        #expect(server.begin(nil) == .challenge(challenge))
        #expect(server.step(response) == .verify(.secret(user: "tim", actingAs: nil, .cramMD5)))
        #expect(server.answer(.password(Secret("tanstaaftanstaaf"))) == .success(user: "tim"))
    }

    struct SCRAMVector: Sendable {
        var function: SASLHash
        var mechanism: SASLMechanism
        var clientNonce: String
        var serverNonce: String
        var salt: String
        var proof: String
        var signature: String
    }

    static let vectors = [
        // RFC 5802, section 5.
        SCRAMVector(
            function: .sha1,
            mechanism: .scramSHA1,
            clientNonce: "fyko+d2lbbFgONRv9qkxdawL",
            serverNonce: "3rfcNHYJY1ZVvWVs7j",
            salt: "QSXCR+Q6sek8bf92",
            proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            signature: "rmF9pqV8S7suAoZWja4dJRkFsKQ="
        ),
        // RFC 7677, section 3.
        SCRAMVector(
            function: .sha256,
            mechanism: .scramSHA256,
            clientNonce: "rOprNGfwEbeRWgbNEkqO",
            serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
            salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
            proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            signature: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        ),
    ]

    @Test(arguments: vectors)
    func `SCRAM, both ends`(vector: SCRAMVector) throws {
        let clientFirst = octets("n,,n=user,r=\(vector.clientNonce)")
        let serverFirst = octets("r=\(vector.clientNonce)\(vector.serverNonce),s=\(vector.salt),i=4096")
        let clientFinal = octets("c=biws,r=\(vector.clientNonce)\(vector.serverNonce),p=\(vector.proof)")
        let serverFinal = octets("v=\(vector.signature)")

        var client = try SCRAMClient(
            vector.function,
            bindsChannel: false,
            .init(user: "user", secret: Secret("pencil")),
            clientSurroundings(),
            nonce: octets(vector.clientNonce)
        )
        #expect(client.initialResponse() == clientFirst)
        #expect(client.step(serverFirst) == .response(clientFinal))
        #expect(!client.isProved)
        #expect(client.step(serverFinal) == .response([]))
        #expect(client.isProved)

        var server = SCRAMServer(
            vector.function,
            bindsChannel: false,
            serverSurroundings(),
            nonce: octets(vector.serverNonce)
        )
        let salt = try #require(Base64.decode(octets(vector.salt)))
        let keys = SCRAMKeys(vector.function, password: Secret("pencil"), salt: salt, iterations: 4096, cryptography)
        #expect(server.begin(clientFirst) == .verify(.secret(user: "user", actingAs: nil, vector.mechanism)))
        #expect(server.answer(.keys(keys)) == .challenge(serverFirst))
        #expect(server.step(clientFinal) == .challenge(serverFinal))
        #expect(server.step([]) == .success(user: "user"))
    }

    @Test
    func `OAUTHBEARER, RFC 7628, section 4`() throws {
        let token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
        let message = octets(
            "n,a=user@example.com,\u{1}host=server.example.com\u{1}port=143\u{1}auth=Bearer \(token)\u{1}\u{1}"
        )
        var client = try SASLClientExchange(
            .oauthBearer,
            .init(user: "user@example.com", secret: Secret(token)),
            clientSurroundings()
        )
        #expect(client.initialResponse() == message)
        var server = SASLServerExchange(.oauthBearer, serverSurroundings())
        #expect(
            server.begin(initialResponse: message) == .verify(.token(user: "user@example.com", Secret(token)))
        )
        #expect(server.answer(.accepted) == .success(user: "user@example.com"))
    }

    /// RFC 4616, section 4.
    @Test
    func `PLAIN, RFC 4616, section 4`() {
        var server = SASLServerExchange(.plain, serverSurroundings())
        #expect(server.begin(initialResponse: nil) == .challenge([]))
        let question = SASLQuestion.password(user: "Kurt", actingAs: "Ursel", Secret("xipj3plmq"))
        #expect(server.step(octets("Ursel\0Kurt\0xipj3plmq")) == .verify(question))
        #expect(server.answer(.accepted) == .success(user: "Ursel"))
    }
}
