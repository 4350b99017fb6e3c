import ArgumentParser
import SMTPCore
import ToolSupport

/// The command line, for every form that is not answered by ``PlainForms``.
struct Options: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smtp-codes",
        abstract: "Explain SMTP status codes: a code, a reply, or a whole log line.",
        usage: """
            smtp-codes [options] INPUT…
            smtp-codes --search WORDS | --list | --annotate | --count
            """,
        discussion: """
            An INPUT is a code (5.7.1, X.7.1, 5.7.x, 550, 5xx), a reply (550 5.7.1 …), a log line, a file, or - for \
            standard input. Exit status: 0 found, 1 not registered or no hit, 2 unusable.
            """,
        version: "smtp-codes \(SMTPKitVersion.current)"
    )

    @Argument(help: ArgumentHelp("Codes, replies or log lines.", valueName: "input"))
    var inputs: [String] = []
    @Flag(name: [.customLong("brief"), .customShort("b")], help: Self.help(OptionTable.brief))
    var brief = false
    @Option(name: .customLong("is"), help: Self.help(OptionTable.claim), transform: Self.claim)
    var claim: StatusRegistry.Claim?
    @Option(name: .customLong("search"), help: Self.help(OptionTable.search))
    var search: String?
    @Flag(name: .customLong("list"), help: Self.help(OptionTable.list))
    var list = false
    @Option(name: .customLong("class"), help: Self.help(OptionTable.class))
    var `class`: CodeClass?
    @Option(name: .customLong("subject"), help: Self.help(OptionTable.subject))
    var subject: UInt16?
    @Flag(name: .customLong("basic"), help: Self.help(OptionTable.basic))
    var basic = false
    @Option(name: [.customLong("provider"), .customShort("p")], help: Self.help(OptionTable.provider))
    var provider: ProviderChoice?
    @Flag(name: .customLong("json"), help: Self.help(OptionTable.json))
    var json = false
    @Flag(name: .customLong("jsonl"), help: Self.help(OptionTable.jsonl))
    var jsonl = false
    @Flag(name: .customLong("tsv"), help: Self.help(OptionTable.tsv))
    var tsv = false
    @Flag(name: [.customLong("annotate"), .customShort("a")], help: Self.help(OptionTable.annotate))
    var annotate = false
    @Option(name: .customLong("only"), help: Self.help(OptionTable.only))
    var only: LineFilter?
    @Flag(name: [.customLong("count"), .customShort("c")], help: Self.help(OptionTable.count))
    var count = false
    @Option(name: .customLong("by"), help: Self.help(OptionTable.by), transform: Self.keys)
    var by: [[Counter.Key]] = []
    @Flag(name: .customLong("all"), help: Self.help(OptionTable.everything))
    var all = false
    @Flag(name: .customLong("sysexit"), help: Self.help(OptionTable.sysexit))
    var sysexit = false
    @Option(name: .customLong("warning"), help: Self.help(OptionTable.warning))
    var warning: UInt32?
    @Option(name: .customLong("critical"), help: Self.help(OptionTable.critical))
    var critical: UInt32?
    @Option(name: .customLong("color"), help: Self.help(OptionTable.color))
    var color = Coloring.auto
    @Flag(name: [.customLong("verbose"), .customShort("v")], help: Self.help(OptionTable.verbose))
    var verbose = false
    @Flag(name: [.customLong("quiet"), .customShort("q")], help: Self.help(OptionTable.quiet))
    var quiet = false
    @Flag(name: .customLong("generate-manual"), help: .hidden)
    var generateManual = false

    private static func help(_ entry: OptionEntry) -> ArgumentHelp {
        ArgumentHelp(entry.help, valueName: entry.valueName)
    }

    private static func claim(_ word: String) throws -> StatusRegistry.Claim {
        if let claim = StatusRegistry.Claim(rawValue: word) { return claim }
        let known = StatusRegistry.Claim.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--is \(CodeText.printable(word)): give one of \(known).")
    }

    static func keys(_ list: String) throws -> [Counter.Key] {
        try list.split(separator: ",", omittingEmptySubsequences: false).map { word in
            if let key = Counter.Key(rawValue: String(word)) { return key }
            let known = Counter.Key.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--by \(CodeText.printable(String(word))): give one or more of \(known).")
        }
    }

    func validate() throws {
        let modes = [claim != nil, search != nil, list, annotate, count, generateManual].filter { $0 }.count
        if modes > 1 {
            throw ValidationError("--is, --search, --list, --annotate and --count exclude each other; give one.")
        }
        if [json, jsonl, tsv, brief].filter({ $0 }).count > 1 {
            throw ValidationError("--brief, --json, --jsonl and --tsv exclude each other; give one.")
        }
        if list || generateManual {
            if let extra = inputs.first {
                throw ValidationError(
                    "\(CodeText.printable(extra)) is one input too many: --list takes none; leave it out.")
            }
        } else if annotate || count {
            // Files, or standard input.
        } else if inputs.isEmpty, search == nil {
            throw ValidationError("No input. Give a code such as 5.7.1 or 550, a log line, or - for standard input.")
        }
        if only != nil, !annotate, !count { throw ValidationError("--only needs --annotate or --count.") }
        if !by.isEmpty, !count { throw ValidationError("--by needs --count.") }
        if warning != nil || critical != nil {
            guard count else { throw ValidationError("--warning and --critical need --count.") }
            if [json, jsonl, tsv].contains(true) {
                throw ValidationError("--warning and --critical print one line; leave --json, --jsonl and --tsv out.")
            }
            if let warning, let critical, warning > critical {
                throw ValidationError("--warning \(warning) is above --critical \(critical); give a lower number.")
            }
        }
        if verbose, quiet { throw ValidationError("--verbose and --quiet contradict each other; give one of them.") }
        if !list, `class` != nil || subject != nil || basic {
            throw ValidationError("--class, --subject and --basic need --list.")
        }
        if basic, subject != nil {
            throw ValidationError("--subject has no meaning for --basic: basic codes have no subject.")
        }
        if let subject, subject > 7 { throw ValidationError("--subject \(subject): subjects are 0 to 7.") }
        if annotate, json || jsonl || tsv || brief {
            throw ValidationError(
                "--annotate copies its input and has no other form; leave --json, --tsv or --brief out."
            )
        }
    }

    /// The request that the options make.
    var request: Request {
        var request = Request()
        request.inputs = inputs
        request.format = json ? .json : jsonl ? .jsonl : tsv ? .tsv : brief ? .brief : .full
        request.providers = provider?.providers
        request.wantsSysexit = sysexit
        request.class = `class`?.severity
        request.subject = subject
        request.basic = basic
        if let only { request.filter = only }
        request.keys = by.flatMap(\.self)
        request.all = all
        if warning != nil || critical != nil { request.thresholds = Thresholds(warning: warning, critical: critical) }
        request.color = color
        request.warnings = quiet ? .none : verbose ? .all : .single
        if generateManual { request.mode = .manual }
        if let claim { request.mode = .claim(claim) }
        if let search { request.mode = .search(search) }
        if list { request.mode = .list }
        if annotate { request.mode = .annotate }
        if count { request.mode = .count }
        return request
    }
}

/// A class given as a word or as a first digit.
struct CodeClass: ExpressibleByArgument {
    /// `nil` means any class, as for a bare `--only`.
    let severity: ReplyCode.Severity?

    init?(argument: String) {
        switch argument.lowercased() {
        case "any": severity = nil
        case "2", "2xx", "success": severity = .success
        case "3", "3xx", "intermediate": severity = .intermediate
        case "4", "4xx", "transient": severity = .transient
        case "5", "5xx", "permanent": severity = .permanent
        case _: return nil
        }
    }

    static var allValueStrings: [String] { OptionTable.classes }
}

extension Coloring: ExpressibleByArgument {}

/// One or more providers that go by the word given.
struct ProviderChoice: ExpressibleByArgument {
    let providers: [Provider]

    init?(argument: String) {
        providers = StatusRegistry.providers(named: argument)
        if providers.isEmpty { return nil }
    }

    static var allValueStrings: [String] { StatusRegistry.providers.map(\.id) }
}

extension LineFilter: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }

    static var allValueStrings: [String] {
        OptionTable.classes + SenderAction.allCases.map(\.rawValue) + StatusRegistry.reasons.map(\.id)
    }
}
