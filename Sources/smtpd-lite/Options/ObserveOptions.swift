import ArgumentParser
import CommandLineSupport
import Glibc
import SMTPKit

/// Options for standard error.
struct ObserveOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Show the dialogue on standard error.")
    var verbose = false

    @Flag(name: [.short, .long], help: "Print only errors on standard error.")
    var quiet = false

    @Option(
        help: ArgumentHelp("Append the dialogues to FILE, each line with its time.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var transcript: String?

    @Flag(help: "Show totals and the rate, in a live line on a terminal, as JSON at the end otherwise.")
    var stats = false

    @Flag(
        help: ArgumentHelp(
            "Warn of what is wrong with messages; replies stay the same.",
            discussion:
                "Bare newlines, 8-bit octets without BODY=8BITMIME, lines of more than 998 octets, NULs, fields that are "
                + "malformed, missing or there twice."))
    var lint = false

    mutating func validate() throws {
        if verbose, quiet { throw ValidationError("--verbose and --quiet contradict each other; give one of them") }
    }

    /// Those who follow what the server does.
    ///
    /// - Parameters:
    ///   - wording: what is said of refusals.
    ///   - color: when the dialogue gets colours.
    ///   - showsMessages: whether messages go to standard output.
    /// - Throws: ``SystemError`` when the transcript cannot be opened.
    func observers(
        _ errors: ErrorOutput, _ wording: RemarkWording, color: Coloring, showsMessages: Bool
    ) throws -> Observers {
        var observers = Observers()
        if !quiet { observers.remarks = RemarkPrinter(errors, wording) }
        if verbose { observers.sinks.append(DialoguePrinter(errors, isColored: color.isWanted(on: 2))) }
        if let transcript {
            let descriptor = open(transcript, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw SystemError("open", path: transcript, errno) }
            let output = ErrorOutput(descriptor: descriptor) { error in
                errors.say(
                    "smtpd-lite: the transcript \(SafeText.visible(transcript)) has gaps from here on: cannot \(error)")
            }
            observers.transcript = output
            observers.sinks.append(DialoguePrinter(output, isColored: false, showsTime: true))
        }
        if lint { observers.sinks.append(Lint(errors)) }
        if stats {
            observers.statistics = Statistics()
            // A message that is printed between two lines would begin in the middle of one.
            observers.hasLiveLine = isatty(2) == 1 && !(showsMessages && isatty(1) == 1)
        }
        return observers
    }
}
