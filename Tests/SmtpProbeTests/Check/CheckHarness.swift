import Foundation
import ProcessSupport
import Testing

/// Runs of the built `smtp-probe check`.
enum CheckTool {
    /// The result of a run, with its document.
    struct Run {
        let status: Int32
        let document: [String: Any]

        /// The verdicts by identifier; of several servers, the last one's.
        var verdicts: [String: String] {
            var verdicts: [String: String] = [:]
            for check in checks { verdicts[check["id"] as? String ?? ""] = check["verdict"] as? String }
            return verdicts
        }

        var checks: [[String: Any]] { document["checks"] as? [[String: Any]] ?? [] }

        /// The detail of a check.
        func detail(_ id: String) -> String {
            checks.last { $0["id"] as? String == id }?["detail"] as? String ?? "(no result for \(id))"
        }
    }

    /// Runs it with `--json`.
    static func run(_ arguments: [String]) async throws -> Run {
        let run = try await Script.run(["check", "--json"] + arguments)
        return Run(status: run.status, document: try await Probe.document(run.output))
    }

    /// The verdict of one check on a server.
    static func verdict(_ id: String, _ target: String, _ options: [String] = []) async throws -> String {
        let run = try await run(["--only", id, "--timeout", "20s"] + options + [target])
        return "\(run.verdicts[id] ?? "absent"): \(run.detail(id))"
    }
}
