import ArgumentParser
import CommandLineSupport
import Glibc
import SMTPKit

/// Where messages go.
struct OutputOptions: ParsableArguments {
    /// The forms in which messages are written to standard output.
    enum Format: String, CaseIterable, Sendable {
        case auto, pretty, mbox, raw, json
    }

    @Option(
        help: ArgumentHelp(
            "Append messages to FILE, an mbox; may be given several times, as all of these.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var mbox: [String] = []

    @Option(
        help: ArgumentHelp(
            "How the mbox is written: \(Choice.list(MboxFormat.self)). (default: mboxrd)", valueName: "format"),
        completion: .list(Choice.words(of: MboxFormat.self)), transform: Choice.parse)
    var mboxFormat: MboxFormat = .mboxrd

    @Option(
        help: ArgumentHelp("Deliver messages to the Maildir DIR, which is made if need be.", valueName: "dir"),
        completion: .directory, transform: FileName.parse)
    var maildir: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write each message to a file of its own in DIR, as it came, with CRLF: 20261122T150000.000Z-ID.eml.",
            valueName: "dir"),
        completion: .directory, transform: FileName.parse)
    var dir: [String] = []

    @Option(
        help: ArgumentHelp(
            "Append messages to FILE as JSON Lines; without FILE, or as -, the same as --format json.",
            discussion:
                "With --dir or --maildir the objects say where the message is; otherwise they hold it in base64.",
            valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var json: [String] = []

    @Option(
        help: ArgumentHelp(
            "Run COMMAND for each message, with the message on its standard input and the envelope in its environment.",
            discussion:
                "It is split into words as by a shell, but no shell runs. Its exit status decides on the reply.",
            valueName: "command"),
        completion: .custom { _, _, prefix in ProgramNames.beginning(with: prefix) })
    var exec: [String] = []

    @Flag(help: "Have /bin/sh run the commands of --exec.")
    var execShell = false

    @Option(
        help: ArgumentHelp(
            "Timeout of a command of --exec. Then it is killed, and the client is asked to try again later. (default: 1m)",
            valueName: "duration"),
        transform: TimeSpan.parse)
    var execTimeout: Duration?

    @Option(
        help: ArgumentHelp("How many commands of --exec run at a time. (default: 4)", valueName: "n"),
        transform: OutputOptions.parseJobs)
    var execJobs: Int?

    @Option(
        help: ArgumentHelp(
            "Write messages to standard output: \(Choice.list(Format.self)).",
            discussion: "This is the default, as auto, when no other output is named: pretty on a terminal, else mbox.",
            valueName: "format"),
        completion: .list(Choice.words(of: Format.self)), transform: Choice.parse)
    var format: Format?

    @Option(
        help: ArgumentHelp(
            "The most lines of a message's text that the pretty format shows; 0 for all. (default: 100)", valueName: "n"
        ),
        transform: OutputOptions.parseLines)
    var prettyLines: Int?

    @Option(
        help: ArgumentHelp("\(Coloring.help) (default: auto)", valueName: "when"),
        completion: .list(Choice.words(of: Coloring.self)), transform: Choice.parse)
    var color: Coloring = .auto

    @Flag(help: "Discard messages.")
    var discard = false

    @Flag(help: "Add nothing to messages: no Return-Path, Delivered-To or Received.")
    var rawMessage = false

    @Flag(help: "Add the envelope to messages, as the fields X-Mail-Args, X-Rcpt-Args and others of smtp-sink.")
    var envelopeHeaders = false

    @Flag(help: "Answer 250 when a message is on the disk, not before.")
    var fsync = false

    mutating func validate() throws {
        let outputs = [
            (!mbox.isEmpty, "--mbox"), (!maildir.isEmpty, "--maildir"), (!dir.isEmpty, "--dir"),
            (!json.isEmpty, "--json"), (!exec.isEmpty, "--exec"), (format != nil, "--format"),
        ]
        if discard, let (_, name) = outputs.first(where: \.0) {
            throw ValidationError("--discard contradicts \(name); give one of them")
        }
        if rawMessage, envelopeHeaders {
            throw ValidationError("--raw-message and --envelope-headers contradict each other; give one of them")
        }
        if json.contains("-"), let format, format != .json {
            throw ValidationError("--json - contradicts --format \(format.rawValue); name a file, or give one of them")
        }
        if exec.isEmpty {
            let idle = [
                (execShell, "--exec-shell"), (execTimeout != nil, "--exec-timeout"), (execJobs != nil, "--exec-jobs"),
            ]
            if let (_, name) = idle.first(where: \.0) {
                throw ValidationError("\(name) is for commands; give --exec as well")
            }
        }
        for text in exec {
            do {
                _ = try words(of: text)
            } catch {
                throw ValidationError("The value '\(text)' is invalid for '--exec <command>': \(error)")
            }
        }
    }

    /// The form for standard output, or `nil` when nothing goes there.
    var standardOutput: Format? {
        if let format { return format == .auto ? automatic : format }
        if json.contains("-") { return .json }
        let isOnlyOutput = mbox.isEmpty && maildir.isEmpty && dir.isEmpty && json.isEmpty && exec.isEmpty && !discard
        return isOnlyOutput ? automatic : nil
    }

    private var automatic: Format { isatty(1) == 1 ? .pretty : .mbox }

    /// The words of a command.
    func words(of command: String) throws -> [String] {
        try execShell ? CommandWords.shell(command) : CommandWords.parse(command)
    }

    /// `--json` may appear without its value, which the parser does not support.
    static func completed(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments.indices.map { index in
            guard arguments[index] == "--json", index < end else { return arguments[index] }
            let next = index + 1 < end ? arguments[index + 1] : "-"
            return next.hasPrefix("-") && next != "-" || index + 1 >= end ? "--json=-" : arguments[index]
        }
    }

    private static func parseJobs(_ text: String) throws -> Int {
        guard let number = WholeNumber.parse(text), 1...1000 ~= number else {
            throw ValueError("a whole number from 1 to 1000 is wanted")
        }
        return number
    }

    static func parseLines(_ text: String) throws -> Int {
        guard let number = WholeNumber.parse(text), number <= 1_000_000_000 else {
            throw ValueError("a whole number from 0 to 1000000000 is wanted")
        }
        return number
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
