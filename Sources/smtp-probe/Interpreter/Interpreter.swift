import CommandLineSupport
import SMTPKit

/// Runs the lines of the language, for the shell, for scripts and for `:source` alike.
final class Interpreter {
    let dialogue: Dialogue
    let console: Console
    let common: CommonOptions
    let keepsGoing: Bool
    var settings = Settings()
    var draft = Draft()
    var target: Target?
    /// The line of the PROXY protocol that connections begin with.
    var proxyLine: String?
    /// The lines that `:pipeline` collects.
    var collected: [CollectedLine]?
    var log: AppendedFile?
    var record: AppendedFile?
    /// Where the line that is run is, before what is said of it: `file, line 3: `.
    var place = ""
    /// The lines of this session, without those that may hold a secret.
    var lines: [String] = []
    /// How deep `:source` and `:repeat` are nested.
    var depth = 0
    /// Asks for a password; `nil` without a terminal.
    var askForSecret: ((String) throws -> Secret)?
    /// Runs what wants the terminal as it usually is.
    var outside: (() throws -> Int32) throws -> Int32 = { try $0() }
    /// Set when the last line was run.
    var isEnded = false

    /// The answers to the line that is run.
    var answers: [Answered] = []
    /// The last answer of all.
    var lastAnswer: Answered?
    /// A refusal that the next line may still declare expected.
    var pending: Failure?
    /// Whether a reply refused a command, and no line since has judged it.
    var hasUnjudgedFailure: Bool { pending != nil || answers.contains { $0.failure != nil } }
    /// The failure that decides the script's status.
    var failure: Failure?
    /// Whether the line that is run was typed, and so can be seen already.
    var isTyped = false
    /// Replies that are not shown yet.
    var held: [ClientTraceEntry] = []
    /// Bytes of content that were sent and not shown yet.
    var contentCount = 0
    /// Which of the lines hold a secret.
    var mask = SecretMask()
    /// Whether QUIT was answered: nothing more is said then.
    var hasSaidGoodbye = false

    init(dialogue: Dialogue, console: Console, common: CommonOptions, keepsGoing: Bool) {
        self.dialogue = dialogue
        self.console = console
        self.common = common
        self.keepsGoing = keepsGoing
        proxyLine = common.connection.proxyHeader
        settings.explain = console.isInteractive
        dialogue.onTrace = { [unowned self] in display($0) }
        dialogue.onEvent = { [unowned self] in note($0) }
        dialogue.onTLS = { [unowned self] in noteTLS($0) }
        dialogue.onProgress = { [unowned self] in note($0) }
    }

    // MARK: Lines

    /// Runs one line.
    ///
    /// - Throws: ``Failure`` where a script has to end, ``Dialogue/Interruption``, and what is wrong with the line
    ///   itself.
    func run(_ line: [UInt8]) throws {
        let isContent = dialogue.isInContent && collected == nil
        let isResponse = dialogue.isInAuthentication
        // Lines that are collected may be content, in which blank lines count.
        let script = try parse(line, isContent: isContent, isResponse: isResponse || collected != nil)
        if script == .nothing { return }
        if !script.isJudgement { try settle() }
        let isDoubtful = isDoubtful(script)
        var isRecorded = !isDoubtful && remember(line, isSecret: isContent || isResponse)
        if case .wire(let octets) = script, !isContent, !isResponse { _ = mask.shown(octets) }
        answers = []
        switch script {
        case .wire(let octets):
            // The bytes after it would be another command.
            guard !octets.contains(where: { $0 == 13 || $0 == 10 }) else {
                throw ValueError("CR and LF within a line are sent with :raw only")
            }
            if collected != nil {
                collected?.append(CollectedLine(octets: octets))
            } else {
                isTyped = console.isInteractive && !settings.trace && depth == 0
                defer { isTyped = false }
                try sendLine(octets)
            }
        case .nothing: return
        case .shell(let command): try runInShell(command)
        case .meta(let command, let rest):
            let isCollected = collected != nil
            do {
                if isCollected { try collect(command, rest) } else { try command.run(self, rest) }
            } catch let error where isDoubtful && (error is ValueError || error is SystemError) {
                throw ValueError(
                    "\(command.usage): not a valid argument; it is not shown, because it follows a failed AUTH and may be "
                        + "a password")
            }
            if isCollected { return }
        }
        if isDoubtful { isRecorded = remember(line, isSecret: isResponse) }
        if isRecorded { recordAnswers() }
        notePending()
    }

    /// Connects, where a target was named.
    func start() throws {
        guard target != nil else { return }
        try open("")
        notePending()
    }

    /// The first refusal waits for the next line, which may declare it expected.
    func notePending() {
        guard pending == nil, var failure = answers.lazy.compactMap(\.failure).first else { return }
        failure.place = place
        pending = failure
    }

    private func parse(_ line: [UInt8], isContent: Bool, isResponse: Bool) throws -> ScriptLine {
        do {
            let hasComments = !console.isInteractive || depth > 0
            return try ScriptLine(line, isContent: isContent, isResponse: isResponse, hasComments: hasComments)
        } catch {
            try settle()
            guard mask.isAfterAuthentication else { throw error }
            throw ValueError(
                "there is no such command; it is not shown, because it follows a failed AUTH and may be a password")
        }
    }

    /// Treats a refusal as a failure, unless it was expected.
    func settle() throws {
        guard let pending else { return }
        self.pending = nil
        guard !console.isInteractive else { return }
        try fail(pending)
    }

    /// Notes a failure, and ends the script unless it is to go on.
    func fail(_ new: Failure) throws {
        var new = new
        new.place = new.place ?? place
        if failure == nil { failure = new }
        guard keepsGoing, !console.isInteractive else { throw new }
        console.complain(new.message)
    }

    /// Whether a line that is run next may hold a secret: it must not be kept or shown.
    func hides(_ line: [UInt8]) -> Bool {
        if dialogue.isInAuthentication || ScriptLine.mayHoldSecret(line) { return true }
        switch try? ScriptLine(line, isContent: dialogue.isInContent) {
        case .wire(let octets): return mask.hides(octets)
        case .meta(let command, _): return mask.isAfterAuthentication && ["raw", "repeat"].contains(command.name)
        case .nothing: return false
        case .shell: return false
        case nil: return mask.isAfterAuthentication
        }
    }

    /// Whether the arguments of a command may be a password, unless the command understands them.
    private func isDoubtful(_ line: ScriptLine) -> Bool {
        guard mask.isAfterAuthentication, case .meta(_, let rest) = line else { return false }
        return !rest.isEmpty
    }

    /// Whether a line may be kept only after it ran: it may hold a password that is no argument of its command.
    func isDoubtful(_ line: [UInt8]) -> Bool {
        (try? ScriptLine(line, isContent: dialogue.isInContent)).map { isDoubtful($0) } ?? false
    }

    /// - Returns: whether the line may be kept.
    private func remember(_ line: [UInt8], isSecret: Bool) -> Bool {
        guard depth == 0, !isSecret, !hides(line) else { return false }
        let text = SafeText.visible(octets: line)
        lines.append(text)
        record?.add(text)
        return true
    }

    /// Writes what came, as expectations.
    private func recordAnswers() {
        guard let record else { return }
        for case .reply(let reply) in answers.map(\.outcome) { record.add(":expect \(reply.code)") }
    }

    /// Sends a line as it is, and waits for what answers it.
    func sendLine(_ octets: [UInt8]) throws {
        if let pieces = settings.split {
            let stuffed = dialogue.isInContent && octets.first == 0x2E && octets.count > 1
            try send(pieces: (stuffed ? [0x2E] : []) + octets + [13, 10], of: pieces)
        } else {
            try dialogue.perform { session, output throws(SMTPError) in session.sendRawLine(octets, into: &output) }
        }
        try awaitReplies()
    }

    /// Sends a command that the tool itself makes.
    ///
    /// - Throws: ``ValueError`` for a CR or LF within.
    func sendCommand(_ text: String) throws {
        guard !text.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) else {
            throw ValueError("CR, LF and NUL are sent with :raw only")
        }
        try sendLine(Array(text.utf8))
    }

    /// Sends bytes in pieces, each with a call of its own.
    func send(pieces octets: [UInt8], of size: Int) throws {
        for start in stride(from: 0, to: octets.count, by: size) {
            let piece = Array(octets[start..<min(start + size, octets.count)])
            try dialogue.perform { session, output throws(SMTPError) in session.sendRaw(piece, into: &output) }
        }
    }

    /// Waits for all replies that are due; what comes out of order ends that.
    func awaitReplies() throws {
        let wasOutOfSync = dialogue.live?.session.isOutOfSync == true
        try dialogue.wait {
            !self.dialogue.isWaiting || !wasOutOfSync && self.dialogue.live?.session.isOutOfSync == true
        }
    }

    /// Ends a script, with QUIT if a connection is open.
    func finish() throws {
        try settle()
        if collected != nil { try flushCollected() }
        try settle()
        guard dialogue.isOpen else { return }
        guard !dialogue.isInContent, !dialogue.isInAuthentication else {
            dialogue.drop()
            return try fail(Failure(status: .usage, text: "the input ended within the content of a message"))
        }
        answers = []
        try sayGoodbye()
        notePending()
        try settle()
    }
}

extension ScriptLine {
    /// Whether it judges the reply to the line before.
    fileprivate var isJudgement: Bool {
        switch self {
        case .meta(let command, _): command.isJudgement
        case .wire, .shell, .nothing: false
        }
    }
}

extension Answered {
    /// The failure that it is, unless it was expected.
    var failure: Failure? {
        status.map { status in
            let about =
                stage == .greeting || stage == .proxy
                ? "the greeting" : line.isEmpty ? "an empty line" : SafeText.cut(SafeText.visible(line), to: 80)
            return Failure(
                status: status, text: "\(about): \(outcome)\(explanation)", stage: stage, isTemporary: isTemporary)
        }
    }

    /// The registry's explanation of a refusal.
    private var explanation: String {
        guard case .reply(let reply) = outcome, reply.code.rawValue >= 400 else { return "" }
        let known = StatusRegistry.explain(reply)
        return SafeText.visible(" (\(known.title): \(known.advice))")
    }
}

extension StatusRegistry {
    /// Explains a reply, by its status where it has one.
    static func explain(_ reply: Reply) -> CodeExplanation {
        let query = reply.status.map { CodeQuery.pair(reply.code, $0) } ?? .reply(reply.code.rawValue)
        let known = explain(query, in: "\(reply)")
        // Text such as "bad sequence of commands" only repeats the code. The code's own advice is more precise than
        // that for protocol errors in general.
        let isRepeated = known.isReasonFromText && known.decidingMeaning == nil && known.reason?.id == "protocol-error"
        return isRepeated && 500...504 ~= reply.code.rawValue ? explain(query) : known
    }
}
