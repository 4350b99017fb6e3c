import Foundation
import ProcessSupport
import Testing

@Suite("Generated files are current", .blocking)
struct GeneratedFilesTests {
    @Test func `the registry is what its tables say`() throws {
        let temporary = try TemporaryFolder()
        let folder = URL(filePath: temporary.path)
        let script = Tool.root.appendingPathComponent("Scripts/generate-registry").path
        let run = try Tool.execute(["python3", script, folder.path])
        try #require(run.status == 0, "\(run.errors)")
        let tables = Tool.root.appendingPathComponent("Sources/SMTPKit/Core/Registry/Tables")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(try names == FileManager.default.contentsOfDirectory(atPath: tables.path).sorted())
        #expect(names.count == 7)
        for name in names {
            let fresh = try Data(contentsOf: folder.appendingPathComponent(name))
            let committed = try Data(contentsOf: tables.appendingPathComponent(name))
            #expect(fresh == committed, "\(name): run Scripts/generate-registry")
        }
    }

    @Test func `a table that does not fit is refused with its place`() throws {
        let temporary = try TemporaryFolder()
        let folder = URL(filePath: temporary.path)
        for part in ["Data", "Scripts"] {
            try FileManager.default.copyItem(
                at: Tool.root.appendingPathComponent(part),
                to: folder.appendingPathComponent(part)
            )
        }
        let table = folder.appendingPathComponent("Data/providers.tsv")
        try (try String(contentsOf: table, encoding: .utf8) + "broken\trow\n").write(
            to: table,
            atomically: true,
            encoding: .utf8
        )
        let script = folder.appendingPathComponent("Scripts/generate-registry").path
        let run = try Tool.execute(["python3", script, folder.appendingPathComponent("out").path])
        #expect(run.status == 1)
        #expect(run.errors.contains("providers.tsv:69: 2 cells, the header has 3"))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `the completion script is what the tool writes`(shell: String) throws {
        let run = try Tool.run("--generate-completion-script", shell)
        #expect(run.status == 0)
        #expect(try run.text == Tool.file("completions/smtp-codes.\(shell)"))
    }

    @Test func `the manual page is what the tool writes`() throws {
        let run = try Tool.run("--generate-manual")
        #expect(run.status == 0)
        #expect(try run.text == Tool.file("man/smtp-codes.1"))
    }

    @Test func `summary, manual and completions name every option that the parser knows`() throws {
        let dump = try Tool.run("--experimental-dump-help")
        let object = try #require(try JSONSerialization.jsonObject(with: dump.output) as? [String: Any])
        let command = try #require(object["command"] as? [String: Any])
        let arguments = try #require(command["arguments"] as? [[String: Any]])
        let names = arguments.filter { $0["shouldDisplay"] as? Bool ?? true }
            .flatMap { ($0["names"] as? [[String: String]]) ?? [] }.filter { $0["kind"] == "long" }
            .compactMap { $0["name"] }
        #expect(names.count >= 15)
        let help = try Tool.run("--help-all").text
        let manual = try Tool.file("man/smtp-codes.1")
        let scripts = try ["bash", "zsh", "fish"].map { try Tool.file("completions/smtp-codes.\($0)") }
        for name in names {
            #expect(help.contains("--\(name)"))
            #expect(manual.contains("\\-\\-\(name)"))
            #expect(scripts[0].contains("--\(name)") && scripts[1].contains("--\(name)["))
            #expect(scripts[2].contains("-l \(name)"))
        }
    }
}
