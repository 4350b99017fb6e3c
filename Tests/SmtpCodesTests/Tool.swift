import Foundation

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
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The tool, as the build has put it beside the test bundle.
    static let path: String = {
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("smtp-codes").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return root.appendingPathComponent(".build/debug/smtp-codes").path
    }()

    static func run(_ arguments: [String], input: Data = Data(), environment: [String: String] = [:]) throws -> Run {
        try execute(path, arguments, input: input, environment: environment)
    }

    static func run(_ arguments: String..., input: String) throws -> Run {
        try run(arguments, input: Data(input.utf8))
    }

    static func run(_ arguments: String...) throws -> Run { try run(arguments) }

    /// Runs a script in a real shell; the tool is in its path.
    static func shell(_ shell: String, _ script: String, options: [String] = []) throws -> Run {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let inherited = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try execute(
            "/usr/bin/env",
            [shell] + options + ["-c", script],
            environment: ["PATH": "\(folder):\(inherited)", "HOME": NSTemporaryDirectory(), "TERM": "dumb"]
        )
    }

    /// Runs a program. Its streams are files, so that no pipe can fill up.
    static func execute(
        _ program: String,
        _ arguments: [String],
        input: Data = Data(),
        environment: [String: String] = [:]
    ) throws -> Run {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
        try input.write(to: files[0])
        try Data().write(to: files[1])
        try Data().write(to: files[2])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        return Run(
            output: try Data(contentsOf: files[1]),
            errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self),
            status: process.terminationStatus
        )
    }

    static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("smtp-codes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static func file(_ name: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
    }
}
