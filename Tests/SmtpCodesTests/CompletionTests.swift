import Foundation
import ProcessSupport
import Testing

@Suite("Completion in real shells", .blocking)
struct CompletionTests {
    private let scripts = Tool.root.appendingPathComponent("completions").path

    private func bash(_ words: String...) throws -> [String] {
        let list = words.map { "'\($0)'" }.joined(separator: " ")
        let run = try Tool.shell(
            "bash",
            """
            source '\(scripts)/smtp-codes.bash' || exit 9
            complete -p smtp-codes >/dev/null || exit 8
            COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1)
            _smtp_codes
            printf '%s\\n' "${COMPREPLY[@]}"
            """,
            options: ["--norc", "--noprofile"]
        )
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        return run.lines
    }

    @Test func `bash offers codes with their names`() throws {
        let offers = try bash("smtp-codes", "5.1.")
        #expect(offers.contains("5.1.1  Bad destination mailbox address"))
        #expect(offers.allSatisfy { $0.hasPrefix("5.1.") })
        #expect(try bash("smtp-codes", "55").contains("550  Mailbox unavailable"))
    }

    @Test func `bash inserts a single code without its name`() throws {
        #expect(try bash("smtp-codes", "5.7.30") == ["5.7.30"])
    }

    @Test func `bash offers options and their values`() throws {
        #expect(try bash("smtp-codes", "--js") == ["--json", "--jsonl"])
        #expect(try bash("smtp-codes", "--is", "t") == ["transient"])
        #expect(try bash("smtp-codes", "--provider", "gm") == ["gmail", "gmx"])
        #expect(try bash("smtp-codes", "-p", "ya") == ["yahoo", "yandex"])
        // As one word, and as bash cuts it at the equals sign.
        #expect(try bash("smtp-codes", "--provider=gm") == ["gmail", "gmx"])
        #expect(try bash("smtp-codes", "--provider", "=", "gm") == ["gmail", "gmx"])
        #expect(try bash("smtp-codes", "EX_NOU") == ["EX_NOUSER"])
        #expect(try bash("smtp-codes", "--color", "a") == ["auto", "always"])
    }

    /// Ways to get the script into zsh: read by a start-up file, or installed in a folder of functions.
    enum ZshSetup: String, CaseIterable, CustomTestStringConvertible {
        case sourced, installed

        var testDescription: String { rawValue }

        func commands(script: String, folder: String) -> String {
            let initialise = "autoload -Uz compinit; compinit -u -D"
            return switch self {
            case .sourced: "\(initialise); source '\(script)'"
            case .installed: "cp '\(script)' '\(folder)/_smtp-codes'; fpath=('\(folder)' \\$fpath); \(initialise)"
            }
        }
    }

    @Test(arguments: ZshSetup.allCases)
    func `zsh offers codes with their names`(setup: ZshSetup) throws {
        let folder = try TemporaryFolder()
        let commands = setup.commands(script: "\(scripts)/smtp-codes.zsh", folder: folder.path)
        // Completion needs a terminal in zsh, so one is made with zpty and the tab key is pressed.
        let run = try Tool.shell(
            "zsh",
            """
            zmodload zsh/zpty || exit 9
            zpty shell zsh -f -i
            zpty -w shell "PS1='ready> '; \(commands); setopt listpacked; LISTMAX=0"
            zpty -w shell "print loaded-\\$? \\$_comps[smtp-codes]; stty cols 200 rows 60"
            zpty -r shell seen '*loaded-0 _smtp-codes*' || exit 8
            zpty -w -n shell $'smtp-codes 5.7.2\\t'
            zpty -r shell seen '*SPF validation failed*' || exit 7
            print -r -- "$seen"
            zpty -d shell
            """,
            options: ["-f"]
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.contains("5.7.23"))
    }

    private func fish(_ line: String) throws -> [String] {
        let run = try Tool.shell(
            "fish",
            "source '\(scripts)/smtp-codes.fish'; or exit 9; complete -C '\(line)'",
            options: ["--no-config"]
        )
        #expect(run.status == 0, "\(run.errors)")
        return run.lines
    }

    @Test func `fish offers codes with their names`() throws {
        #expect(try fish("smtp-codes 5.1.1").contains("5.1.1\tBad destination mailbox address"))
        #expect(try fish("smtp-codes 25").contains("250\tRequested mail action okay, completed"))
    }

    @Test func `fish offers options and their values`() throws {
        #expect(try fish("smtp-codes --is tr").map { $0.prefix { $0 != "\t" } } == ["transient"])
        #expect(try fish("smtp-codes --annot").first?.hasPrefix("--annotate\t") == true)
        #expect(try fish("smtp-codes --only perm").map { $0.prefix { $0 != "\t" } } == ["permanent"])
    }
}
