import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

/// The default beside Postfix, command by command.
@Suite("What Postfix takes is taken", .blocking)
struct PostfixLeniencyTests {
    private static let paths = [
        "<>", "<root>", "<joe@example.org>", "<joe@example.org.>", "< joe@example.org >", "<<joe@example.org>>",
        "joe@example.org", "<joe@@example.org>", "<joe@@x>", "<@x>", "<@example.org>", "<.joe@example.org>",
        "<joe.@example.org>", "<j..oe@example.org>", "<joe(comment)@example.org>", "<joe@example.org(comment)>",
        "<\"joe\"@example.org>", "<\"jo e\"@example.org>", "<\"\"@example.org>", "<joe @example.org>",
        "<joe@ example.org>", "<@a,@b:joe@example.org>", "<@a:joe@example.org>", "<joe@[127.0.0.1]>",
        "<joe@[IPv6:::1]>", "<joe@exa_mple.org>", "<joe@localhost>", "<joe@a@b.org>", "joe",
        "<\(String(repeating: "a", count: 65))@example.org>", "<joe:x@example.org>", "<jo\\ e@example.org>",
        "<joe\\@example.org>", "<joe%x@example.org>", "<a!joe@example.org>", "\t<joe@example.org>",
        "<joe@example.org>\t", "<postmaster>", "<Postmaster>", "  <joe@example.org>", "'joe@example.org'",
        "<'joe'@example.org>", "<mailto:joe@example.org>", "mailto:joe@example.org", "<=?utf-8?q?x?=@example.org>",
        "<joe@example.org > ", "<joe@example.org>>",
    ]
    private static let names = [
        "x", "my host", "my\thost", "a_b", "::1", "[::1]", "[300.1.2.3]", "[127.0.0.1", "h\u{E9}llo", "a..b", "-",
        "x (comment)", "<x>", "\"x\"", "x;y", "x/y", "a.b.",
    ]
    private static let lines = [
        "NOOP", "NOOP x", "noop\t", "RSET", "RSET ", "VRFY joe", "mail from:<a@b.c>", "MAIL FROM: <a@b.c>",
        "MAIL\tFROM:<a@b.c>", "MAIL FROM:\t<a@b.c>", "MAIL FROM:<a@b.c> SIZE=1 ", "MAIL FROM:<a@b.c>  SIZE=1",
        "MAIL FROM:<a@b.c>\tSIZE=1", "MAIL FROM:<a@b.c> size=1 body=8bitmime", " MAIL FROM:<a@b.c>",
        "\tMAIL FROM:<a@b.c>", "MAIL FROM:<a@b.c> RET=HDRS ENVID=x",
    ]

    /// The dialogues: what comes before the last line is what that needs.
    private static let dialogues: [[String]] =
        paths.map { ["EHLO x", "MAIL FROM:\($0)"] }
        + paths.map { ["EHLO x", "MAIL FROM:<x@y.example>", "RCPT TO:\($0)"] }
        + names.flatMap { [["EHLO \($0)"], ["HELO \($0)"]] } + lines.map { ["EHLO x", $0] }

    @Test func `each command that Postfix accepts is accepted`() throws {
        let certificates = TestCertificates(folder: try TemporaryFolder())
        try certificates.selfSigned("server", subject: "/CN=mta.example")
        let postfix = try PostfixReceiver(
            certificates,
            settings: [
                "mynetworks = 127.0.0.0/8", "smtpd_relay_restrictions = permit_mynetworks, reject",
                "smtpd_error_sleep_time = 0", "smtpd_client_connection_rate_limit = 0",
            ])
        let server = try ToolServer(["--quiet", "--discard", "--max-errors", "1000"])
        var accepted = 0
        for dialogue in Self.dialogues {
            let theirs = try Self.lastReply(dialogue, port: postfix.port)
            guard theirs.hasPrefix("2") else { continue }
            accepted += 1
            let ours = try Self.lastReply(dialogue, port: server.port)
            #expect(ours.hasPrefix("2"), "\(dialogue.last ?? ""): Postfix \(theirs), we \(ours)")
        }
        // The table is of lines that it takes; `RCPT TO:<>` and a few more are not.
        #expect(accepted >= Self.dialogues.count - 8, "Postfix accepts \(accepted) of \(Self.dialogues.count)")
        #expect(server.stop() == 0)
    }

    private static func lastReply(_ dialogue: [String], port: Int) throws -> String {
        let client = try SocketClient(port: port)
        defer { client.end() }
        var reply = try client.reply()
        for line in dialogue { reply = try client.command(line) }
        return reply
    }
}
