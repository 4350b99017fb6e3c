import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Options that inject faults, so that clients can be tested with them.
struct FaultOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Do something wrong: STAGE[~REGEX][#SELECTOR]=ACTION[,ACTION...]; may be given several times.",
            discussion: "For example rcpt#3=450, dot~bob@=552 5.2.2 Full, body=after:64K,drop or connect#10%=421.",
            valueName: "rule"),
        transform: FaultRule.parse)
    var fault: [FaultRule] = []

    @Option(
        help: ArgumentHelp(
            "Where the odds of faults begin: the same number gives the same faults. (default: another each time)",
            valueName: "n"),
        transform: Self.parseSeed)
    var seed: UInt64?

    mutating func validate() throws {
        if seed != nil, fault.isEmpty { throw ValidationError("--seed needs --fault, whose odds it is for") }
    }

    /// Returns the interceptor of dialogues, or `nil` when there is no fault to inject.
    ///
    /// - Parameter rate: the limit on messages, if there is one.
    func interceptor(rate: Rate?) -> Interceptor? {
        let limit = rate.map(RateLimit.init)
        let plan = FaultPlan(fault, seed: seed ?? .random(in: 0...UInt64(UInt32.max)))
        let stages = plan.stages.union(limit == nil ? [] : [.mail])
        guard !stages.isEmpty else { return nil }
        return Interceptor(stages) { step, _ in
            if step.stage == .mail, limit?.admits() == false { return Interception(reply: RateLimit.refusal) }
            return plan.interception(of: step)
        }
    }

    private static func parseSeed(_ text: String) throws -> UInt64 {
        guard let number = WholeNumber.parse(text) else {
            throw ValueError("a whole number from 0 to 9223372036854775807 is wanted")
        }
        return UInt64(number)
    }
}
