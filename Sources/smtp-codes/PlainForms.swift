import SMTPCore
import ToolSupport

/// The forms that scripts call in loops, read before the option parser is set up.
///
///     smtp-codes 5.7.1        smtp-codes --is transient 4.2.2        smtp-codes --json 550 5.1.1
///
/// Setting the option parser up takes several times as long as a look-up. What is not plain, and everything
/// that is wrong, is left to it and to its messages.
enum PlainForms {
    /// Reads a command line, or answers `nil` when it is not one of the plain forms.
    static func read(_ arguments: ArraySlice<String>) -> Request? {
        var request = Request()
        var rest = arguments
        while let argument = rest.first, argument.utf8.first == UInt8(ascii: "-"), argument != "-" {
            rest.removeFirst()
            // One mode and one format.
            switch argument {
            case "-h", "--help":
                request.mode = .help
                return request
            case "--help-all":
                request.mode = .helpAll
                return request
            case "-b", "--brief": guard request.take(.brief) else { return nil }
            case "--json": guard request.take(.json) else { return nil }
            case "--jsonl": guard request.take(.jsonl) else { return nil }
            case "--tsv": guard request.take(.tsv) else { return nil }
            case "--is":
                guard let word = rest.popFirst(), let claim = StatusRegistry.Claim(rawValue: word) else { return nil }
                guard request.take(.claim(claim)) else { return nil }
            case "--search":
                guard let words = rest.popFirst(), request.take(.search(words)) else { return nil }
            case "-p", "--provider":
                guard request.providers == nil, let word = rest.popFirst() else { return nil }
                let known = StatusRegistry.providers(named: word)
                guard !known.isEmpty else { return nil }
                request.providers = known
            case "--sysexit": request.wantsSysexit = true
            case "--list": guard request.take(.list) else { return nil }
            case "--basic": request.basic = true
            case "--class":
                guard let word = rest.popFirst(), let wanted = CodeClass(argument: word)?.severity else { return nil }
                request.class = wanted
            case "--subject":
                guard let word = rest.popFirst(), let number = UInt16(word), number < 8 else { return nil }
                request.subject = number
            case "-a", "--annotate": guard request.take(.annotate) else { return nil }
            case "--only":
                guard request.filter == .all else { return nil }
                request.filter = .withCode
                if let word = rest.first, let wanted = LineFilter(word) {
                    request.filter = wanted
                    rest.removeFirst()
                }
            case "--by":
                guard let word = rest.popFirst(), let keys = try? Options.keys(word) else { return nil }
                request.keys += keys
            case "--all": request.all = true
            case "-q", "--quiet":
                guard request.warnings == .single else { return nil }
                request.warnings = .none
            case "--color":
                guard let word = rest.popFirst(), let color = Coloring(rawValue: word) else { return nil }
                request.color = color
            case "-c", "--count": guard request.take(.count) else { return nil }
            case _: return nil
            }
        }
        guard !rest.contains(where: { $0.utf8.first == UInt8(ascii: "-") && $0 != "-" }) else { return nil }
        request.inputs = Array(rest)
        return request.isPlain ? request : nil
    }
}

extension Request {
    fileprivate mutating func take(_ mode: Mode) -> Bool {
        guard self.mode == .lookUp else { return false }
        self.mode = mode
        return true
    }

    fileprivate mutating func take(_ format: LookUp.Format) -> Bool {
        guard self.format == .full else { return false }
        self.format = format
        return true
    }

    /// Whether the options go together; if not, the option parser says what is wrong.
    fileprivate var isPlain: Bool {
        let isFiltered = `class` != nil || subject != nil || basic || mode != .count && !keys.isEmpty
        switch mode {
        case .lookUp: return !inputs.isEmpty && !isFiltered && filter == .all
        case .claim: return !inputs.isEmpty && !isFiltered && filter == .all && format == .full && !wantsSysexit
        case .search: return !isFiltered && filter == .all && !wantsSysexit
        case .list: return inputs.isEmpty && filter == .all && !(basic && subject != nil) && !wantsSysexit
        case .annotate: return !isFiltered && format == .full && !wantsSysexit
        case .count: return !isFiltered && !wantsSysexit
        case .manual, .help, .helpAll: return false
        }
    }
}
