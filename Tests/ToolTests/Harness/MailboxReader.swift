import Foundation
import ProcessSupport

/// An mbox as others read it.
enum MailboxReader {
    /// Returns the messages as `git mailsplit --mboxrd` finds them, with their trace fields, without the line before
    /// and the empty line after each.
    static func messages(in mbox: String) throws -> [[UInt8]] {
        // An empty mailbox is an error to git.
        guard FileManager.default.contents(atPath: mbox)?.isEmpty == false else { return [] }
        let folder = try TemporaryFolder()
        let result = try ChildProcess.run(["git", "mailsplit", "--mboxrd", "--keep-cr", "-o\(folder.path)", mbox])
        guard result.status == 0 else { throw HarnessError("git mailsplit: \(result.errors)") }
        return try folder.names.map { name in
            let message = folder.read(name)
            guard message.starts(with: "From ".utf8), message.suffix(2) == [10, 10] else {
                throw HarnessError("message \(name) has not its frame")
            }
            return Array(message.drop { $0 != 10 }.dropFirst().dropLast())
        }
    }

    /// A message without the fields that final delivery put above it.
    static func withoutTraceFields(_ message: [UInt8]) -> String {
        let lines = String(decoding: message, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let trace = ["Return-Path:", "Delivered-To:", "Received:", "\t"]
        return lines.drop { line in trace.contains { line.hasPrefix($0) } }.joined(separator: "\n")
    }

    /// How many messages Python's `mailbox` counts.
    static func countInPython(_ mbox: String) throws -> Int {
        let script = "import mailbox, sys; print(len(mailbox.mbox(sys.argv[1])))"
        let result = try ChildProcess.run(["python3", "-c", script, mbox])
        guard let count = Int(result.output.trimmingCharacters(in: .newlines)) else {
            throw HarnessError("python3: \(result.errors)")
        }
        return count
    }
}
