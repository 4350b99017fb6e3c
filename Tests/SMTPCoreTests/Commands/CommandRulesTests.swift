import ProcessSupport
import SMTPCore
import Testing

@Suite("Command rules", .timed)
struct CommandRulesTests {
    /// The commands that may go on in each phase; the table of RFC 5321, section 4.1.4, once more.
    private static let allowed: [(SessionPhase, Set<Verb>)] = [
        (.refused, [.quit]),
        (.greeted, [.helo, .ehlo, .rset, .noop, .quit, .vrfy, .expn, .help, .xclient]),
        (.ready, [.helo, .ehlo, .mail, .rset, .noop, .quit, .vrfy, .expn, .help, .xclient]),
        (.mail, [.helo, .ehlo, .rcpt, .rset, .noop, .quit, .vrfy, .expn, .help]),
        (.recipients, [.helo, .ehlo, .rcpt, .data, .bdat, .rset, .noop, .quit, .vrfy, .expn, .help]),
        (.chunks, [.helo, .ehlo, .bdat, .rset, .noop, .quit, .vrfy, .expn, .help]),
    ]

    /// The same, on a server that offers TLS and AUTH.
    private static let offering: SessionSecurity = {
        var security = SessionSecurity()
        security.tls = .offered
        security.offersAuthentication = true
        return security
    }()

    @Test(arguments: SessionPhase.allCases)
    func `STARTTLS and AUTH stand between hello and transaction`(phase: SessionPhase) {
        for verb in [Verb.startTLS, .auth] {
            let refusal = CommandRules.refusal(of: verb, in: phase, Self.offering)
            #expect(phase == .ready ? refusal == nil : refusal?.code == 503)
            #expect(phase == .refused || CommandRules.refusal(of: verb, in: phase)?.code == 502)
        }
    }

    @Test func `STARTTLS and AUTH are for once`() {
        var security = Self.offering
        security.isSecured = true
        security.isAuthenticated = true
        #expect(CommandRules.refusal(of: .startTLS, in: .ready, security) == .tlsActive)
        #expect(CommandRules.refusal(of: .auth, in: .ready, security) == .alreadyAuthenticated)
    }

    @Test func `before TLS that is required, four commands are served`() {
        var security = Self.offering
        security.tls = .required
        for verb in Verb.allCases {
            let refusal = CommandRules.refusal(of: verb, in: .ready, security)
            let isServed = [.ehlo, .noop, .quit, .startTLS].contains(verb)
            #expect((refusal == .startTLSFirst) == (!isServed && verb != .lhlo), "\(verb)")
        }
    }

    @Test(arguments: allowed)
    func `each command has its places`(phase: SessionPhase, verbs: Set<Verb>) {
        for verb in Verb.allCases {
            #expect((CommandRules.refusal(of: verb, in: phase) == nil) == verbs.contains(verb), "\(verb) in \(phase)")
        }
    }

    @Test(arguments: ServerProtocol.allCases)
    func `each protocol has its hellos`(serverProtocol: ServerProtocol) {
        let hellos: Set<Verb> =
            switch serverProtocol {
            case .smtp: [.helo]
            case .esmtp: [.helo, .ehlo]
            case .lmtp: [.lhlo]
            }
        for verb in [Verb.helo, .ehlo, .lhlo] {
            let refusal = CommandRules.refusal(of: verb, in: .greeted, for: serverProtocol)
            #expect(refusal == (hellos.contains(verb) ? nil : .unknownCommand), "\(verb)")
        }
    }

    @Test func `a command out of order is 503, one that is not served 502`() {
        #expect(CommandRules.refusal(of: .mail, in: .greeted)?.code == 503)
        #expect(CommandRules.refusal(of: .mail, in: .mail)?.code == 503)
        #expect(CommandRules.refusal(of: .data, in: .mail)?.code == 503)
        #expect(CommandRules.refusal(of: .noop, in: .refused)?.code == 503)
        #expect(CommandRules.refusal(of: .turn, in: .ready)?.code == 502)
    }
}
