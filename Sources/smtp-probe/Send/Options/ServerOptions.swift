import ArgumentParser

/// Options of `send` that are spelled as in swaks.
struct ServerOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp("The server, as TARGET.", valueName: "TARGET"), transform: TargetArgument.parse)
    var server: Target?

    @Flag(
        name: [.customShort("a"), .customLong("auth")],
        help: """
            Log in, with the mechanism that follows, such as PLAIN, or the strongest that is offered. On a terminal, the user \
            and the password are asked for unless options name them.
            """)
    var auth = false
}
