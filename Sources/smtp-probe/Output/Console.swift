import CommandLineSupport
import Glibc
import SMTPKit

/// Where everything is said that is for a person.
///
/// On a terminal all of it goes to the screen, and the line that is being typed is drawn again below. In a script the
/// dialogue goes to standard output, and what went wrong to standard error. Nothing that came from a server gets there
/// without ``CommandLineSupport/SafeText``.
final class Console {
    /// How a line is coloured.
    enum Style {
        case plain, sent, good, warning, bad, faint

        fileprivate var code: String? {
            switch self {
            case .plain: nil
            case .sent: "36"
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            case .faint: "2"
            }
        }
    }

    let isInteractive: Bool
    let isVerbose: Bool
    let isQuiet: Bool
    private let colors: (output: Bool, errors: Bool)
    /// Clears the line that is being typed, runs what is given, and draws the line again.
    var besideInput: (() -> Void) -> Void = { $0() }

    init(_ options: OutputOptions, isInteractive: Bool) {
        self.isInteractive = isInteractive
        isVerbose = options.verbose
        isQuiet = options.quiet || options.json
        colors = (options.usesColor(on: 1), options.usesColor(on: 2))
    }

    /// Shows a part of the dialogue.
    func say(_ line: String, _ style: Style = .plain) {
        guard !isQuiet || isInteractive else { return }
        write(line, style, to: 1)
    }

    /// Shows what a command was asked for.
    ///
    /// - Parameter hanging: how far further lines are indented, on a terminal where it takes more than one.
    func show(_ line: String, _ style: Style = .plain, hanging: Int? = nil) { write(line, style, to: 1, hanging) }

    /// Shows what a person may want to know besides the dialogue.
    func note(_ line: String) {
        guard isInteractive ? !isQuiet : isVerbose else { return }
        write("* \(line)", .faint, to: isInteractive ? 1 : 2, 2)
    }

    /// Shows what went wrong.
    func complain(_ line: String) {
        write(isInteractive ? "! \(line)" : "smtp-probe: \(line)", .bad, to: isInteractive ? 1 : 2, 2)
    }

    private func write(_ line: String, _ style: Style, to descriptor: Int32, _ hanging: Int? = nil) {
        var lines = [line]
        if isInteractive, let columns = Screen.columns {
            lines = FoldedLines.fold(line, columns: columns, hanging: hanging ?? line.prefix { $0 == " " }.count)
        }
        let code = (descriptor == 1 ? colors.output : colors.errors) ? style.code : nil
        let text = lines.map { line in code.map { "\u{1B}[\($0)m\(line)\u{1B}[0m\n" } ?? "\(line)\n" }.joined()
        besideInput {
            // There is no one left to tell when the terminal is gone.
            try? Descriptor.write(text, to: descriptor)
        }
    }
}
