import FoundationEssentials

/// The options of a command and its subcommands, as the argument parser describes them.
///
/// Completion scripts are generated from it, and it finds options that a command does not have.
package struct OptionTable: Sendable {
    /// An option or a flag.
    package struct Option: Sendable {
        /// The names with their hyphens, such as `-t` and `--to`.
        package let names: [String]
        /// The name of its value; `nil` for a flag.
        package let valueName: String?
        /// The words that its value is one of, if there are any.
        package let values: [String]
        /// Whether its value is the name of a file.
        package let takesFile: Bool
        /// Whether it may be given several times.
        package let isRepeating: Bool
        /// The first sentence of its help, without the full stop.
        package let summary: String
    }

    /// The name of the command.
    package let name: String
    /// The effect of the command, without a full stop.
    package let summary: String
    package let options: [Option]
    package let subcommands: [OptionTable]

    /// Reads what `ParsableArguments._dumpHelp()` returns; `nil` for anything else.
    package init?(dump: String) {
        guard let document = try? JSONDecoder().decode(Dump.self, from: Data(dump.utf8)) else { return nil }
        self.init(document.command)
    }

    private init(_ command: Dump.Command) {
        name = command.commandName
        summary = Self.sentence(command.abstract ?? "")
        options =
            command.arguments.filter { $0.kind != "positional" && $0.shouldDisplay }.map { argument in
                Option(
                    names: (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name },
                    valueName: argument.kind == "option" ? argument.valueName ?? "value" : nil,
                    values: argument.completionKind?.list?.values ?? [],
                    takesFile: argument.completionKind?.file != nil,
                    isRepeating: argument.isRepeating, summary: Self.sentence(argument.abstract ?? ""))
            }.filter { !$0.names.contains("--help") && !$0.names.contains("--version") } + Self.common
        subcommands = (command.subcommands ?? []).filter { $0.commandName != "help" }.map { OptionTable($0) }
    }

    /// The options that every command has.
    private static let common = [
        (["--help", "-h"], "Show the most important options"), (["--help-all"], "Show all options"),
        (["--version"], "Show the version"),
    ].map { Option(names: $0, valueName: nil, values: [], takesFile: false, isRepeating: false, summary: $1) }

    private static func sentence(_ text: String) -> String {
        let end = text.firstRange(of: ". ")?.lowerBound ?? (text.last == "." ? text.index(before: text.endIndex) : nil)
        return String(text[..<(end ?? text.endIndex)])
    }

    // MARK: Arguments

    /// The result of a search through arguments.
    package struct Findings: Equatable {
        /// The first option that the command does not have.
        package var unknown: String?
        /// The options and flags, by the names that are given.
        package var names: [String] = []
        /// Where the arguments are that belong to no option.
        package var operands: [Int] = []
    }

    /// Looks through arguments without judging values.
    package func findings(in arguments: [String]) -> Findings {
        var findings = Findings()
        var index = 0
        while index < arguments.count {
            let word = arguments[index]
            if word == "--" {
                findings.operands += Array((index + 1)..<arguments.count)
                break
            }
            if word.hasPrefix("-"), word != "-" {
                let name = String(word.prefix { $0 != "=" })
                let found = option(name).map { [(name, $0)] } ?? cluster(word)
                if found.isEmpty { findings.unknown = findings.unknown ?? name }
                findings.names += found.map(\.0)
                if let last = found.last, last.1.valueName != nil, name == word { index += 1 }
            } else {
                findings.operands.append(index)
            }
            index += 1
        }
        return findings
    }

    private func option(_ name: String) -> Option? { options.first { $0.names.contains(name) } }

    /// The flags that one word holds, such as `-46`; none when one of them is unknown.
    private func cluster(_ word: String) -> [(String, Option)] {
        guard !word.hasPrefix("--") else { return [] }
        let names = word.dropFirst().map { "-\($0)" }
        let found = names.compactMap { name in option(name).map { (name, $0) } }
        return found.count == names.count ? found : []
    }
}

/// The argument parser's description of a command, as far as it is of use here.
private struct Dump: Decodable {
    let command: Command

    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let arguments: [Argument]
        let subcommands: [Command]?
    }

    struct Argument: Decodable {
        let kind: String
        let shouldDisplay: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let abstract: String?
        let completionKind: Completion?
    }

    struct Name: Decodable {
        let kind: String
        let name: String
    }

    struct Completion: Decodable {
        let list: List?
        let file: File?
    }

    struct List: Decodable { let values: [String] }
    struct File: Decodable {}
}
