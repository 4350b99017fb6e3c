import ArgumentParser
import CommandLineSupport

/// When the server ends by itself.
struct StopOptions: ParsableArguments {
    @Flag(name: [.customShort("1"), .long], help: "End after one message; the same as --count 1.")
    var once = false

    @Option(
        name: [.short, .long], help: ArgumentHelp("End after N messages.", valueName: "n"),
        transform: WholeNumber.parsePositive)
    var count: Int?

    @Option(help: ArgumentHelp("End after N sessions.", valueName: "n"), transform: WholeNumber.parsePositive)
    var sessions: Int?

    @Option(
        help: ArgumentHelp(
            "End when a message came that matches: from~REGEX, to~, subject~, header:NAME~ or body~.",
            discussion:
                "With several, each has to be matched by some message. from and to are those of the envelope. Header "
                + "and body are matched as they came and decoded; of a body the first 1M is searched, line by line.",
            valueName: "field~regex"),
        transform: AwaitedMessage.parse)
    var waitFor: [AwaitedMessage] = []

    @Option(
        help: ArgumentHelp("End after this time, for example 30, 1.5s, 500ms, 5m or 1m30s.", valueName: "duration"),
        transform: TimeSpan.parse)
    var timeout: Duration?

    @Option(
        help: ArgumentHelp("End when there was no session for this time.", valueName: "duration"),
        transform: TimeSpan.parse)
    var idle: Duration?

    /// The same, for a server that has one session and no other.
    var atOneSession: StopOptions {
        var options = self
        options.sessions = 1
        return options
    }

    /// How many messages are awaited.
    var messages: Int? { once ? 1 : count }

    mutating func validate() throws {
        if once, let count, count != 1 {
            throw ValidationError("--once and --count \(count) contradict each other; give one of them")
        }
    }
}
