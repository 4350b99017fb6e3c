import SMTPCore
import Testing

@Suite("Command rules")
struct CommandRulesTests {
    /// The commands that may go on in each phase; the table of RFC 5321, section 4.1.4, once more.
    private static let allowed: [(SessionPhase, Set<Verb>)] = [
        (.refused, [.quit]),
        (.greeted, [.helo, .ehlo, .rset, .noop, .quit, .vrfy, .expn, .help]),
        (.ready, [.helo, .ehlo, .mail, .rset, .noop, .quit, .vrfy, .expn, .help]),
        (.mail, [.helo, .ehlo, .rcpt, .rset, .noop, .quit, .vrfy, .expn, .help]),
        (.recipients, [.helo, .ehlo, .rcpt, .data, .rset, .noop, .quit, .vrfy, .expn, .help]),
    ]

    @Test(arguments: allowed)
    func `each command has its places`(phase: SessionPhase, verbs: Set<Verb>) {
        for verb in Verb.allCases {
            #expect((CommandRules.refusal(of: verb, in: phase) == nil) == verbs.contains(verb), "\(verb) in \(phase)")
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
