import ArgumentParser
import CommandLineSupport
import Glibc
import SMTPKit

/// `smtp-probe send`: one transaction.
struct SendCommand: ParsableCommand, HasCommonOptions {
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
            """,
        version: SMTPProbe.version
    )

    @OptionGroup(title: "Envelope")
    var envelope: EnvelopeOptions
    @OptionGroup(title: "Message")
    var message: MessageOptions
    @OptionGroup(title: "Transfer")
    var transfer: TransferOptions
    @OptionGroup(title: "Server and login")
    var server: ServerOptions
    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions
    @OptionGroup(title: "TLS")
    var tls: TLSOptions
    @OptionGroup(title: "Authentication")
    var authentication: AuthenticationOptions
    @OptionGroup(title: "Output")
    var output: OutputOptions

    @Argument(help: TargetArgument.help, transform: TargetArgument.parse)
    var target: Target?

    mutating func validate() throws {
        if let named = server.server {
            guard target == nil else {
                throw ValidationError("TARGET and --server contradict each other; give one of them")
            }
            target = named
        }
        if target == nil, !transfer.dump {
            let domain = envelope.recipientDomain ?? "example.org"
            throw ValidationError("no server given: add HOST[:PORT], or --mx \(domain) to ask the DNS for it")
        }
        if transfer.nagios, output.json {
            throw ValidationError("--nagios and --json contradict each other; give one of them")
        }
        let needsRecipient = !transfer.dump && transfer.end.map { SendStage.rcpt.isReached(by: $0) } != false
        if needsRecipient, (envelope.to + envelope.cc + envelope.bcc).isEmpty {
            throw ValidationError("no recipient given: add --to ann@example.org")
        }
        if inputs.count(where: \.isStandardInput) > 1 {
            throw ValidationError("standard input (-) can be read for one option only")
        }
        if server.auth, authentication.user == nil, authentication.mechanism != .external, !canAsk {
            throw ValidationError("--auth needs --auth-user, which names the user")
        }
        if authentication.user != nil, authentication.needsPassword, !canAsk {
            throw ValidationError("--auth-user needs a password, best from --auth-password-file")
        }
    }

    /// Whether what is missing can be asked for: there is a terminal, and it is not the message that is typed on it.
    private var canAsk: Bool { !transfer.dump && isatty(0) == 1 && !inputs.contains(where: \.isStandardInput) }

    private var inputs: [InputSource] {
        envelope.to + envelope.cc + envelope.bcc + message.header
            + [envelope.from, message.subject, message.body, message.data].compactMap { $0 }
    }

    /// Asks for the user and the password that the options leave out.
    private mutating func askForCredentials() throws {
        if server.auth, authentication.user == nil, authentication.mechanism != .external {
            authentication.user = String(decoding: try Question.ask("User: ", isHidden: false), as: UTF8.self)
        }
        if let user = authentication.user, authentication.needsPassword {
            let password = try Question.ask("Password of \(SafeText.visible(user)): ", isHidden: true)
            authentication.password = Secret(password)
        }
    }

    mutating func run() throws {
        if transfer.dump {
            // As with every filter, a reader that has seen enough ends it without a word.
            signal(SIGPIPE, SIG_DFL)
            return try SendPlan(self).dump()
        }
        guard let target else { throw ExitStatus.usage }
        authentication.warn(output)
        try askForCredentials()
        let dialogue = try Dialogue(connection)
        let record = DialogueRecord()
        let printer = isSilent ? nil : DialoguePrinter(output)
        let run = SendRun(self, dialogue, record, printer)
        let report: SendReport
        do {
            // Everything that can be wrong on this side is found out before anything is connected to.
            var plan = try SendPlan(self)
            if let printer, output.verbose { plan.onContent = printer.showContent }
            report = SendReport(run, run.run(plan, try SendRoute(self, target)), target)
        } catch let interruption as Dialogue.Interruption {
            report = SendReport(run, ProbeOutcome(interruption, nil), target)
        }
        Glibc.exit(report.write() ? report.code : ExitStatus.usage.code)
    }

    /// Whether the dialogue is not shown.
    private var isSilent: Bool { output.json || output.quiet || transfer.nagios }
}

extension SendCommand: UsageReporting {
    static func report(usage reason: String, _ arguments: [String]) -> Int32? {
        if arguments.contains("--nagios") {
            _ = StandardOutput.write(NagiosLine.line(.unknown, reason))
            return NagiosLine.State.unknown.rawValue
        }
        return ProbeDocument.report(usage: reason, arguments)
    }
}
