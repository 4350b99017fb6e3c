import ArgumentParser
import CommandLineSupport
import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("TAB in the shells of the system", .blocking)
struct CompletionScriptTests {
    private func start(_ shell: String) throws -> CompletingShell {
        try CompletingShell(
            shell, tool: "smtp-probe", script: "\(BuiltTool.project)/completions/smtp-probe.\(shell)")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completes commands, options, words and files`(shell: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write([], to: "only-file")
        let completion = try start(shell)
        for (line, arguments) in [
            ("se\t", "<send>"), ("help se\t", "<help><send>"), ("--keep\t", "<--keep-going>"),
            ("--color al\t", "<--color><always>"), ("-f \(folder.path)/on\t", "<-f><\(file)>"),
            ("send --subj\tx", "<send><--subject><x>"),
            ("send -t a@b.test --quit-a\trc\t", "<send><-t><a@b.test><--quit-after><rcpt>"),
            ("send --ret h\t", "<send><--ret><hdrs>"), ("send --notify nev\t", "<send><--notify><never>"),
            ("send --attach \(folder.path)/on\t", "<send><--attach><\(file)>"),
            ("send --auth-mech\tXOA\t", "<send><--auth-mechanism><XOAUTH2>"),
            ("send --tls-mi\t1.2", "<send><--tls-min><1.2>"),
            ("send mx.example --pipe\t", "<send><mx.example><--pipeline>"),
        ] {
            let completed = try completion.arguments(of: line)
            // zsh joins a long option and its value, which means the same.
            #expect(completed.replacing("=", with: "><") == arguments, "\(line.debugDescription)")
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `offers the options of the subcommand, not of the tool`(shell: String) async throws {
        let completion = try start(shell)
        try completion.wait(for: "--quit-after", offeredAfter: "send --qui")
        try completion.wait(for: "--partial-ok", offeredAfter: "send --p")
        try completion.wait(for: "message", offeredAfter: "send --drop-after ")
    }

    @Test(arguments: CompletionScript.allCases)
    func `every option is in every script`(shell: CompletionScript) throws {
        let table = try #require(OptionTable(dump: SMTPProbe._dumpHelp()))
        let script = shell.text(table)
        for option in (table.options + table.subcommands.flatMap(\.options)).flatMap(\.names) {
            let name = shell == .fish ? String(option.drop { $0 == "-" }) : option
            #expect(script.contains(name), "\(option)")
        }
    }

    @Test func `each subcommand has its completions`() throws {
        let table = try #require(OptionTable(dump: SMTPProbe._dumpHelp()))
        #expect(table.subcommands.map(\.name) == SMTPProbe.configuration.subcommands.map { $0._commandName })
        #expect(table.subcommands.allSatisfy { $0.options.count > 10 })
    }
}
