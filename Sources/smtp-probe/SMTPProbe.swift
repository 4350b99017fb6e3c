import ArgumentParser
import CommandLineSupport
import Glibc

/// The command line of `smtp-probe` without a subcommand: the shell, and its language in a script.
struct SMTPProbe: ParsableCommand {
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
        version: "0.1.0",
        // Further ones are added here: Main finds them, and manual page and completions list them.
        subcommands: [SendCommand.self]
    )

    @OptionGroup(title: "Script")
    var script: ScriptOptions
    @OptionGroup
    var common: CommonOptions

    @Argument(help: TargetArgument.help, transform: TargetArgument.parse)
    var target: Target?

    mutating func run() throws {
        let isInteractive = script.command.isEmpty && script.file == nil && isatty(0) == 1 && isatty(1) == 1
        let console = Console(common.output, isInteractive: isInteractive)
        throw run(console, isInteractive: isInteractive)
    }

    private func run(_ console: Console, isInteractive: Bool) -> ExitStatus {
        do {
            let signals = try SignalPipe.open([SIGINT, SIGTERM, SIGHUP])
            let dialogue = Dialogue(timeouts: common.connection.timeouts, signals: signals)
            let interpreter = Interpreter(
                dialogue: dialogue, console: console, common: common, keepsGoing: script.keepGoing)
            interpreter.target = target
            if isInteractive {
                try Shell(interpreter).run()
            } else {
                try Batch(interpreter, script).run()
            }
            return interpreter.failure?.status ?? .done
        } catch let failure as Failure {
            console.complain(SafeText.visible(failure.text))
            return failure.status
        } catch Dialogue.Interruption.ended(let signal) {
            return signal == SIGTERM ? .terminated : .hungUp
        } catch is Dialogue.Interruption {
            return .interrupted
        } catch {
            console.complain(SafeText.visible("\(error)"))
            return ExitStatus(error)
        }
    }
}
