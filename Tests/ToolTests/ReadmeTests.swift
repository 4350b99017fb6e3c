import Foundation
import ProcessSupport
import Testing

@Suite("The README and the pages for users", .blocking)
struct ReadmeTests {
    /// The code blocks of a kind in a page, without their fences.
    private static func blocks(_ kind: String, of page: String = "README.md") throws -> [String] {
        let text = try String(contentsOfFile: "\(BuiltTool.project)/\(page)", encoding: .utf8)
        return text.components(separatedBy: "```\(kind)\n").dropFirst().compactMap { rest in
            rest.components(separatedBy: "```\n").first
        }
    }

    /// Whether a line matches a pattern, in which `…` means any text, and the digits of dates mean any digits.
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

    /// Returns the difference between a command's output and a pattern, in which a line `…` means any lines.
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
        return lines.isEmpty || skips ? nil : "there is more: \(lines.joined(separator: "\n"))"
    }

    /// A folder with `./send-mail`, as the README has it, and the message that it sends.
    private static func folderWithSender() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(
            "From: joe@example.org\nTo: ann@example.net\nSubject: Hello\n\nOne line, and another.\n".utf8,
            to: "mail.txt")
        try folder.write(
            """
            From: MAILER-DAEMON@mx.example
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            Final-Recipient: rfc822; ann@example.org
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 User unknown
            --b--

            """.utf8, to: "bounce.eml")
        try folder.write(
            "status=bounced (host mx.example[192.0.2.1] said: 550 5.1.1 User unknown)\n".utf8, to: "mail.log")
        let script = try #require(try blocks("sh").first { $0.contains("--url") })
        // Written by a child: a file that this process has open for writing cannot be run.
        let path = folder.file("send-mail")
        let written = try ChildProcess.run(
            ["sh", "-c", "cat > '\(path)' && chmod 755 '\(path)'"], input: Array("#!/bin/sh\n\(script)".utf8))
        #expect(written.status == 0)
        return folder
    }

    /// Runs a script in a folder, with the built tools on `PATH`.
    private static func run(
        _ script: String, in folder: TemporaryFolder
    ) throws -> (status: Int32, output: String, errors: String) {
        try ChildProcess.run(
            ["sh", "-c", "cd '\(folder.path)' || exit 1; \(script)"],
            environment: ["PATH": "\(BuiltTool.tools):\(try ChildProcess.searchPath)"])
    }

    @Test(arguments: ["README.md", "docs/ci.md"])
    func `the script for a CI job passes for the right message, and for no other`(page: String) async throws {
        try await onThread {
            let script = try #require(try Self.blocks("sh", of: page).first { $0.contains("--mbox sent.mbox") })
            let folder = try Self.folderWithSender()
            #expect(try Self.run(script, in: folder).status == 0)
            // The mbox is still there: now there are two.
            #expect(try Self.run(script, in: folder).status != 0)
        }
    }

    @Test func `the step of a workflow passes when the mail goes out once, and not when there is none`() async throws {
        try await onThread {
            let step = try #require(
                try Self.blocks("yaml", of: "docs/ci.md").first?.components(separatedBy: "  run: |\n").last)
            let script = "set -e\n" + step.replacing("\n    ", with: "\n").drop { $0 == " " }
            let folder = try Self.folderWithSender()
            let result = try Self.run(script, in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == "joe@example.org\n")
            let other = try Self.run(script.replacing("./send-mail", with: "true"), in: try TemporaryFolder())
            #expect(other.status == 124)
        }
    }

    @Test func `the fixture for pytest works`() async throws {
        try await onThread {
            let folder = try TemporaryFolder()
            try folder.write(try #require(try Self.blocks("python", of: "docs/ci.md").first).utf8, to: "test_mail.py")
            let result = try Self.run(
                "'\(BuiltTool.project)/.build-venv/bin/python' -m pytest -q -p no:cacheprovider test_mail.py",
                in: folder)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains("1 passed"))
        }
    }

    @Test func `the server and the client side by side say what they are shown to say`() async throws {
        try await onThread {
            let screen = try #require(try Self.blocks("text").first)
            let columns = screen.split(separator: "\n").map { $0.split(separator: "│ ", maxSplits: 1) }
            #expect(columns.count >= 15 && columns.allSatisfy { (1...2).contains($0.count) })
            func column(_ index: Int) -> [String] {
                columns.map { index < $0.count ? String($0[index]).replacing(/[ │]+$/, with: "") : "" }
            }
            // The port is another, and for one family of addresses alone.
            let left = column(0).filter { !$0.contains("[::1]") }.map { $0.replacing("2525", with: "…") }
            let right = column(1).map { $0.replacing("2525", with: "…") }
            let server = left[0].dropFirst(2).replacing("-p …", with: "-l 127.0.0.1:0 --format pretty")
            let client = right[0].dropFirst(2).replacing("localhost:…", with: "$SMTP_HOST:$SMTP_PORT")
            let folder = try TemporaryFolder()
            _ = try Self.run("\(server) -- sh -c '\(client) >client 2>&1' >server 2>&1", in: folder)
            for (name, expected) in [("server", left), ("client", right)] {
                // A column has an empty row wherever the other one has more to say.
                let lines = String(decoding: folder.read(name), as: UTF8.self).split(separator: "\n")
                let rows = expected.dropFirst().filter { !$0.isEmpty }
                let mismatch = Self.mismatch(lines.joined(separator: "\n"), rows.joined(separator: "\n"))
                #expect(mismatch == nil, "\(name)")
            }
        }
    }

    @Test func `the sessions run as they are written`() async throws {
        try await onThread {
            let folder = try Self.folderWithSender()
            let sessions = try Self.blocks("console")
            #expect(sessions.count == 9)
            for session in sessions {
                for step in "\n\(session)".components(separatedBy: "\n$ ").dropFirst() {
                    let command = step.prefix { $0 != "\n" }
                    let result = try Self.run("{ \(command); } 2>&1", in: folder)
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
