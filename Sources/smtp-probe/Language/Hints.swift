import CommandLineSupport

/// Suggestions for a command that a server refused.
enum Hints {
    /// A hint, if there is one.
    ///
    ///     RCTP TO:<ann@example.org>      did you mean RCPT?
    ///     MAIL FROM ann@example.org      did you mean MAIL FROM:<ann@example.org>?
    static func hint(_ line: String, isRefused: Bool) -> String? {
        let line = line.trimmingBlanks
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard let verb = words.first?.uppercased() else { return nil }
        if verb == "HELP", words.count == 1 { return ":help lists the commands of smtp-probe" }
        guard isRefused else { return nil }
        let verbs = VerbHelp.all.map(\.verb)
        guard verbs.contains(verb) else {
            return Spelling.nearest(to: verb, among: verbs).map { "did you mean \($0)?" }
        }
        let preposition: String
        switch verb {
        case "MAIL": preposition = "FROM"
        case "RCPT": preposition = "TO"
        case _: return nil
        }
        let rest = String(line.dropFirst(verb.count)).trimmingBlanks
        let right = "\(preposition):<"
        guard !rest.uppercased().hasPrefix(right) else { return nil }
        // Without the word, the colon and the blanks, the address is left, and what follows it.
        let isAddress: (Substring) -> Bool = { $0.contains("@") || $0 == "<>" }
        let parts = rest.split(whereSeparator: { " \t:".contains($0) })
        guard let place = parts.firstIndex(where: isAddress) else {
            return "the form is \(verb) \(right)ann@example.org>"
        }
        let address = parts[place].drop { $0 == "<" }.prefix { $0 != ">" }
        return SafeText.visible("did you mean \(verb) \(right)\(address)>?")
    }
}
