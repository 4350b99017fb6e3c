import Foundation
import ProcessSupport
import Testing

/// Runs of the built `smtp-probe load`.
enum LoadTool {
    /// The result of a run, with its document.
    struct Run {
        let status: Int32
        let document: [String: Any]
        let errors: String

        var load: [String: Any] { document["load"] as? [String: Any] ?? [:] }
        var codes: [String: Int] { load["codes"] as? [String: Int] ?? [:] }
        var failures: [String: Int] { load["failures"] as? [String: Int] ?? [:] }

        /// A count, such as `accepted`; -1 if there is none.
        func count(_ name: String) -> Int { load[name] as? Int ?? -1 }

        /// A figure of a latency, in milliseconds.
        func latency(_ name: String, _ figure: String) -> Double {
            ((load[name] as? [String: Any])?[figure] as? NSNumber)?.doubleValue ?? -1
        }

        /// Whether every message that was started has one end.
        var isBalanced: Bool { count("started") == count("accepted") + count("refused") + count("failed") }
    }

    /// Runs it with `--json`.
    static func run(_ arguments: [String]) async throws -> Run {
        let run = try await Script.run(["load", "--json"] + arguments)
        return Run(status: run.status, document: try await Probe.document(run.output), errors: run.errors)
    }

    /// Runs it beside `smtpd-lite`, with `--json`.
    static func run(beside options: [String], _ arguments: String) async throws -> Run {
        let script = "exec '\(Probe.path)' load --json \(arguments) \"$SMTP_HOST:$SMTP_PORT\""
        let run = try await onThread {
            try ChildProcess.run(
                [BuiltTool.path("smtpd-lite"), "-q", "--listen", "127.0.0.1:0"] + options + ["--", "sh", "-ec", script])
        }
        return Run(status: run.status, document: try await Probe.document(run.output), errors: run.errors)
    }
}
