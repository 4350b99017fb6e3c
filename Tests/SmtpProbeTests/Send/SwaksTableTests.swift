import ArgumentParser
import CommandLineSupport
import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("The table for those who come from swaks", .blocking)
struct SwaksTableTests {
    private static func section() throws -> String {
        let text = try String(contentsOfFile: "\(BuiltTool.project)/man/sections/smtp-probe/send.mdoc", encoding: .utf8)
        let parts = text.components(separatedBy: ".Sh COMING FROM SWAKS\n")
        let section = try #require(parts.last?.components(separatedBy: "\n.Sh ").first)
        return section.replacing("\\-", with: "-")
    }

    @Test func `names only options that exist`() async throws {
        let help = try await Probe.send(["--help-all"]).output
        let known = Set(help.split { " ,\n<>/".contains($0) }.filter { $0.hasPrefix("-") }.map(String.init))
        let rows = try Self.section().split(separator: "\n").map { row in
            row.hasPrefix(".It") ? String(row.components(separatedBy: " Ta ").last ?? "") : String(row)
        }
        let named = rows.filter { $0.hasPrefix("Sy ") || $0.hasPrefix(".Sy ") }.joined(separator: " ")
            .split { " ,".contains($0) }.filter { $0.hasPrefix("-") }.map(String.init)
        #expect(named.count > 40)
        for option in named { #expect(known.contains(option), "\(option)") }
    }

    @Test func `names every option of swaks that people use`() throws {
        let section = try Self.section()
        for option in [
            "--server", "--port", "--local-interface", "--copy-routing", "--socket", "--pipe", "--to", "--cc", "--bcc",
            "--from",
            "--helo", "--quit-after", "--drop-after", "--drop-after-send", "--timeout", "--protocol", "--pipeline",
            "--prdr",
            "-tls", "-tlso", "-tlsos", "-tlsc", "--tls-protocol", "--tls-cipher", "--tls-verify", "--tls-ca-path",
            "--tls-cert",
            "--tls-key", "--tls-chain", "--tls-get-peer-cert", "--tls-get-peer-chain", "--tls-sni", "-a", "-au", "-ap",
            "-ae",
            "-am", "-apt", "-ahp", "--xclient", "--proxy", "--data", "--body", "--attach", "--attach-body",
            "--attach-type",
            "--attach-name", "--add-header", "--header", "--h-X", "-ndf", "-nsf", "-n", "-stl", "-hr", "-hs", "-ha",
            "-S",
            "--output-file", "--dump", "--dump-mail",
        ] { #expect(section.contains(option), "\(option)") }
    }

    @Test func `each option of swaks in it is known, or is explained when it is given`() throws {
        let table = try #require(OptionTable(dump: SendCommand._dumpHelp()))
        let known = Set(table.options.flatMap(\.names))
        let rows = try Self.section().split(separator: "\n").filter { $0.hasPrefix(".It -") }
        #expect(rows.count > 40)
        for name in rows.compactMap({ $0.dropFirst(4).components(separatedBy: " Ta ").first }) {
            for word in name.split(whereSeparator: { " ,".contains($0) }).map(String.init) where word.hasPrefix("-") {
                let isKnown = known.contains(word) || SwaksOptions.equivalents[word] != nil || word.hasPrefix("--h-")
                #expect(isKnown, "\(word)")
            }
        }
    }
}
