import ArgumentParser
import CommandLineSupport

/// Options for the server's name and greeting.
struct IdentityOptions: ParsableArguments {
    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp(
            "The server's name in greetings and Received fields. (default: the machine's)", valueName: "name"),
        transform: HostName.parse)
    var hostname: String?

    @Option(
        help: ArgumentHelp(
            "What stands behind the name in the greeting. (default: ESMTP smtpd-lite)", valueName: "text"),
        transform: ServerText.banner)
    var banner: String?
}
