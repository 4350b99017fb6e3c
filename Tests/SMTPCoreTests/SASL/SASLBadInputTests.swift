import ProcessSupport
import SMTPTLS
import Testing

@testable import SMTPCore

@Suite("SASL, bad input", .timed)
struct SASLBadInputTests {
    static let nasty: [[UInt8]] = [
        [], [0], [0, 0], [0, 0, 0], [0, 0, 0, 0], [0xFF, 0, 0xFE, 0, 0xFD], [1], [1, 1], octets("="), octets(","),
        octets(",,"), octets(",,,"), octets("n,,"), octets("n,,n=,r="), octets("n,,n==,r=a"), octets("n,,n=a=2,r=a"),
        octets("p=,,n=a,r=b"), octets("p=tls-unique,,n=a,r=b"), octets("n,a=,n=a,r=b"), octets("n,,m=x,n=a,r=b"),
        octets("n,,\u{1}auth=Bearer x\u{1}"), octets("user=\u{1}auth=Bearer x\u{1}\u{1}"),
        octets("user=a\u{1}auth=Basic x\u{1}\u{1}"), octets("user=a\u{1}auth=Bearer \u{1}\u{1}"),
        octets("user=a\u{1}nothing\u{1}\u{1}"), octets(" 0123456789abcdef0123456789abcdef"), octets("a b"),
        octets("\0alice\0"), octets("\0\0secret"), octets("alice\0secret"), octets("\0alice\0sec\0ret"),
        [UInt8](repeating: 0, count: 1 << 20), [UInt8](repeating: UInt8(ascii: ","), count: 1 << 20),
        [UInt8](repeating: 1, count: 1 << 20), [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20),
    ]

    @Test(arguments: SASLMechanism.allCases)
    func `nothing that a client sends succeeds by chance or does harm`(mechanism: SASLMechanism) {
        for first in Self.nasty {
            for second in Self.nasty.prefix(first.count > 1000 ? 1 : 20) {
                var server = SASLServerExchange(mechanism, serverSurroundings())
                var step = server.begin(initialResponse: mechanism == .cramMD5 ? nil : first)
                for _ in 0..<3 {
                    switch step {
                    case .challenge: step = server.step(second)
                    case .verify: step = server.answer(.refused)
                    case .failure: step = server.step(second)
                    case .success: Issue.record("\(mechanism) let \(first.prefix(20)) in")
                    }
                }
            }
        }
    }

    @Test(arguments: ["\0\0\0", "\0alice\0sec\0ret", "alice", "", "\0\0secret"])
    func `PLAIN needs two NULs with a user between them`(response: String) {
        var server = SASLServerExchange(.plain, serverSurroundings())
        guard case .failure(let failure) = server.begin(initialResponse: octets(response)), failure.code == .malformed
        else {
            Issue.record("not refused")
            return
        }
        #expect(server.step(octets("\0alice\0secret")) == .failure(.outOfOrder))
        #expect(server.answer(.accepted) == .failure(.outOfOrder))
    }

    @Test(arguments: [SASLMechanism.xoauth2, .oauthBearer])
    func `a user or token that would divide the fields is refused`(mechanism: SASLMechanism) {
        for (user, token) in [("a\u{1}user=b", "t"), ("a", "t\u{1}user=b")] {
            let credentials = SASLCredentials(user: user, secret: Secret(token))
            #expect(throws: SASLFailure.self) {
                () throws in _ = try SASLClientExchange(mechanism, credentials, clientSurroundings())
            }
        }
    }

    @Test
    func `an answer without a question changes nothing`() {
        for mechanism in SASLMechanism.allCases {
            var server = SASLServerExchange(mechanism, serverSurroundings(subject: "CN=a"))
            #expect(server.answer(.accepted) == .failure(.outOfOrder))
        }
    }

    @Test
    func `SCRAM cannot be answered without the secret`() {
        var server = SASLServerExchange(.scramSHA256, serverSurroundings())
        _ = server.begin(initialResponse: octets("n,,n=alice,r=abc"))
        guard case .challenge(let challenge) = server.answer(.accepted),
            let nonce = SCRAMMessage(challenge[...])?.value(0, "r")
        else {
            Issue.record("no challenge")
            return
        }
        let proof = Base64.encode([UInt8](repeating: 0, count: 32))
        #expect(server.step(octets("c=biws,r=") + nonce + octets(",p=") + proof) == .failure(.refused))
    }

    @Test
    func `secrets are in no description and no dump`() throws {
        let secret = "hunter2-wonderland"
        let credentials = SASLClientExchange.Credentials(user: "alice", secret: Secret(secret))
        var server = SASLServerExchange(.plain, serverSurroundings())
        let step = server.begin(initialResponse: octets("\0alice\0" + secret))
        let keys = SCRAMKeys(.sha256, password: Secret(secret), salt: [1], iterations: 1, cryptography)
        var values: [Any] = [credentials, server, step, Secret(secret), keys, SASLAnswer.password(Secret(secret))]
        for mechanism in SASLMechanism.allCases where !mechanism.bindsChannel {
            values.append(try SASLClientExchange(mechanism, credentials, clientSurroundings()))
        }
        let encoded = String(decoding: Base64.encode(octets(secret)), as: UTF8.self)
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains(secret) && !text.contains(encoded))
                #expect(!text.contains(octets(secret).map { String($0) }.joined(separator: ", ")))
                #expect(!text.contains("- \(octets(secret)[0])\n"))
            }
        }
    }

    @Test(arguments: [
        ("plain", SASLMechanism.plain), ("Scram-Sha-256-Plus", .scramSHA256Plus), ("cram-md5", .cramMD5),
    ])
    func `mechanisms are found in any case`(name: String, mechanism: SASLMechanism) {
        #expect(SASLMechanism(name: name) == mechanism)
    }

    @Test(arguments: ["", "PLAIN ", "GSSAPI", "SCRAM-SHA-512"])
    func `unknown mechanisms are not`(name: String) {
        #expect(SASLMechanism(name: name) == nil)
    }
}
