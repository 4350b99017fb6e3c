import Foundation
import ProcessSupport
import Testing

@Suite("The README")
struct ReadmeTests {
    /// The blocks of a kind, without their fences.
    private static func blocks(_ kind: String) throws -> [String] {
        let text = try String(contentsOfFile: "\(BuiltTool.project)/README.md", encoding: .utf8)
        return text.components(separatedBy: "```\(kind)\n").dropFirst().compactMap { rest in
            rest.components(separatedBy: "```\n").first
        }
    }

    /// A line's pattern, in which `…` stands for anything and digits of dates for any.
    private static func matches(_ line: Substring, _ expected: Substring) -> Bool {
        let expected = expected.replacing("Sun Nov 22", with: "…").replacing("Sun, 22 Nov", with: "…")
        let parts = expected.components(separatedBy: "…")
        guard parts.count > 1 else { return line == expected }
        guard line.hasPrefix(parts[0]), line.hasSuffix(parts[parts.count - 1]) else { return false }
        var rest = line
        for part in parts where !part.isEmpty {
            guard let range = rest.range(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    /// What is wrong with a command's output, in which a line `…` stands for any lines.
    private static func mismatch(_ output: String, _ expected: String) -> String? {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false)[...]
        var skips = false
        for pattern in expected.split(separator: "\n", omittingEmptySubsequences: false) {
            if pattern == "…" {
                skips = true
                continue
            }
            if skips { lines = lines.drop { !matches($0, pattern) } }
            guard let line = lines.popFirst(), matches(line, pattern) else {
                return "\(pattern) was expected in\n\(output)"
            }
            skips = false
        }
        return lines.isEmpty ? nil : "there is more: \(lines.joined(separator: "\n"))"
    }

    @Test func `its sessions run as they are written`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            try folder.write(
                "From: joe@example.org\nTo: ann@example.net\nSubject: Hello\n\nOne line, and another.\n".utf8,
                to: "mail.txt")
            let script = try #require(try Self.blocks("sh").first { $0.contains("--url") })
            // Written by a child: a file that this process has open for writing cannot be run.
            let path = folder.file("send-mail")
            let written = try ChildProcess.run(
                ["sh", "-c", "cat > '\(path)' && chmod 755 '\(path)'"], input: Array("#!/bin/sh\n\(script)".utf8))
            #expect(written.status == 0)
            let sessions = try Self.blocks("console")
            #expect(sessions.count == 4)
            let programs = ProcessInfo.processInfo.environment["PATH"] ?? ""
            for session in sessions {
                for step in "\n\(session)".components(separatedBy: "\n$ ").dropFirst() {
                    let command = step.prefix { $0 != "\n" }
                    let result = try ChildProcess.run(
                        ["sh", "-c", "cd '\(folder.path)' || exit 1; { \(command); } 2>&1"],
                        environment: ["PATH": "\(BuiltTool.folder):\(programs)"])
                    let expected = step.dropFirst(command.count).dropFirst()
                    let mismatch = Self.mismatch(
                        result.output.hasSuffix("\n") ? String(result.output.dropLast()) : result.output,
                        expected.hasSuffix("\n") ? String(expected.dropLast()) : String(expected))
                    #expect(mismatch == nil, "\(command)")
                }
            }
        }
    }
}
