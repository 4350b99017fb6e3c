import CommandLineSupport
import Glibc
import SMTPKit

/// Everybody who follows what a server does, beside the conditions for its end.
struct Observers: Sendable {
    /// Those who follow the dialogues.
    var sinks: [any DialogueSink] = []
    /// Writes a line for each refusal; `nil` when only errors are written.
    var remarks: RemarkPrinter?
    /// The file of the transcript.
    var transcript: ErrorOutput?
    /// The counts, when they are asked for.
    var statistics: Statistics?
    /// Whether the terminal has nothing else to show that a live line would be in the way of.
    var hasLiveLine = false

    /// Shows the counts twice a second until the task is cancelled.
    func showLiveLine(_ errors: ErrorOutput) async {
        guard hasLiveLine, let statistics else { return }
        while !Task.isCancelled {
            var size = winsize()
            let width = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) - 1 : 79
            errors.show(String(statistics.liveLine().prefix(width)))
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    /// Writes what is to be written at the end, and waits until it is.
    func finish(_ errors: ErrorOutput) {
        errors.show("")
        // On a terminal the line may begin with the ^C that ended the run.
        if let statistics { errors.say(isatty(2) == 1 ? "\n\(statistics.lastLine)" : statistics.json) }
        errors.flush()
        transcript?.flush()
    }
}
