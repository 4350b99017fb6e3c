import CommandLineSupport
import Glibc
import SMTPKit

/// The tool without a terminal: lines from options, a file or standard input.
final class Batch {
    private let interpreter: Interpreter
    private let dialogue: Dialogue
    private let options: ScriptOptions

    init(_ interpreter: Interpreter, _ options: ScriptOptions) {
        self.interpreter = interpreter
        dialogue = interpreter.dialogue
        self.options = options
        dialogue.onSignal = { signal in
            if signal == SIGINT { throw Dialogue.Interruption.abandoned }
        }
    }

    /// Runs all lines, and sends QUIT after the last.
    ///
    /// - Throws: ``Failure`` for the first unexpected reply, ``Dialogue/Interruption``, or an error for
    ///   a line.
    func run() throws {
        do {
            try runLines()
        } catch let error as Dialogue.Interruption {
            // The process ends, and the document still tells where the dialogue was.
            throw error
        } catch {
            // RFC 5321, section 4.1.1.10: a client ends with QUIT, whatever made it end.
            try? interpreter.sayGoodbye()
            throw error
        }
    }

    private func runLines() throws {
        FileReader.wait = { [unowned self] in try waitForInput($0) }
        var lines = try sources()
        let first = try lines.next()
        guard first != nil || interpreter.target != nil else {
            throw Failure(
                status: .usage,
                text: "there is nothing to do: give lines with -c, -f or on standard input, or use a terminal")
        }
        try interpreter.start()
        var next: ScriptText? = first
        while let line = next, !interpreter.isEnded {
            interpreter.place = line.place
            do {
                try interpreter.run(line.octets)
            } catch let failure as Failure {
                throw failure
            } catch let error as Dialogue.Interruption {
                throw error
            } catch {
                try interpreter.fail(Failure(status: ExitStatus(error), text: "\(error)"))
            }
            next = try interpreter.isEnded ? nil : lines.next()
        }
        try interpreter.finish()
    }

    private func sources() throws -> ScriptSource {
        var files: [(LineReader, String)] = []
        if let file = options.file {
            files.append((try file == "-" ? standardInput : LineReader(path: file), file == "-" ? "" : "\(file), "))
        } else if options.command.isEmpty {
            files.append((standardInput, ""))
        }
        return ScriptSource(commands: options.command[...], files: files[...])
    }

    /// Waits for input. A script whose connection ends meanwhile ends as well, and so does one whose server has sent
    /// `421`, whether or not that server closes the connection.
    private func waitForInput(_ descriptor: Int32) throws {
        let wasOpen = dialogue.canContinue
        // The connection may also have ended before, with a reply that no line has judged yet.
        let hasEnded = try !dialogue.waitForInput(
            descriptor,
            while: {
                dialogue.canContinue || !(wasOpen || interpreter.hasUnjudgedFailure)
            })
        guard hasEnded else { return }
        interpreter.notePending()
        try interpreter.settle()
        try dialogue.waitForInput(descriptor)
    }

    private var standardInput: LineReader { LineReader(descriptor: 0, name: "standard input") }
}

/// One line of a script, with its place.
private struct ScriptText {
    let octets: [UInt8]
    /// `file, line 3: `, before what is said of it.
    let place: String
}

/// The lines of all options and files, in order.
private struct ScriptSource {
    var commands: ArraySlice<String>
    var files: ArraySlice<(LineReader, String)>

    mutating func next() throws -> ScriptText? {
        if let command = commands.popFirst() { return ScriptText(octets: Array(command.utf8), place: "") }
        while let (reader, name) = files.first {
            if let line = try reader.next() {
                return ScriptText(octets: line, place: "\(name)line \(reader.number): ")
            }
            files.removeFirst()
        }
        return nil
    }
}
