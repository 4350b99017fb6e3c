import ArgumentParser
import CommandLineSupport
import Glibc
import SMTPKit

/// The command line of `smtp-probe` without a subcommand: the shell, and its language in a script.
struct SMTPProbe: ParsableCommand, HasCommonOptions {
    /// The name and the version.
    static let version = "smtp-probe \(SMTPKitVersion.current)"

    static let configuration = CommandConfiguration(
        commandName: "smtp-probe",
        abstract: "Talk to an SMTP server, by hand or from a script.",
        usage: """
            smtp-probe [options] [TARGET]
            smtp-probe [options] -c LINE ... TARGET
            smtp-probe [options] -f FILE TARGET
            """,
        discussion: """
            Lines go to the server as they are; what begins with a colon is for smtp-probe itself, and :help lists it. \
            On a terminal the line can be edited; from a pipe, a file or -c the same language is a script.
            """,
        version: version,
        // Further ones are added here: Main finds them, and manual page and completions list them.
        subcommands: [SendCommand.self, CheckCommand.self, LoadCommand.self]
    )

    @OptionGroup(title: "Script")
    var script: ScriptOptions
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

    /// Whether a user types lines at a terminal.
    private var isInteractive: Bool { script.command.isEmpty && script.file == nil && isatty(0) == 1 && isatty(1) == 1 }

    mutating func validate() throws {
        if output.json, isInteractive {
            throw ValidationError("--json is for scripts: give lines with -c, -f or on standard input")
        }
    }

    mutating func run() throws {
        authentication.warn(output)
        let isInteractive = isInteractive
        // The document alone goes to standard output; what commands show, those of the system too, to standard error.
        let documents = output.json ? try StandardOutput.setAside() : nil
        let console = Console(output, isInteractive: isInteractive)
        let dialogue = try Dialogue(connection)
        let interpreter = Interpreter(
            dialogue: dialogue, console: console, common: common, keepsGoing: script.keepGoing)
        interpreter.target = target
        let record = documents.map { _ in
            ScriptRecord(dialogue, isLMTP: { [unowned interpreter] in interpreter.target?.scheme == .lmtp })
        }
        let outcome = outcome(of: interpreter, isInteractive: isInteractive)
        SignalPipe.finish()
        if let record, let documents {
            let mode = interpreter.target.flatMap { tls.mode(for: $0) }
            let document = record.document(outcome, interpreter.target, mode, mx: connection.mx)
            guard StandardOutput.write(document.text, to: documents) else { throw ExitStatus.usage }
        }
        throw outcome.status
    }

    private func outcome(of interpreter: Interpreter, isInteractive: Bool) -> ProbeOutcome {
        do {
            if isInteractive {
                try Shell(interpreter).run()
            } else {
                try Batch(interpreter, script).run()
            }
            return interpreter.failure.map { ProbeOutcome($0) } ?? .done
        } catch let failure as Failure {
            interpreter.console.complain(SafeText.visible(failure.message))
            return ProbeOutcome(failure)
        } catch let interruption as Dialogue.Interruption {
            return ProbeOutcome(interruption, interpreter.dialogue.stageName)
        } catch {
            interpreter.console.complain(SafeText.visible("\(error)"))
            return ProbeOutcome(status: ExitStatus(error), stage: nil, reason: "\(error)")
        }
    }
}

extension SMTPProbe: UsageReporting {
    static func report(usage reason: String, _ arguments: [String]) -> Int32? {
        ProbeDocument.report(usage: reason, arguments)
    }
}
