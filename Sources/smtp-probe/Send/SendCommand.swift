import ArgumentParser
import CommandLineSupport
import Glibc
import SMTPKit

/// `smtp-probe send`: one transaction.
struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send one message, or go as far towards that as you say.",
        usage: """
            smtp-probe send [options] --to ADDRESS TARGET
            smtp-probe send --dump [options]
            """,
        discussion: """
            Each step is shown on standard output, and the exit status tells at which one it ended. Text of options may come \
            from @FILE or - (standard input).
            """
    )

    @OptionGroup(title: "Envelope")
    var envelope: EnvelopeOptions
    @OptionGroup(title: "Message")
    var message: MessageOptions
    @OptionGroup(title: "Transfer")
    var transfer: TransferOptions
    @OptionGroup
    var common: CommonOptions

    @Argument(help: TargetArgument.help, transform: TargetArgument.parse)
    var target: Target?

    mutating func validate() throws {
        if target == nil, !transfer.dump { throw ValidationError("TARGET is missing: where is the message to go?") }
        if transfer.nagios, common.output.json {
            throw ValidationError("--nagios and --json contradict each other; give one of them")
        }
        let needsRecipient = !transfer.dump && transfer.end.map { SendStage.rcpt.isReached(by: $0) } != false
        if needsRecipient, (envelope.to + envelope.cc + envelope.bcc).isEmpty {
            throw ValidationError("--to is missing: whom is the message for?")
        }
        let inputs =
            envelope.to + envelope.cc + envelope.bcc + message.header
            + [envelope.from, message.subject, message.body, message.data].compactMap { $0 }
        if inputs.count(where: \.isStandardInput) > 1 {
            throw ValidationError("standard input (-) can be read for one option only")
        }
        let authentication = common.authentication
        let hasPassword =
            authentication.password != nil || authentication.passwordFile != nil
            || authentication.passwordDescriptor != nil
        if authentication.user != nil, !hasPassword, authentication.mechanism != .external {
            throw ValidationError("--auth-user needs a password, best from --auth-password-file")
        }
    }

    mutating func run() throws {
        let dialogue = try Dialogue(common.connection)
        let record = DialogueRecord()
        guard let target else { return try SendPlan(self).dump() }
        let run = SendRun(self, dialogue, record, isSilent ? nil : DialoguePrinter(common.output))
        let report: SendReport
        do {
            // Everything that can be wrong on this side is found out before anything is connected to.
            let plan = try SendPlan(self)
            if transfer.dump { return try plan.dump() }
            report = SendReport(run, run.run(plan, try SendRoute(self, target)), target)
        } catch let interruption as Dialogue.Interruption {
            report = SendReport(run, ProbeOutcome(interruption, nil), target)
        }
        report.write()
        Glibc.exit(report.code)
    }

    /// Whether the dialogue is not shown.
    private var isSilent: Bool { common.output.json || common.output.quiet || transfer.nagios }
}

extension SendCommand: UsageReporting {
    static func report(usage reason: String, _ arguments: [String]) -> Int32? {
        if arguments.contains("--nagios") {
            try? Descriptor.write("\(NagiosLine.line(.unknown, reason))\n", to: 1)
            return NagiosLine.State.unknown.rawValue
        }
        return ProbeDocument.report(usage: reason, arguments)
    }
}
