import ArgumentParser
import CommandLineSupport
import Glibc

/// `smtpd-lite show`: saved mail in the pretty format.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print saved mail as a person wants to read it.",
        usage: "smtpd-lite show [--follow] FILE|DIR ...",
        discussion: """
            A FILE is an mbox of any dialect, JSON Lines, or one message; - is standard input. A DIR is a Maildir, or a \
            folder with a message in each file. Messages are printed as they are read, so that the first appears at once.
            """
    )

    @Flag(
        name: [.short, .long],
        help: ArgumentHelp(
            "Wait for more messages, as tail -F waits for lines, until interrupted.",
            discussion:
                "A file that is replaced or made shorter is read from its start; one that is missing is awaited."))
    var follow = false

    @Option(
        help: ArgumentHelp(
            "When to use colours: auto, always or never. With auto, on a terminal that has some and without NO_COLOR; "
                + "always is for less -R. (default: auto)",
            valueName: "when"),
        completion: .list(Choice.words(of: Coloring.self)), transform: Choice.parse)
    var color: Coloring = .auto

    @Option(
        help: ArgumentHelp("The most lines of a message's text; 0 for all. (default: 100)", valueName: "n"),
        transform: OutputOptions.parseLines)
    var prettyLines: Int?

    @Argument(
        help: ArgumentHelp("Files and folders with mail.", valueName: "file"), completion: .file(),
        transform: FileName.parse)
    var paths: [String] = []

    mutating func validate() throws {
        if paths.isEmpty {
            throw ValidationError("no FILE or DIR given: add an mbox, a Maildir, or - for standard input")
        }
    }

    func run() throws {
        var printer = PrettyPrinter(mostLines: prettyLines ?? 100)
        // Standard output may be a pipe to less, on the same terminal.
        printer.columns = { [1, 2, 0].lazy.compactMap { Screen.columns(of: $0) }.first ?? 80 }
        printer.isColored = color.isWanted(on: 1)
        let show = Show(printer)
        if follow { try show.follow(paths) } else { try show.readAll(paths) }
        if show.hasFailed { throw ExitCode(1) }
    }
}
