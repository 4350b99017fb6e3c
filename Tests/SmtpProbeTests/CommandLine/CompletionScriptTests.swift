import ArgumentParser
import CommandLineSupport
import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("TAB in the shells of the system", .blocking)
struct CompletionScriptTests {
    private typealias Shell = ProcessSupport.CompletionShell

    @Test(arguments: ProcessSupport.CompletionShell.Kind.allCases)
    func `completes commands, options, words and files`(kind: ProcessSupport.CompletionShell.Kind) throws {
        let shell = try Shell(kind, tool: "smtp-probe")
        try shell.makeFile("only-file")
        for (line, completed) in [
            ("se", "send"), ("help se", "help send"), ("--keep", "--keep-going"), ("--color al", "--color always"),
            ("-f on", "-f only-file"), ("send --subj", "send --subject"),
            ("send -t a@b.test --quit-a", "send -t a@b.test --quit-after"),
            ("send --quit-after rc", "send --quit-after rcpt"),
            ("send --ret h", "send --ret hdrs"), ("send --notify nev", "send --notify never"),
            ("send --attach on", "send --attach only-file"),
            ("send --auth-mechanism XOA", "send --auth-mechanism XOAUTH2"),
            ("send --tls-mi", "send --tls-min"), ("send mx.example --pipe", "send mx.example --pipeline"),
            ("load --messages-p", "load --messages-per-session"),
        ] {
            let result = try shell.complete("smtp-probe \(line)").line
            // zsh may put the mark between an option and its value.
            let plain = result.hasSuffix("=") ? String(result.dropLast()) : result
            #expect(plain.trimmingBlanks == "smtp-probe \(completed)")
        }
    }

    @Test(arguments: ProcessSupport.CompletionShell.Kind.allCases)
    func `offers the options of the subcommand, not of the tool`(kind: ProcessSupport.CompletionShell.Kind) throws {
        let shell = try Shell(kind, tool: "smtp-probe")
        let quit = try shell.complete("smtp-probe send --qui").shown
        #expect(quit.contains("--quit-after") && quit.contains("--quiet"), "\(quit)")
        let stages = try shell.complete("smtp-probe send --drop-after ").shown
        #expect(stages.contains("message") && stages.contains("rcpt"), "\(stages)")
        let options = try shell.complete("smtp-probe send --p").shown
        #expect(options.contains("--partial-ok") && options.contains("--pipeline"), "\(options)")
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
