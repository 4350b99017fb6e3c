import ArgumentParser
import CommandLineSupport

/// Options for the output.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Write one JSON document to standard output, in place of text.")
    var json = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("\(Coloring.help) (default: auto)", valueName: "when"),
        completion: .list(Choice.words(of: Coloring.self)), transform: Choice.parse)
    var color: Coloring = .auto

    @Flag(name: .shortAndLong, help: "Print more: connections, and TLS in detail.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    var quiet = false

    mutating func validate() throws {
        if verbose, quiet { throw ValidationError("--verbose and --quiet contradict each other; give one of them") }
    }

    /// Whether what is written to a descriptor gets colours.
    func usesColor(on descriptor: Int32) -> Bool { color.isWanted(on: descriptor) }
}
