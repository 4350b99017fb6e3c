import Foundation
import ProcessSupport
import Testing

/// Tests run nothing that a fresh machine would lack after `Scripts/setup test`.
@Suite("Programs that Scripts/setup declares", .blocking)
struct DeclaredProgramTests {
    @Test func `one that is not declared is refused, with its name and the list it has to be in`() throws {
        let folder = try TemporaryFolder()
        try folder.write("#!/bin/sh\n".utf8, to: "undeclared-program")
        chmod(folder.file("undeclared-program"), 0o755)
        let path = ["PATH": folder.path]
        let error = #expect(throws: HarnessError.self) {
            try ChildProcess(["undeclared-program"], environment: path)
        }
        #expect(error?.description.hasPrefix("undeclared-program: declare it in Scripts/setup") == true)
        #expect(throws: HarnessError.self) { try Terminal(["undeclared-program"], environment: path) }
        #expect(throws: HarnessError.self) { try Companion("undeclared-program") }
        #expect(throws: HarnessError.self) { try ChildProcess(["/usr/bin/env"]) }
        #expect(try ChildProcess.run([folder.file("undeclared-program")]).status == 0)
    }

    /// Packages that are installed for other reasons, or by hand, are out of reach of scripts too.
    @Test func `a script finds what is declared, what that depends on, and what every Debian has`() throws {
        let script = "for program; do command -v \"$program\" >/dev/null || echo \"$program\"; done"
        let known = ["sh", "ls", "awk", "git", "swaks", "python3", "troff", "smtp-sink", "curl", "swift"]
        #expect(try ChildProcess.run(["sh", "-c", script, "sh"] + known).output == "")
        let unknown = ["shellcheck", "apt-file", "debootstrap", "hyperfine"]
        #expect(
            try ChildProcess.run(["sh", "-c", script, "sh"] + unknown).output == unknown.map { "\($0)\n" }.joined())
    }
}
