import Foundation
import ProcessSupport
import Testing

/// The built `smtp-probe`.
enum Probe {
    static let path = BuiltTool.path("smtp-probe")

    /// The result of a run.
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs `smtp-probe send` to its end.
    static func send(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) async throws -> Result {
        try await onThread {
            let result = try ChildProcess.run(
                [path, "send"] + arguments, input: input,
                environment: ["LOGNAME": "tester", "NO_COLOR": ""].merging(environment) { $1 })
            return Result(status: result.status, output: result.output, errors: result.errors)
        }
    }

    /// A document as Python reads it, a strict reader, once it was found valid by the published schema.
    static func document(_ text: String) async throws -> [String: Any] {
        let script = """
            import json, sys, jsonschema
            document = json.loads(sys.stdin.buffer.read().decode('utf-8'), parse_constant=int)
            jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(document)
            print(json.dumps(document))
            """
        let words = [
            "\(BuiltTool.project)/.build-venv/bin/python", "-c", script,
            "\(BuiltTool.project)/docs/smtp-probe.schema.json",
        ]
        let result = try await onThread { try ChildProcess.run(words, input: Array(text.utf8)) }
        try #require(result.status == 0, "\(result.errors)\n\(text)")
        return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }
}
