import CommandLineSupport
import Glibc
import SMTPKit

/// The tool on a terminal.
final class Shell {
    private let interpreter: Interpreter
    private let dialogue: Dialogue
    private let console: Console
    private let editor = LineEditor()
    private let keyboard = KeyboardHold()
    private let history = HistoryFile()
    /// How often the user asked for the end of what is waited for.
    private var interrupts = 0
    /// Whether a question of the tool itself is asked, which Ctrl-C and Ctrl-D cancel.
    private var isAsking = false
    /// Whether it was explained how a message ends.
    private var hasExplainedContent = false

    /// The user does not want to answer a question.
    private struct Cancelled: Error {}

    /// Lines that were pasted at once, after the one that is run.
    private var pasted: [[UInt8]] = []

    init(_ interpreter: Interpreter) {
        self.interpreter = interpreter
        dialogue = interpreter.dialogue
        console = interpreter.console
        if let history { editor.recall(from: history.path, limit: HistoryFile.limit) }
        editor.complete = { [unowned self] before, word in
            guard !dialogue.isInContent else { return [] }
            return Completer(capabilities: dialogue.live?.session.capabilities).words(before, word)
        }
        console.besideInput = { [editor] body in editor.beside(body) }
        dialogue.onInterrupt = { [unowned self] in interrupted() }
        dialogue.onSignal = { [unowned self] in try handle($0) }
        dialogue.onSilence = { [console] stage, limit in
            console.note("waiting for \(stage), up to \(limit.inWords); Ctrl-C twice gives up")
        }
        interpreter.askForSecret = { [unowned self] prompt in
            isAsking = true
            defer { isAsking = false }
            guard case .line(let line) = try read(prompt, isHidden: true) else { throw Cancelled() }
            return Secret(line)
        }
        interpreter.outside = { [keyboard] body in
            keyboard?.end()
            defer { keyboard?.begin() }
            return try body()
        }
        for signal in [SIGTSTP, SIGWINCH] { SignalPipe.catchSignal(signal) }
    }

    /// Runs what is typed until the end.
    ///
    /// - Throws: ``Dialogue/Interruption/ended(_:)``, with the terminal restored.
    func run() throws {
        keyboard?.begin()
        defer {
            editor.end()
            keyboard?.end()
        }
        console.note("type SMTP, or :help for the commands; TAB completes, Ctrl-D quits")
        try attempt { try interpreter.start() }
        while !interpreter.isEnded {
            guard let line = try nextLine() else {
                try attempt { try interpreter.quit() }
                break
            }
            if line.isEmpty, !dialogue.isOpen { continue }
            let isDoubtful = interpreter.isDoubtful(line)
            if !isDoubtful { keep(line) }
            let isValid = try attempt { try interpreter.run(line) }
            if isDoubtful, isValid { keep(line) }
        }
    }

    private func nextLine() throws -> [UInt8]? {
        if !pasted.isEmpty {
            let line = pasted.removeFirst()
            let prompt = Prompt.text(dialogue, interpreter.target, isCollecting: interpreter.collected != nil)
            console.show(prompt + (interpreter.hides(line) ? "***" : SafeText.visible(octets: line)))
            return line
        }
        let prompt = Prompt.text(dialogue, interpreter.target, isCollecting: interpreter.collected != nil)
        if dialogue.isInContent, !hasExplainedContent {
            hasExplainedContent = true
            console.note("a dot alone on a line ends the message; Ctrl-D abandons it and closes the connection")
        }
        editor.insertsTabs = dialogue.isInContent && interpreter.collected == nil
        let isResponse = dialogue.isInAuthentication
        switch try isResponse ? readResponse(prompt) : read(prompt, isHidden: false) {
        case .end: return nil
        case .line(let text):
            var lines = text.split(separator: 10, omittingEmptySubsequences: false).map { line in
                line.last == 13 ? Array(line.dropLast()) : Array(line)
            }
            if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
            pasted = Array(lines.dropFirst())
            return lines.first ?? []
        }
    }

    /// Reads a response of an authentication, which Ctrl-C and Ctrl-D cancel (RFC 4954, section 4).
    private func readResponse(_ prompt: String) throws -> LineEditor.Input {
        isAsking = true
        defer { isAsking = false }
        do {
            let input = try read(prompt, isHidden: true)
            return input == .end ? .line([UInt8(ascii: "*")]) : input
        } catch is Cancelled {
            return .line([UInt8(ascii: "*")])
        }
    }

    private func read(_ prompt: String, isHidden: Bool) throws -> LineEditor.Input {
        editor.begin(prompt, isHidden: isHidden)
        defer { editor.end() }
        while true {
            try dialogue.waitForInput(0)
            if let input = editor.readReady() { return input }
        }
    }

    /// Keeps a line in the history for later sessions, unless it may be a secret or a part of a message.
    private func keep(_ line: [UInt8]) {
        guard !line.isEmpty, !dialogue.isInContent, !interpreter.hides(line) else {
            return
        }
        let text = String(decoding: line, as: UTF8.self)
        editor.remember(text)
        history?.add(text)
    }

    /// Runs something; what is wrong with it is said, and the shell goes on.
    ///
    /// - Returns: whether nothing was wrong.
    @discardableResult
    private func attempt(_ body: () throws -> Void) throws -> Bool {
        interrupts = 0
        do {
            try body()
            return true
        } catch Dialogue.Interruption.abandoned {
            pasted = []
            dialogue.abandonWait()
            console.complain(
                dialogue.isOpen
                    ? "not waited for any longer; the dialogue is out of sync (:close or :reconnect)" : "abandoned")
        } catch is Cancelled {
            console.complain("cancelled")
        } catch let error as Dialogue.Interruption {
            throw error
        } catch let failure as Failure {
            console.complain(SafeText.visible(failure.text))
        } catch {
            pasted = []
            console.complain(SafeText.visible("\(error)"))
        }
        return false
    }

    private func interrupted() -> Bool {
        interrupts += 1
        if interrupts == 1 { console.complain("still waiting; Ctrl-C again does not wait any longer") }
        return interrupts > 1
    }

    private func handle(_ signal: Int32) throws {
        switch signal {
        case SIGINT where isAsking:
            pasted = []
            console.show("^C")
            throw Cancelled()
        case SIGINT:
            pasted = []
            editor.dropLine()
        case SIGWINCH: editor.resize()
        case SIGTSTP:
            editor.suspend {
                keyboard?.end()
                defer { keyboard?.begin() }
                Glibc.signal(SIGTSTP, SIG_DFL)
                kill(getpid(), SIGTSTP)
                SignalPipe.catchSignal(SIGTSTP)
            }
        case _: return
        }
    }
}
