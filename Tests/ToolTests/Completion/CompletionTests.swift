import Foundation
import ProcessSupport
import Testing

@Suite("Completion in real shells", .blocking)
struct CompletionTests {
    private func shell(_ kind: CompletionShell.Kind) throws -> CompletionShell {
        let shell = try CompletionShell(kind, tool: "smtpd-lite")
        try shell.makeFile("inbox-of-joe")
        try shell.makeFolder("folder-of-joe")
        return shell
    }

    @Test(arguments: CompletionShell.Kind.allCases)
    func `TAB completes options, values, files, folders, subcommands and commands`(kind: CompletionShell.Kind) throws {
        let shell = try shell(kind)
        for (typed, completed) in [
            ("--maild", "--maildir"), ("--wait", "--wait-for"),
            ("-v --bare-newline nor", "-v --bare-newline normalize"),
            ("--format pre", "--format pretty"), ("--mbox-format mboxc", "--mbox-format mboxcl2"),
            ("--hide CHUNK", "--hide CHUNKING"), ("--mechanisms EXT", "--mechanisms EXTERNAL"),
            ("--auth a", "--auth any"),
            ("--mbox inb", "--mbox inbox-of-joe"), ("--maildir fol", "--maildir folder-of-joe/"),
            ("--exec smtp-cod", "--exec smtp-codes"), ("sho", "show"), ("show --col", "show --color"),
            ("show --color alw", "show --color always"), ("show inb", "show inbox-of-joe"),
            ("--once -- smtp-cod", "--once -- smtp-codes"), ("-c 2 -- cat inb", "-c 2 -- cat inbox-of-joe"),
        ] {
            let line = try shell.complete("smtpd-lite \(typed)").line
            #expect(line.trimmingCharacters(in: .whitespaces) == "smtpd-lite \(completed)")
        }
    }

    @Test(arguments: CompletionShell.Kind.allCases)
    func `TAB lists what there is to choose from`(kind: CompletionShell.Kind) throws {
        let shell = try shell(kind)
        for (typed, offers) in [
            ("--ma", ["--maildir", "--max-size", "--max-recipients", "--max-connections", "--max-errors"]),
            ("--tls-min 1", ["1.0", "1.1", "1.2", "1.3"]), ("--format ", ["auto", "pretty", "mbox", "raw", "json"]),
            ("show --color a", ["auto", "always"]), ("show --", ["--follow", "--color", "--pretty-lines"]),
        ] {
            let shown = try shell.complete("smtpd-lite \(typed)").shown
            for offer in offers {
                #expect(shown.contains(offer), "\(kind.rawValue): \(typed): \(shown.debugDescription)")
            }
            #expect(!shown.contains("_arguments"), "\(shown)")
        }
    }

    @Test func `every option of the parser is in each script`() throws {
        let dump = try ChildProcess.run([BuiltTool.path("smtpd-lite"), "--experimental-dump-help"])
        let object = try JSONSerialization.jsonObject(with: Data(dump.output.utf8)) as? [String: Any]
        let command = try #require(object?["command"] as? [String: Any])
        let arguments = try #require(command["arguments"] as? [[String: Any]])
        let names = arguments.flatMap { ($0["names"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String } }
        #expect(names.count > 70)
        for kind in CompletionShell.Kind.allCases {
            let path = "\(BuiltTool.project)/completions/smtpd-lite.\(kind.rawValue)"
            let script = try String(contentsOfFile: path, encoding: .utf8)
            for name in names {
                let forms = kind == .fish ? ["-l '\(name)'", "-s '\(name)'"] : ["--\(name)", "-\(name)"]
                #expect(forms.contains { script.contains($0) }, "\(name) in \(path)")
            }
        }
    }
}
