import ProcessSupport
import SMTPCore
import Testing

@Suite("Explanations", .timed)
struct CodeExplanationTests {
    private func explain(_ text: String, from provider: String? = nil) throws -> CodeExplanation {
        let query: CodeQuery
        if let exact = try? CodeQuery(exactly: text) {
            query = exact
        } else {
            query = try #require(CodePicker.pick(in: text)?.query)
        }
        return StatusRegistry.explain(query, in: text, from: provider.map(StatusRegistry.providers(named:)))
    }

    @Test(arguments: [
        ("5.7.1", "5.7.1  permanent  Delivery not authorized, message refused"),
        ("X.7.1", "X.7.1  permanent  Delivery not authorized, message refused"),
        ("X.2.2", "X.2.2  transient  Mailbox full"),
        ("X.0.0", "X.0.0  success/transient/permanent  Other undefined Status"),
        ("5.7", "5.7.x  permanent  Security or Policy Status"),
        ("5xx", "5xx  permanent  Permanent Failure"),
        ("3xx", "3xx  intermediate  Positive intermediate reply"),
        ("550", "550  permanent  Mailbox unavailable"),
        ("550 5.1.1", "550 5.1.1  permanent  Bad destination mailbox address"),
        ("5.1.99", "5.1.99  permanent  Addressing Status (unregistered detail)"),
        ("5.9.1", "5.9.1  permanent  Permanent Failure (unknown subject)"),
        ("X.9.1", "X.9.1  any  No class given (unknown subject)"),
        ("599", "599  permanent  Permanent Failure (unknown code)"),
        ("EX_TEMPFAIL", "EX_TEMPFAIL  transient  A passing failure: try again"),
    ])
    func `the first line is complete in itself`(text: String, summary: String) throws {
        #expect(try explain(text).summary == summary)
    }

    @Test(arguments: [
        ("5.1.1", CodeExplanation.Match.registered), ("5.1.99", .subject), ("5.99.1", .class), ("550", .registered),
        ("598", .class), ("4.7.650", .subject), ("2.8.0", .class),
    ])
    func `the fallback has three steps and says which`(text: String, match: CodeExplanation.Match) throws {
        #expect(try explain(text).match == match)
    }

    @Test func `every well-formed status has an explanation of its own class`() {
        for kind in EnhancedStatus.Class.allCases {
            for subject in UInt16(0)...9 {
                for detail in UInt16(0)...40 {
                    let explanation = StatusRegistry.explain(EnhancedStatus(kind, .init(subject, detail)))
                    #expect(explanation.severity == kind.severity)
                    #expect(!explanation.name.isEmpty && !explanation.meaning.isEmpty && !explanation.advice.isEmpty)
                }
            }
        }
    }

    @Test(arguments: [
        ("550 4.1.1", ["contradiction"]), ("250 5.1.1", ["contradiction"]), ("550 5.1.1", []),
        ("550 5.7.8", ["unlisted-basic-code"]), ("354 2.0.0", ["enhanced-code-not-allowed"]),
        ("5.6.10", ["deprecated"]), ("2.1.1", ["unusual-class"]), ("250 2.1.0", []), ("550 5.7.15", []),
        ("451 4.7.15", []), ("450 4.1.1", ["unlisted-basic-code"]), ("4.1.1", []),
    ])
    func `what is odd is said, never refused`(text: String, kinds: [String]) throws {
        let warnings = try explain(text).warnings.map(\.keyword)
        #expect(warnings == kinds)
    }

    @Test func `where the two codes contradict each other the basic code decides`() throws {
        let explanation = try explain("550 4.1.1")
        #expect(explanation.severity == .permanent && explanation.satisfies(.permanent))
        #expect(!explanation.satisfies(.transient) && !explanation.satisfies(.retry))
    }

    @Test(arguments: [
        ("4.2.2", StatusRegistry.Claim.transient, true), ("4.2.2", .retry, true), ("4.2.2", .permanent, false),
        ("5.1.1", .permanent, true), ("5.1.1", .giveUp, true), ("5.1.1", .fix, false), ("5.7.1", .fix, true),
        ("2.0.0", .success, true), ("2.0.0", .retry, false), ("354", .success, false), ("550", .giveUp, true),
        ("5xx", .permanent, true), ("4xx", .retry, true), ("X.0.0", .permanent, false), ("X.7.1", .permanent, true),
        ("4.4.6", .fix, true), ("5.9.9", .giveUp, true), ("101", .permanent, false),
    ])
    func `a claim about a code is true or false`(text: String, claim: StatusRegistry.Claim, holds: Bool) throws {
        #expect(try explain(text).satisfies(claim) == holds)
    }
}
