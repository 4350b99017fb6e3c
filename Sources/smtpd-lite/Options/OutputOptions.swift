import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Where messages go.
struct OutputOptions: ParsableArguments {
    /// The forms in which messages are written to standard output.
    enum Format: String, CaseIterable, Sendable {
        case mbox, raw
    }

    @Option(
        help: ArgumentHelp("Append messages to FILE; may be given several times.", valueName: "file"),
        completion: .file())
    var mbox: [String] = []

    @Option(
        help: ArgumentHelp(
            "How the mbox is written: \(Choice.list(MboxFormat.self)). (default: mboxrd)", valueName: "format"),
        completion: .list(Choice.words(of: MboxFormat.self)), transform: Choice.parse)
    var mboxFormat: MboxFormat = .mboxrd

    @Option(
        help: ArgumentHelp(
            "Write messages to standard output: \(Choice.list(Format.self)).",
            discussion: "This is the default, as mbox, when no other output is named.", valueName: "format"),
        completion: .list(Choice.words(of: Format.self)), transform: Choice.parse)
    var format: Format?

    @Flag(help: "Throw messages away.")
    var discard = false

    @Flag(help: "Answer 250 when a message is on the disk, not before.")
    var fsync = false

    mutating func validate() throws {
        if discard, !mbox.isEmpty || format != nil {
            throw ValidationError("--discard contradicts --\(mbox.isEmpty ? "format" : "mbox"); give one of them")
        }
        if let path = mbox.first(where: \.isEmpty) {
            throw ValidationError("The value '\(path)' is invalid for '--mbox <file>': a file name is wanted")
        }
    }

    /// The form for standard output, or `nil` when nothing goes there.
    var standardOutput: Format? {
        format ?? (mbox.isEmpty && !discard ? .mbox : nil)
    }
}

extension Choice {
    /// The words of a choice in a sentence: `a, b or c`.
    fileprivate static func list<Value>(_ type: Value.Type) -> String
    where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        let words = words(of: type)
        return "\(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
    }
}
