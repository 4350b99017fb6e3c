import ProcessSupport
import Testing

@Suite("Manual page and completions", .blocking)
struct GeneratedFilesTests {
    @Test(arguments: ["smtpd-lite", "smtp-probe"])
    func `they are what the tool would write today`(name: String) async throws {
        try await onThread {
            let script = "\(BuiltTool.project)/Scripts/manual"
            let tool = BuiltTool.path(name)
            let result = try ChildProcess.run(["python3", script, "--check", "--tool", tool, name])
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test(arguments: ["smtpd-lite", "smtp-probe"])
    func `the manual page is set without a warning`(name: String) async throws {
        try await onThread {
            let page = "\(BuiltTool.project)/man/\(name).1"
            let result = try ChildProcess.run(["man", "--warnings=w", "--local-file", "-Tutf8", page])
            #expect(result.status == 0)
            #expect(result.errors.isEmpty, "\(result.errors)")
            #expect(result.output.contains("SEE ALSO") || result.output.contains("S\u{8}SE"))
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"], ["smtpd-lite", "smtp-probe"])
    func `a shell can read the completions`(shell: String, name: String) async throws {
        try await onThread {
            let script = "\(BuiltTool.project)/completions/\(name).\(shell)"
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
