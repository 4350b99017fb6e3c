import ProcessSupport

/// Runs of the built `smtp-probe` without a terminal.
enum Script {
    /// Runs it to its end.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> (status: Int32, output: String, errors: String) {
        try await onThread {
            try ChildProcess.run(
                [BuiltTool.path("smtp-probe")] + arguments, input: Array(input.utf8), environment: environment)
        }
    }

    /// Runs lines that are given with `-c`.
    static func run(
        _ target: String, _ lines: [String], _ options: [String] = []
    ) async throws -> (status: Int32, output: String, errors: String) {
        try await run(options + lines.flatMap { ["-c", $0] } + [target])
    }
}
