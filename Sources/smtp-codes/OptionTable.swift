import SMTPCore
import ToolSupport

/// One option: the single source of its help line, of the completion scripts and of the manual page.
struct OptionEntry {
    /// The kind of value that may follow the option.
    enum Value {
        case none
        /// One of a few words.
        case words([String])
        /// A word that may be left out.
        case optionalWords([String])
        case text
    }

    let name: String
    let short: Character?
    let valueName: String
    let value: Value
    let help: String

    /// Whether several words may be given, with commas between.
    var isList: Bool { name == "only" || name == "by" }
}

enum OptionTable {
    static let classes = ["success", "transient", "permanent"]

    static let brief = OptionEntry(
        name: "brief",
        short: "b",
        valueName: "",
        value: .none,
        help: "Print only the first line of each answer."
    )
    static let claim = OptionEntry(
        name: "is",
        short: nil,
        valueName: "claim",
        value: .words(StatusRegistry.Claim.allCases.map(\.rawValue)),
        help: "Print nothing; exit 0 if the claim holds for all inputs, 1 if not, 2 if one is not a code."
    )
    static let search = OptionEntry(
        name: "search",
        short: nil,
        valueName: "words",
        value: .text,
        help: "Print the codes in whose name, meaning, notes or RFC numbers all words occur."
    )
    static let list = OptionEntry(
        name: "list",
        short: nil,
        valueName: "",
        value: .none,
        help: "Print all enhanced codes, one a line."
    )
    static let `class` = OptionEntry(
        name: "class",
        short: nil,
        valueName: "class",
        value: .words(classes + ["2", "3", "4", "5"]),
        help: "With --list: only codes of this class."
    )
    static let subject = OptionEntry(
        name: "subject",
        short: nil,
        valueName: "number",
        value: .words((0...7).map(String.init)),
        help: "With --list: only codes of this subject, 0 to 7."
    )
    static let basic = OptionEntry(
        name: "basic",
        short: nil,
        valueName: "",
        value: .none,
        help: "With --list: the basic codes, such as 550, instead."
    )
    static let provider = OptionEntry(
        name: "provider",
        short: "p",
        valueName: "provider",
        value: .words(StatusRegistry.providers.map(\.id) + ["microsoft"]),
        help: "Show what this provider means by the code; with --list, its codes."
    )
    static let json = OptionEntry(
        name: "json",
        short: nil,
        valueName: "",
        value: .none,
        help: "Print one JSON array."
    )
    static let jsonl = OptionEntry(
        name: "jsonl",
        short: nil,
        valueName: "",
        value: .none,
        help: "Print one JSON object a line, as soon as it is known."
    )
    static let tsv = OptionEntry(
        name: "tsv",
        short: nil,
        valueName: "",
        value: .none,
        help: "Print tab-separated values under a header line."
    )
    static let annotate = OptionEntry(
        name: "annotate",
        short: "a",
        valueName: "",
        value: .none,
        help: "Copy standard input or files, with an explanation appended to each line that has a code."
    )
    static let only = OptionEntry(
        name: "only",
        short: nil,
        valueName: "list",
        value: .optionalWords(classes + SenderAction.allCases.map(\.rawValue) + StatusRegistry.reasons.map(\.id)),
        help: "With --annotate or --count: only lines with a code, or with one of these classes, actions and reasons."
    )
    static let by = OptionEntry(
        name: "by",
        short: nil,
        valueName: "keys",
        value: .words(Counter.Key.allCases.map(\.rawValue)),
        help: "With --count: count by these, in this order, instead of by code."
    )
    static let everything = OptionEntry(
        name: "all",
        short: nil,
        valueName: "",
        value: .none,
        help: "In a stream, answer lines without a code, too: null in JSON, - in text."
    )
    static let count = OptionEntry(
        name: "count",
        short: "c",
        valueName: "",
        value: .none,
        help: "Print how often each code occurs on standard input or in files, the most frequent first."
    )
    static let sysexit = OptionEntry(
        name: "sysexit",
        short: nil,
        valueName: "",
        value: .none,
        help: "Exit with the sysexits.h value of the first input that did not succeed."
    )
    static let warning = OptionEntry(
        name: "warning",
        short: nil,
        valueName: "number",
        value: .text,
        help: "With --count: print one line for a monitoring system, and exit with 1 if more lines than this count."
    )
    static let critical = OptionEntry(
        name: "critical",
        short: nil,
        valueName: "number",
        value: .text,
        help: "With --count: print one line for a monitoring system, and exit with 2 if more lines than this count."
    )
    static let color = OptionEntry(
        name: "color",
        short: nil,
        valueName: "when",
        value: .words(Coloring.allCases.map(\.rawValue)),
        help: "When to use colours. With auto, the default, on a terminal that has some and without NO_COLOR."
    )
    static let verbose = OptionEntry(
        name: "verbose",
        short: "v",
        valueName: "",
        value: .none,
        help: "Print the warnings about every answer, in a stream too, not just about a single input."
    )
    static let quiet = OptionEntry(
        name: "quiet",
        short: "q",
        valueName: "",
        value: .none,
        help: "Print no warnings, only errors."
    )
    static let version = OptionEntry(
        name: "version",
        short: nil,
        valueName: "",
        value: .none,
        help: "Print the version."
    )
    static let help = OptionEntry(
        name: "help",
        short: "h",
        valueName: "",
        value: .none,
        help: "Print the most important options."
    )
    static let helpAll = OptionEntry(
        name: "help-all",
        short: nil,
        valueName: "",
        value: .none,
        help: "Print all options."
    )

    static let all = [
        brief, claim, search, list, `class`, subject, basic, provider, json, jsonl, tsv, annotate, only, count, by,
        warning, critical, everything, sysexit, color, verbose, quiet, version, help, helpAll,
    ]

    /// The first argument that has the form of an option and is none.
    static func unknown(in arguments: [String]) -> String? {
        arguments.prefix { $0 != "--" }.first { argument in
            let name = argument.prefix { $0 != "=" }
            guard name.hasPrefix("-"), name != "-" else { return false }
            if name.hasPrefix("--") {
                return !all.contains { $0.name == name.dropFirst(2) } && !name.hasPrefix("--generate-")
            }
            return !name.dropFirst().allSatisfy { letter in all.contains { $0.short == letter } }
        }.map { String($0.prefix { $0 != "=" }) }
    }

    /// The codes that completion offers, with their names: every registered code in its meaningful classes,
    /// then every basic code, then the names of sysexits.h.
    static var codes: [(code: String, name: String)] {
        let enhanced = StatusRegistry.conditions.flatMap { row in
            row.classes.map { (EnhancedStatus($0, row.condition), row.title) }
        }
        let sorted = enhanced.sorted {
            ($0.0.class.rawValue, $0.0.subject, $0.0.detail) < ($1.0.class.rawValue, $1.0.subject, $1.0.detail)
        }
        let basic = StatusRegistry.replyCodes.map { ($0.number, $0.name) }.sorted { $0.0 < $1.0 }
        return sorted.map { ($0.0.description, $0.1) } + basic.map { (String($0.0), $0.1) }
            + Sysexit.allCases.map { ($0.name, $0.meaning) }
    }
}
