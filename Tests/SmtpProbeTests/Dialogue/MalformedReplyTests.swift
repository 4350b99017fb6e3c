import Foundation
import ProcessSupport
import Testing

/// Whatever a server sends in place of a reply, every mode of the tool ends with a status and names the problem.
@Suite("Malformed replies", .blocking)
struct MalformedReplyTests {
    /// Bytes in place of the reply to `MAIL`, and what becomes of them.
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: String
        /// The text of the error about it.
        var problem = "not an SMTP reply"
        /// The exit statuses of `send` and of a script.
        var sent: Int32 = 42
        var scripted: Int32 = 42

        init(_ name: String, _ reply: String) { (testDescription, self.reply) = (name, reply) }

        func problem(_ text: String, _ sent: Int32 = 42, _ scripted: Int32 = 42) -> Kind {
            var kind = self
            (kind.problem, kind.sent, kind.scripted) = (text, sent, scripted)
            return kind
        }
    }

    static let kinds: [Kind] = [
        Kind("an empty line", ""),
        Kind("words without a code", "hello there"),
        Kind("a code with a letter", "2x0 ok"),
        Kind("two digits", "25"),
        Kind("four digits", "2500 ok"),
        Kind("a code below the classes", "150 wait"),
        Kind("a code above the classes", "600 ok"),
        Kind("a code of zeros", "000 ok"),
        Kind("an underscore after the code", "250_ok"),
        Kind("a colon after the code", "250:ok"),
        Kind("no separator", "250ok"),
        Kind("a leading blank", " 250 ok"),
        Kind("a leading tab", "\t250 ok"),
        Kind("a sign", "+250 ok"),
        Kind("a blank within the code", "2 50 ok"),
        Kind("full-width digits", "\u{EF}\u{BC}\u{92}\u{EF}\u{BC}\u{95}\u{EF}\u{BC}\u{90} ok"),
        Kind("a byte order mark", "\u{EF}\u{BB}\u{BF}250 ok"),
        Kind("a NUL before the code", "\0250 ok"),
        Kind("an escape sequence", "\u{1B}[31m250 ok"),
        Kind("binary", "\u{FF}\u{FE}\u{80}\u{81}"),
        Kind("a TLS record", "\u{16}\u{03}\u{03}\u{00}\u{02}\u{02}\u{28}"),
        Kind("HTTP", "HTTP/1.1 400 Bad Request"),
        Kind("SSH", "SSH-2.0-OpenSSH_9.2"),
        Kind("POP3", "+OK ready"),
        Kind("IMAP", "* OK ready"),
        Kind("a second line without a code", "250-first\r\nsecond\r\n250 third"),
        Kind("lines of different codes", "250-first\r\n550 second").problem("different codes, 250 and 550"),
        Kind("a line too long", "250 " + String(repeating: "x", count: 5_000)).problem("more than 4096 octets"),
        Kind("too many lines", String(repeating: "250-x\r\n", count: 1_100) + "250 x").problem("more than 1000 lines"),
        Kind("no end", "FLOOD").problem("more than 1000 lines"),
        Kind("a reply that nobody asked for", "250 ok\r\n250 again").problem("nobody asked for"),
        Kind("an intermediate reply", "333 go on").problem("broke the protocol at MAIL: 333", 42, 0),
        Kind("a challenge that nobody asked for", "334 ").problem("broke the protocol at MAIL: 334", 42, 0),
        Kind("a reply that never ends", "250-first").problem("took too long at MAIL", 43, 43),
        Kind("half a line before the end", "CUT 25").problem("closed the connection at MAIL", 23, 23),
        Kind("half a reply before the end", "CUT 250-first\r\n").problem("closed the connection at MAIL", 23, 23),
    ]

    @Test(arguments: kinds) func `are named by send`(kind: Kind) async throws {
        let server = try await ScriptedServer.start(["MAIL": [kind.reply]])
        let result = try await Probe.send(["--to", "a@b.test", "--timeout", "1s", server.target])
        #expect(result.status == kind.sent, "\(result.output)\(result.errors)")
        #expect(result.errors.contains(kind.problem), "\(result.errors)")
        #expect(!(result.output + result.errors).unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }

    @Test(arguments: kinds) func `are named by a script, and in its document`(kind: Kind) async throws {
        let server = try await ScriptedServer.start(["MAIL": [kind.reply]])
        let run = try await Script.run(server.target, ["MAIL FROM:<>"], ["--json", "--timeout", "1s"])
        #expect(run.status == kind.scripted, "\(run.output)\(run.errors)")
        let result = try #require(try await Probe.document(run.output)["result"] as? [String: Any])
        guard kind.scripted != 0 else { return }
        #expect((result["reason"] as? String)?.contains(kind.problem) == true, "\(result)")
        #expect(result["out_of_sync"] as? Bool == (kind.scripted == 42), "\(result)")
    }

    @Test(arguments: kinds) func `leave the other checks of a server to run`(kind: Kind) async throws {
        let server = try await ScriptedServer.start(["MAIL": [kind.reply]])
        let run = try await CheckTool.run(["--only", "banner,relay.null,vrfy", "--timeout", "1s", server.target])
        #expect(run.verdicts["banner"] == "warn" && run.verdicts["vrfy"] == "warn", "\(run.verdicts)")
        #expect(["inconclusive", "pass"].contains(run.verdicts["relay.null"]), "\(run.detail("relay.null"))")
    }

    @Test func `are shown by the shell, which goes on`() async throws {
        let state = try TemporaryFolder()
        // One connection for each: those that end it, or do not come to an end, are tested elsewhere.
        let kinds = Self.kinds.filter { $0.scripted == 42 && $0.reply != "FLOOD" }
        let server = try await ScriptedServer.start(["MAIL": kinds.map(\.reply)])
        let shell = try Terminal([Probe.path, server.target], environment: ["XDG_STATE_HOME": state.path])
        try shell.wait(for: "> ")
        for kind in kinds {
            shell.type("MAIL FROM:<>\r")
            try shell.wait(for: kind.problem)
            shell.type(":reconnect\r")
            try shell.wait(for: "220 stub")
            try shell.wait(for: "> ")
        }
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
    }
}
