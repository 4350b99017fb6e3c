import ProcessSupport
import Testing

@Suite("Manual page and completions")
struct GeneratedFilesTests {
    @Test func `they are what the tool would write today`() async throws {
        try await onThread {
            let script = "\(BuiltTool.project)/Scripts/manual"
            let tool = BuiltTool.path("smtpd-lite")
            let result = try ChildProcess.run(["python3", script, "--check", "--tool", tool, "smtpd-lite"])
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test func `the manual page is set without a warning`() async throws {
        try await onThread {
            let page = "\(BuiltTool.project)/man/smtpd-lite.1"
            let result = try ChildProcess.run(["man", "--warnings=w", "--local-file", "-Tutf8", page])
            #expect(result.status == 0)
            #expect(result.errors.isEmpty, "\(result.errors)")
            #expect(result.output.contains("EXIT STATUS") || result.output.contains("E\u{8}EX"))
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `a shell can read its completions`(shell: String) async throws {
        try await onThread {
            let script = "\(BuiltTool.project)/completions/smtpd-lite.\(shell)"
            let result = try ChildProcess.run([shell, "-n", script])
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test func `the completions of bash know options and values`() async throws {
        try await onThread {
            let script = """
                source '\(BuiltTool.project)/completions/smtpd-lite.bash'
                COMP_WORDS=(smtpd-lite --bare-newline n) COMP_CWORD=2 COMP_LINE='smtpd-lite --bare-newline n' COMP_POINT=28
                _smtpd-lite smtpd-lite n --bare-newline
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            let result = try ChildProcess.run(["bash", "-c", script])
            #expect(result.output.contains("normalize"), "\(result.output)\(result.errors)")
        }
    }
}
