import CommandLineSupport

/// A command for the tool itself: what follows a colon.
///
/// ``all`` is the one table of them. Dispatch, `:help`, completion and the manual page derive from it.
struct MetaCommand: Sendable {
    /// A kind of completion for an argument.
    enum Completion: Sendable {
        case nothing
        case file
        case words([String])
        /// The mechanisms that the server offers.
        case mechanisms
        /// The parameters of `MAIL` and `RCPT` that the server offers.
        case senderParameters, recipientParameters
        /// A verb of SMTP or a command.
        case topic
        /// A whole line of the language.
        case line
    }

    typealias Action = @Sendable (_ interpreter: Interpreter, _ arguments: String) throws -> Void

    /// The name, without the colon.
    let name: String
    /// The arguments, as help shows them.
    let arguments: String
    /// The effect, in one line.
    let summary: String
    /// The completion for each argument; the last entry also serves all further ones.
    let completion: [Completion]
    /// Whether it judges the reply to the line before.
    let isJudgement: Bool
    /// The effect while `:pipeline` collects lines; `nil` for commands that have to wait until then.
    let whileCollecting: Action?
    /// Runs the command.
    let run: Action

    init(
        _ name: String, _ arguments: String, _ summary: String, completion: [Completion] = [.nothing],
        isJudgement: Bool = false, whileCollecting: Action? = nil, run: @escaping Action
    ) {
        self.name = name
        self.arguments = arguments
        self.summary = summary
        self.completion = completion
        self.isJudgement = isJudgement
        self.whileCollecting = whileCollecting
        self.run = run
    }

    /// The command as help shows it, such as `:open [TARGET]`.
    var usage: String { ":\(name) \(arguments)".trimmingBlanks }

    /// Finds a command by its name, or by a beginning that no other has.
    ///
    /// - Throws: ``ValueError`` that names the candidates.
    static func find(_ word: some StringProtocol) throws -> MetaCommand {
        let word = word.lowercased()
        if let exact = all.first(where: { $0.name == word }) { return exact }
        let found = all.filter { $0.name.hasPrefix(word) }
        if let only = found.first, found.count == 1, !word.isEmpty { return only }
        let shown = SafeText.cut(SafeText.visible(word), to: 40)
        guard !word.isEmpty, !found.isEmpty else {
            let near = Spelling.nearest(to: word, among: all.map(\.name)).map { "; did you mean :\($0)?" } ?? ""
            throw ValueError("there is no command :\(shown)\(near) (:help lists them, ::text sends :text)")
        }
        throw ValueError(":\(shown) may be \(found.map { ":\($0.name)" }.joined(separator: ", "))")
    }
}

extension MetaCommand: Hashable {
    static func == (left: MetaCommand, right: MetaCommand) -> Bool { left.name == right.name }

    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
