import Foundation
import ProcessSupport

/// Runs the built `smtp-codes`, and shells that have it in their path.
struct Tool {
    struct Run {
        let output: Data
        let errors: String
        let status: Int32
        var text: String { String(decoding: output, as: UTF8.self) }
        var lines: [String] { text.split(separator: "\n").map(String.init) }
    }

    /// The root of the repository.
    static let root = URL(filePath: BuiltTool.project)

    static let path = BuiltTool.path("smtp-codes")

    static func run(_ arguments: [String], input: Data = Data(), environment: [String: String] = [:]) throws -> Run {
        try execute([path] + arguments, input: input, environment: environment)
    }

    static func run(_ arguments: String..., input: String) throws -> Run {
        try run(arguments, input: Data(input.utf8))
    }

    static func run(_ arguments: String...) throws -> Run { try run(arguments) }

    /// Runs a script in a real shell; the tool is in its path.
    static func shell(_ shell: String, _ script: String, options: [String] = []) throws -> Run {
        let programs = try ChildProcess.searchPath
        let home = try TemporaryFolder()
        return try execute(
            [shell] + options + ["-c", script],
            environment: ["PATH": "\(BuiltTool.tools):\(programs)", "HOME": home.path, "TERM": "dumb"]
        )
    }

    /// Runs a program.
    static func execute(
        _ words: [String], input: Data = Data(), environment: [String: String] = [:]
    ) throws -> Run {
        let process = try ChildProcess(words, input: Array(input), environment: environment)
        let status = process.wait()
        return Run(output: Data(process.standardOutput), errors: process.standardError, status: status)
    }

    static func file(_ name: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
    }
}
