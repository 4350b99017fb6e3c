import Foundation
import ProcessSupport
import Testing

@Suite("OpenSMTPD", .blocking)
struct OpenSMTPDTests {
    @Test(arguments: [[], ["--pipeline"], ["--notify", "never", "--ret", "hdrs", "--envid", "x"]])
    func `takes what send sends, by the name that its log has`(way: [String]) async throws {
        let server = try OpenSMTPDServer()
        let lines = (0..<2_000).map { "\($0 % 3 == 0 ? "." : "")line \($0)\n" }.joined()
        let mail = try server.folder.write("Subject: long\n\n\(lines)".utf8, to: "long")
        let result = try await Probe.send(
            way + [
                "--from", "joe@a.test", "--to", "postmaster@mta.example,missing@mta.example", "--data", "@\(mail)",
                "--json", server.target,
            ])
        #expect(result.status == 40, "\(result.output)\(result.errors)\(server.log)")
        let document = try await Probe.document(result.output)
        let recipients = document["recipients"] as? [[String: Any]]
        #expect(recipients?.map { $0["delivered"] as? Bool } == [true, false])
        let queueID = try #require((document["message"] as? [String: Any])?["queue_id"] as? String)
        #expect(try server.awaitLog("smtp message msgid=\(queueID) "), "\(server.log)")
        #expect(try server.awaitMail(lines))
    }

    @Test func `takes what a script and the shell send`() async throws {
        let server = try OpenSMTPDServer()
        let lines = [
            "EHLO probe.test", "MAIL FROM:<joe@a.test>", "RCPT TO:<postmaster@mta.example>", "DATA", "Subject: script",
            "",
            "..dots", ".",
        ]
        let run = try await Script.run(server.target, lines, ["--json"])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let message = try await Probe.document(run.output)["message"] as? [String: Any]
        let queueID = try #require(message?["queue_id"] as? String)
        #expect(try server.awaitLog("msgid=\(queueID) ") && server.awaitMail("\n..dots\n"))

        let state = try TemporaryFolder()
        let terminal = try Terminal([Probe.path, server.target], environment: ["XDG_STATE_HOME": state.path])
        try terminal.wait(for: "> ")
        for line in [":from joe@a.test", ":to postmaster@mta.example", ":body from the shell", ":send"] {
            terminal.type("\(line)\r")
        }
        let shown = try terminal.wait(for: " Message accepted for delivery")
        let id = try #require(shown.components(separatedBy: "250 2.0.0 ").last?.split(separator: " ").first)
        #expect(try server.awaitLog("msgid=\(id) ") && server.awaitMail("\nfrom the shell\n"))
        terminal.type("\u{4}")
        #expect(try terminal.finish() == 0)
    }
}
