import CommandLineSupport
import SMTPKit
import Testing

@testable import smtpd_lite

@Suite("Fault rules")
struct FaultRuleTests {
    @Test(
        arguments: [
            (
                "rcpt=450",
                Interception(reply: Reply(450, .transient(.otherOrUndefinedMailSystemStatus), "Fault as asked for"))
            ),
            (
                "mail=550 5.1.1 No such user",
                Interception(reply: Reply(550, .permanent(.badDestinationMailboxAddress), "No such user"))
            ),
            ("mail=550 Go away\\, please", Interception(reply: Reply(550, nil, "Go away, please"))),
            ("connect=drop", Interception(ending: .drop)), ("helo=reset", Interception(ending: .reset)),
            ("data=stall", Interception(ending: .stall)), ("dot=delay:2s", Interception(delay: .seconds(2))),
            ("noop=slow:10/s", Interception(form: .slow(pause: .milliseconds(100)))),
            ("QUIT=truncate", Interception(form: .truncated)), ("vrfy=garble", Interception(form: .garbled)),
            ("body=after:64K,drop", Interception(after: 65_536, ending: .drop)),
            (
                "body=delay:1s,550 No,drop",
                Interception(delay: .seconds(1), reply: Reply(550, nil, "No"), ending: .drop)
            ),
        ] as [(String, Interception)])
    func `actions are read`(text: String, interception: Interception) throws {
        let rule = try FaultRule.parse(text)
        #expect(rule.interception == interception)
        #expect(rule.selector == .always && rule.pattern == nil)
    }

    @Test(
        arguments: [
            ("rcpt#3=450", FaultSelector.only(3), nil), ("rcpt#2+=450", .from(2), nil), ("rcpt#/5=450", .every(5), nil),
            ("rcpt#10%=450", .odds(10), nil), ("rcpt~bob=450", .always, "bob"),
            ("rcpt~^a=b@#4=450 x=y", .only(4), "^a=b@"),
            ("rcpt~a[#]b=450", .always, "a[#]b"), ("rcpt~a=45b#2+=drop", .from(2), "a=45b"),
        ] as [(String, FaultSelector, String?)])
    func `conditions are read`(text: String, selector: FaultSelector, pattern: String?) throws {
        let rule = try FaultRule.parse(text)
        #expect(rule.selector == selector && rule.pattern?.text == pattern)
    }

    /// Rules that are wrong, and what has to be said of them.
    static let wrong: [(String, String)] = [
        ("", "begins with one of connect"), ("foo=450", "begins with one of connect helo starttls"),
        ("rcpt", "an action is missing"), ("rcpt=", "is no action"), ("rcpt#x=450", "#3, #2+, #/5 or #10%"),
        ("rcpt#0=450", "#3, #2+"), ("rcpt#101%=450", "#3, #2+"), ("rcpt~a(=450", "is no regular expression"),
        ("rcpt~(a)\\1=450", "back-reference"), ("rcpt~=450", "regular expression is missing"),
        ("rset~x=450", "rset has no argument"), ("quit~x=drop", "quit has no argument"),
        ("rcpt!x=450", "cannot stand behind rcpt"), ("rcpt=450,550", "'450' and '550' contradict"),
        ("rcpt=drop,reset", "'drop' and 'reset' contradict"), ("rcpt=delay:2d", "h, m, s or ms"),
        ("rcpt=slow:10", "a rate is"), ("rcpt=slow", "a rate is"), ("rcpt=after:1K,drop", "stage body"),
        ("body=after:x,drop", "K, M or G"), ("body=after:1K", "needs an action"), ("body=truncate", "needs a reply"),
        ("body=250 ok", "4yz or 5yz"), ("rcpt=truncate,drop", "closes by itself"),
        ("rcpt=garble,drop", "needs a reply"),
        ("rcpt=99", "from 200 to 599"), ("rcpt=600 x", "from 200 to 599"),
        ("rcpt=450 5.1.1 x", "contradicts the code 450"),
        ("rcpt=drop:1", "has no value"), ("rcpt=550 No, thanks", "' thanks' is no action"),
    ]

    @Test(arguments: wrong)
    func `what is no rule is refused with its reason`(text: String, reason: String) {
        let error = #expect(throws: ValueError.self) { try FaultRule.parse(text) }
        #expect(error?.description.contains(reason) == true, "\(error as Any)")
    }

    private static func times(_ rule: String, seed: UInt64 = 7) throws -> [Int] {
        let plan = FaultPlan([try FaultRule.parse(rule)], seed: seed)
        return (1...20).filter { _ in plan.interception(of: DialogueStep(.noop)) != nil }
    }

    @Test func `selectors choose times`() throws {
        #expect(try Self.times("noop=450").count == 20)
        #expect(try Self.times("noop#3=450") == [3])
        #expect(try Self.times("noop#18+=450") == [18, 19, 20])
        #expect(try Self.times("noop#/6=450") == [6, 12, 18])
        #expect(try Self.times("noop#100%=450").count == 20)
        #expect(try Self.times("rset=450") == [])
    }

    @Test func `odds are the same with the same seed, and others with another`() throws {
        let first = try Self.times("noop#50%=450", seed: 1)
        #expect(try Self.times("noop#50%=450", seed: 1) == first)
        #expect(try (2...6).contains { try Self.times("noop#50%=450", seed: $0) != first })
        let plan = FaultPlan([try FaultRule.parse("noop#10%=450")], seed: 3)
        let count = (0..<10_000).count { _ in plan.interception(of: DialogueStep(.noop)) != nil }
        #expect(900...1_100 ~= count)
    }

    @Test func `the first rule whose time it is decides, and all count`() throws {
        let plan = FaultPlan(try ["noop#2=450", "noop#2+=550"].map(FaultRule.parse), seed: 0)
        let codes = (0..<3).map { _ in plan.interception(of: DialogueStep(.noop))?.reply?.code.rawValue }
        #expect(codes == [nil, 450, 550])
    }

    @Test(
        arguments: [
            ("rcpt~^bob@", "TO:<bob@example.org> NOTIFY=NEVER", true),
            ("rcpt~NOTIFY", "TO:<bob@example.org> NOTIFY=NEVER", true),
            ("rcpt~^bob@.*org$", "TO: <bob@example.org>", true), ("rcpt~bob", "TO:<BOB@example.org>", false),
            ("rcpt~(?i)bob", "TO:<BOB@example.org>", true), ("mail~^$", "FROM:<>", true),
            ("mail~^$", "FROM:<a@b>", false),
        ])
    func `addresses are matched without their brackets, and arguments whole`(rule: String, argument: String, isIt: Bool)
        throws
    {
        let rule = try FaultRule.parse("\(rule)=450")
        #expect(rule.concerns(DialogueStep(rule.stage, argument: argument)) == isIt)
    }

}
