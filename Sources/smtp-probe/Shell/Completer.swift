import SMTPKit

/// The possible words at the cursor.
struct Completer {
    /// The server's capabilities; `nil` before a hello.
    let capabilities: Capabilities?

    /// The words that may follow, of which only those are of use that begin with `word`; `nil` for names of files.
    func words(_ before: [String], _ word: String) -> [String]? {
        guard let first = before.first else {
            // An empty line shows both languages.
            return word.hasPrefix(":") ? Self.commands : VerbHelp.all.map(\.verb) + (word.isEmpty ? Self.commands : [])
        }
        guard first.hasPrefix(":"), let command = try? MetaCommand.find(first.dropFirst()) else {
            return words(after: first.uppercased(), before.count)
        }
        let completions = command.completion
        return words(completions[min(before.count, completions.count) - 1], before)
    }

    private static let commands = MetaCommand.all.map { ":\($0.name)" }

    private func words(_ completion: MetaCommand.Completion, _ before: [String]) -> [String]? {
        switch completion {
        case .nothing: []
        case .file: nil
        case .words(let words): words
        case .mechanisms: mechanisms
        case .senderParameters: senderParameters
        case .recipientParameters: recipientParameters
        case .topic: VerbHelp.all.map(\.verb) + Self.commands
        // The text before the line is the command and its number.
        case .line: words(Array(before.dropFirst(2)), "")
        }
    }

    private func words(after verb: String, _ count: Int) -> [String] {
        switch verb {
        case "AUTH": count == 1 ? mechanisms : []
        case "MAIL": count == 1 ? ["FROM:<"] : senderParameters
        case "RCPT": count == 1 ? ["TO:<"] : recipientParameters
        case "BDAT": count == 2 ? ["LAST"] : []
        case _: []
        }
    }

    /// Those that the server offers, known here or not.
    private var mechanisms: [String] { capabilities?["AUTH"] ?? [] }

    private var senderParameters: [String] {
        let known = [
            ("SIZE", ["SIZE="]), ("8BITMIME", ["BODY=7BIT", "BODY=8BITMIME"]), ("BINARYMIME", ["BODY=BINARYMIME"]),
            ("SMTPUTF8", ["SMTPUTF8"]), ("DSN", ["RET=FULL", "RET=HDRS", "ENVID="]), ("AUTH", ["AUTH="]),
            ("MT-PRIORITY", ["MT-PRIORITY="]), ("REQUIRETLS", ["REQUIRETLS"]), ("DELIVERBY", ["BY="]),
            ("FUTURERELEASE", ["HOLDFOR=", "HOLDUNTIL="]),
        ]
        return known.filter { capabilities?.contains($0.0) == true }.flatMap(\.1)
    }

    private var recipientParameters: [String] {
        guard capabilities?.contains("DSN") == true else { return [] }
        return ["NOTIFY=NEVER", "NOTIFY=SUCCESS", "NOTIFY=FAILURE", "NOTIFY=DELAY", "ORCPT=rfc822;"]
    }
}
