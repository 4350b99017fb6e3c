import Foundation
import ProcessSupport
import Testing

@Suite("The table for those who come from swaks", .blocking)
struct SwaksTableTests {
    private static func section() throws -> String {
        let text = try String(contentsOfFile: "\(BuiltTool.project)/man/sections/smtp-probe/send.mdoc", encoding: .utf8)
        let parts = text.components(separatedBy: ".Sh COMING FROM SWAKS\n")
        let section = try #require(parts.last?.components(separatedBy: "\n.Sh ").first)
        return section.replacing("\\-", with: "-")
    }

    @Test func `names only options that exist`() async throws {
        let help = try await Probe.send(["--help"]).output
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
}
