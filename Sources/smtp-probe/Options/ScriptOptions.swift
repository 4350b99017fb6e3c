import ArgumentParser
import CommandLineSupport

/// Where the commands come from, when not from a terminal or standard input.
struct ScriptOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("command")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A line to run; may be given several times.", valueName: "line"))
    var command: [String] = []

    @Option(
        name: [.short, .customLong("file")], parsing: .unconditional,
        help: ArgumentHelp("A file with the lines to run, behind those of -c.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var file: String?

    @Flag(
        name: [.short, .customLong("keep-going")],
        help: "Go on after a reply that nobody expected. The status is still that of the first failure.")
    var keepGoing = false
}
