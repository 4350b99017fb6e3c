import CommandLineSupport
import Dispatch
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
    ///
    /// The line has a queue of its own: a task would need a thread of the pool each time, see ``Privileges``.
    func showLiveLine(_ errors: ErrorOutput) async {
        guard hasLiveLine, let statistics else { return }
        let queue = DispatchQueue(label: "smtpd-lite.live-line")
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now(), repeating: .milliseconds(500))
        timer.setEventHandler {
            var size = winsize()
            let width = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) - 1 : 79
            errors.show(String(statistics.liveLine().prefix(width)))
        }
        timer.activate()
        // Nothing is sent into the stream before it ends, which it does when the task is cancelled.
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        continuation.finish()
        timer.cancel()
        // A line that is being shown is done.
        queue.sync {}
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
