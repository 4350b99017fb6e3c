import Foundation
import ProcessSupport
import Testing

/// The form in which the three tools give help, versions and errors is the same.
@Suite("One look", .blocking)
struct LookTests {
    static let tools = ["smtpd-lite", "smtp-probe", "smtp-codes"]

    private struct Run {
        let output: String
        let errors: String
        let status: Int32
    }

    private func run(_ tool: String, _ words: [String], environment: [String: String] = [:]) throws -> Run {
        let process = try ChildProcess([BuiltTool.path(tool)] + words, environment: environment)
        let status = process.wait()
        return Run(
            output: String(decoding: process.standardOutput, as: UTF8.self), errors: process.standardError,
            status: status)
    }

    @Test(arguments: tools, ["-h", "--help"])
    func `help is one screen with usage, options and examples`(tool: String, option: String) throws {
        let help = try run(tool, [option])
        #expect(help.status == 0 && help.errors.isEmpty)
        let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 33 && lines.allSatisfy { $0.count <= 110 })
        #expect(lines[0].hasPrefix("\(tool): ") && lines[0].hasSuffix("."))
        #expect(lines[1].isEmpty)
        #expect(lines[2].hasPrefix("USAGE: \(tool) [options]"))
        let examples = try #require(lines.firstIndex(of: "EXAMPLES:"))
        #expect(lines[(examples + 1)...].prefix { $0.hasPrefix("  \(tool) ") }.count >= 3)
        #expect(lines.last?.isEmpty == true && lines.dropLast().last?.contains("\(tool) --help-all") == true)
        #expect(help.output.contains("man \(tool)"))
    }

    @Test(arguments: tools)
    func `all have the options of every tool, and list them`(tool: String) throws {
        let all = try run(tool, ["--help-all"])
        #expect(all.status == 0 && all.errors.isEmpty)
        #expect(all.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        for option in ["-v, --verbose", "-q, --quiet", "--color", "--help", "--version"] {
            #expect(all.output.contains(option), "\(option)")
        }
        for option in ["--verbose", "--quiet", "--color"] {
            #expect(try run(tool, ["--help"]).output.contains(option), "\(option)")
        }
    }

    @Test(arguments: tools)
    func `a version is the name and the number`(tool: String) throws {
        let version = try run(tool, ["--version"])
        #expect(version.status == 0 && version.errors.isEmpty)
        let words = version.output.split { $0 == " " || $0 == "\n" }
        #expect(words.count == 2 && words[0] == tool && version.output == words.joined(separator: " ") + "\n")
        #expect(try version.output.dropFirst(tool.count) == run("smtp-codes", ["--version"]).output.dropFirst(10))
    }

    @Test(arguments: tools)
    func `a wrong option gets one line with its name, the right one and the way to the help`(tool: String) throws {
        for (word, near) in [("--verbos", "; did you mean --verbose?"), ("--bogus", "")] {
            let refused = try run(tool, [word])
            #expect(refused.status != 0 && refused.output.isEmpty)
            #expect(refused.errors == "\(tool): there is no option \(word)\(near) (see \(tool) --help)\n")
        }
    }

    @Test(arguments: tools)
    func `quiet and verbose contradict each other, and colours have three words`(tool: String) throws {
        let operand = tool == "smtpd-lite" ? [] : ["550"]
        let both = try run(tool, ["-q", "-v"] + operand)
        #expect(both.status != 0 && both.errors.hasPrefix("\(tool): "))
        #expect(both.errors.contains("--verbose and --quiet contradict each other"))
        let color = try run(tool, ["--color", "purple"] + operand)
        #expect(color.status != 0 && color.errors.hasPrefix("\(tool): ") && color.errors.contains("'purple'"))
        #expect(color.errors.contains("auto") && color.errors.contains("always") && color.errors.contains("never"))
    }

    @Test func `a file that cannot be opened is named first, then the reason`() throws {
        let path = "/nonexistent/file"
        let runs = [
            ("smtpd-lite", ["-p", "0", "--once", "--mbox", path]), ("smtp-codes", ["--count", path]),
            ("smtp-probe", ["-f", path, "localhost"]),
        ]
        for (tool, words) in runs {
            let refused = try run(tool, words)
            #expect(refused.status != 0)
            let line = refused.errors.split(separator: "\n").last ?? ""
            #expect(line.hasPrefix("\(tool): \(path): cannot open: No such file or directory"), "\(refused.errors)")
        }
    }

    @Test(arguments: tools)
    func `the manual page names the project and the tool`(tool: String) throws {
        let page = try ChildProcess.run(["man", "--local-file", "-Tascii", "\(BuiltTool.project)/man/\(tool).1"])
        let lines = page.output.split(separator: "\n")
        let name = "\(tool.uppercased())(1)"
        #expect(lines.first?.hasPrefix(name) == true && lines.first?.hasSuffix(name) == true, "\(lines.first ?? "")")
        #expect(lines.first?.contains("SMTPKit") == true || lines.last?.contains("SMTPKit") == true)
    }
}
