import Foundation
import ProcessSupport

/// The outputs of a server in a folder.
struct OutputSet {
    /// The kinds of output.
    enum Output: String, CaseIterable {
        case mbox, json, maildir, dir, exec

        /// Whether it is one file.
        var isFile: Bool { self == .mbox || self == .json }
    }

    let folder: TemporaryFolder
    let outputs: [Output]
    /// The folder of the commands' files, which is never on a disk that fails.
    let commands: TemporaryFolder

    /// Chooses one output or several, of those that are allowed. One that is named twice is chosen more often.
    init(_ random: inout SeededGenerator, of allowed: [Output] = Output.allCases) throws {
        folder = try TemporaryFolder()
        commands = try TemporaryFolder()
        let chosen = allowed.filter { _ in Int.random(in: 0..<5, using: &random) < 2 }
        let few = chosen.isEmpty ? [allowed.randomElement(using: &random) ?? .mbox] : chosen
        outputs = Output.allCases.filter(few.contains)
        // The file has its final name when it is whole.
        let script = "cat >\"$1/.$SMTP_QUEUE_ID\" && mv \"$1/.$SMTP_QUEUE_ID\" \"$1/$SMTP_QUEUE_ID\"\n"
        try commands.write(script.utf8, to: ".keep")
    }

    /// The options of `smtpd-lite` for the outputs, which store messages as they were sent.
    var options: [String] {
        outputs.flatMap { output -> [String] in
            let command = "sh '\(commands.file(".keep"))' '\(commands.path)'"
            return ["--\(output.rawValue)", output == .exec ? command : folder.file(output.rawValue)]
        } + ["--raw-message"]
    }

    /// The names of the outputs, for messages.
    var names: String { outputs.map(\.rawValue).joined(separator: "+") }
}
