import ArgumentParser

/// The command line of `smtp-probe` without a subcommand: the shell, and its language in a script.
struct SMTPProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smtp-probe",
        abstract: "Talk to an SMTP server, by hand or from a script.",
        usage: """
            smtp-probe [options] [TARGET]
            smtp-probe [options] -c COMMAND ... TARGET
            smtp-probe [options] -f FILE TARGET
            """,
        discussion: """
            Lines go to the server as they are; what begins with a colon is for smtp-probe itself, and :help lists it. \
            On a terminal the line can be edited; from a pipe, a file or -c the same language is a script.
            """,
        version: "0.1.0",
        // Further ones are added here: Main finds them, and manual page and completions list them.
        subcommands: []
    )

    @OptionGroup(title: "Script")
    var script: ScriptOptions
    @OptionGroup
    var common: CommonOptions

    @Argument(help: TargetArgument.help, transform: TargetArgument.parse)
    var target: Target?

    mutating func run() async throws {
        throw ValidationError("nothing can be done yet")
    }
}
