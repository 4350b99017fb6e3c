import Foundation
import ProcessSupport
import Testing

@Suite("The shell on a terminal", .blocking)
struct ShellTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    private func start(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Terminal {
        try Terminal(
            [BuiltTool.path("smtp-probe")] + arguments,
            environment: ["XDG_STATE_HOME": home.path, "NO_COLOR": "1"].merging(environment) { $1 })
    }

    private var history: String { String(decoding: home.read("smtp-probe/history"), as: UTF8.self) }

    @Test func `a dialogue shows its state in the prompt, and explains refusals`() async throws {
        let server = try await LiteServer.start(["--auth", "alice:secret", "--auth-without-tls"])
        let shell = try start(["--helo", "client.example", server.target])
        try shell.wait(for: "\(server.target)> ")
        shell.type(":tls\r:ehlo\r")
        try shell.wait(for: "there is no TLS")
        try shell.wait(for: "250 VRFY")
        shell.type(":starttls\r")
        try shell.wait(for: "\(server.target)(tls)> ")
        shell.type(":auth alice\r")
        try shell.wait(for: "Password of alice: ")
        shell.type("secret\r")
        try shell.wait(for: "(tls,auth=alice)> ")
        shell.type("RCPT TO:<ann@example.net>\r")
        try shell.wait(for: "503 5.5.1  permanent  Invalid command. Fix the client's command order")
        shell.type(":mail <>\r:rcpt ann@example.net\r")
        try shell.wait(for: "[rcpt:1]> ")
        shell.type("DATA\r")
        try shell.wait(for: "data> ")
        shell.type(":open\r..\r.\r")
        try shell.wait(for: "queued as")
        shell.type(":explain\r:quit\r")
        try shell.wait(for: "221")
        #expect(try shell.finish() == 0)
        #expect(!shell.output.contains("secret"))
        #expect(history.contains(":mail <>"))
        #expect(!history.contains("secret") && !history.contains(":open"))
    }

    @Test func `TAB completes what the server advertises`() async throws {
        let server = try await LiteServer.start(
            ["--auth", "alice:secret", "--auth-without-tls", "--mechanisms", "PLAIN,CRAM-MD5"])
        let file = try home.write("NOOP\r\n".utf8, to: "only-script")
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("EH\tx\r")
        try shell.wait(for: "EHLO x")
        try shell.wait(for: "250 VRFY")
        try shell.wait(for: "> ")
        shell.type("AUTH CR\t")
        try shell.wait(for: "AUTH CRAM-MD5 ")
        shell.type("\u{15}AUTH S\tx")
        try shell.wait(for: "AUTH S")
        try shell.wait(for: "x")
        shell.type("\u{15}MAIL FROM:<a@b> SI\t")
        try shell.wait(for: "SIZE=")
        shell.type("\u{15}:stat\t")
        try shell.wait(for: ":status ")
        shell.type("\u{15}:source \(home.path)/only\t\r")
        try shell.wait(for: file)
        try shell.wait(for: "250 2.0.0 Ok")
        try shell.wait(for: "> ")
        shell.type("\u{4}")
        #expect(try shell.finish() == 0)
        #expect(!shell.output.contains("SCRAM"))
    }

    @Test func `lines come back in the next session, secrets do not`() async throws {
        let server = try await LiteServer.start(["--auth", "alice:secret", "--auth-without-tls"])
        let first = try start([server.target])
        try first.wait(for: "> ")
        first.type("EHLO first.example\r")
        try first.wait(for: "250 VRFY")
        try first.wait(for: "> ")
        first.type("AUTH LOGIN\r")
        try first.wait(for: "response> ")
        first.type("YWxpY2U=\r")
        try first.wait(for: "response> ")
        first.type("c2VjcmV0\r")
        try first.wait(for: "235")
        try first.wait(for: "(auth=LOGIN)> ")
        first.type("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r")
        try first.wait(for: "503")
        try first.wait(for: "> ")
        first.type("\u{4}")
        #expect(try first.finish() == 0)
        #expect(!first.output.contains("c2VjcmV0") && !first.output.contains("YWxpY2U="))
        #expect(history == "EHLO first.example\nAUTH LOGIN\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: home.file("smtp-probe/history"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let second = try start([server.target])
        try second.wait(for: "> ")
        second.type("\u{1B}[A\u{1B}[A\r")
        try second.wait(for: "EHLO first.example")
        try second.wait(for: "250 VRFY")
        second.type("\u{4}")
        #expect(try second.finish() == 0)
    }

    @Test func `a 421 has a line of its own, and what was typed is drawn again`() async throws {
        let server = try await LiteServer.start()
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("MAIL FRO")
        try shell.wait(for: "MAIL FRO")
        server.stop()
        try shell.wait(for: "\r\u{1B}[K")
        try shell.wait(for: "421 4.3.2")
        try shell.wait(for: "the connection is closed")
        try shell.wait(for: "MAIL FRO")
        shell.type("\u{15}:status\r")
        try shell.wait(for: "not connected")
        try shell.wait(for: "smtp-probe> ")
        shell.type("\u{4}")
        #expect(try shell.finish() == 0)
    }

    @Test func `Ctrl-C drops the line, and twice gives up waiting`() async throws {
        let server = try await ScriptedServer.start(["NOOP": ["STALL"]])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("QUIT")
        try shell.wait(for: "QUIT")
        shell.type("\u{3}")
        try shell.wait(for: "^C")
        try shell.wait(for: "> ")
        shell.type("NOOP\r")
        #expect(try await server.line() == "NOOP")
        shell.type("\u{3}")
        try shell.wait(for: "still waiting")
        shell.type("\u{3}")
        try shell.wait(for: "(out of sync)> ")
        shell.type("\u{4}")
        #expect(try shell.finish() == 0)
        #expect(try await server.finish() == [])
    }

    @Test func `the end of input says QUIT`() async throws {
        let server = try await ScriptedServer.start()
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("\u{4}")
        try shell.wait(for: "221 2.0.0 bye")
        #expect(try shell.finish() == 0)
        #expect(try await server.finish() == ["QUIT"])
    }

    @Test(
        arguments: [
            (SIGTERM, Int32(143)), (SIGHUP, Int32(129)), (SIGQUIT, Int32(128 + SIGQUIT)),
            (SIGABRT, Int32(128 + SIGABRT)),
        ],
        ["", "NOO", "AUTH LOGIN\r", ":auth alice\r", "WAIT\r"])
    func `the terminal is as it was, however it ends`(end: (Int32, Int32), keys: String) async throws {
        let server = try await ScriptedServer.start([
            "AUTH": ["334 VXNlcm5hbWU6"], "EHLO": ["250-stub\r\n250 AUTH LOGIN"], "WAIT": ["STALL"],
        ])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        #expect(shell.settings != shell.initialSettings)
        shell.type(keys)
        switch keys {
        case "AUTH LOGIN\r": try shell.wait(for: "response> ")
        case ":auth alice\r": try shell.wait(for: "Password of alice: ")
        case "WAIT\r": #expect(try await server.line() == "WAIT")
        case "": break
        case _: try shell.wait(for: keys)
        }
        shell.signal(end.0)
        #expect(try shell.finish() == end.1)
        #expect(shell.settings == shell.initialSettings)
    }

    @Test func `the terminal is as it was behind QUIT, too`() async throws {
        let server = try await ScriptedServer.start()
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
        #expect(shell.settings == shell.initialSettings)
    }

    @Test func `Ctrl-Z gives the terminal back, and fg takes it again`() async throws {
        let server = try await ScriptedServer.start()
        let shell = try Terminal(
            ["bash", "--norc", "--noprofile", "-i"],
            environment: ["PS1": "READY ", "XDG_STATE_HOME": home.path, "NO_COLOR": "1", "HISTFILE": ""])
        try shell.wait(for: "READY ")
        shell.type("\(BuiltTool.path("smtp-probe")) \(server.target)\r")
        try shell.wait(for: "\(server.target)> ")
        shell.type("NO")
        try shell.wait(for: "NO")
        shell.type("\u{1A}")
        try shell.wait(for: "Stopped")
        try shell.wait(for: "READY ")
        shell.type("fg\r")
        try shell.wait(for: "\(server.target)> ")
        shell.type("OP\r")
        try shell.wait(for: "250 2.0.0 Ok")
        try shell.wait(for: "> ")
        shell.type("\u{4}")
        try shell.wait(for: "READY ")
        shell.type("exit\r")
        #expect(try shell.finish() == 0)
        #expect(try await server.finish() == ["NOOP", "QUIT"])
    }

    @Test func `a paste of several lines is run line by line`() async throws {
        let server = try await ScriptedServer.start()
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("\u{1B}[200~NOOP 1\nNOOP 2\nDATA\n:x\n.\u{1B}[201~\r")
        try shell.wait(for: "queued as STUB1")
        try shell.wait(for: "> ")
        shell.type("\u{4}")
        #expect(try shell.finish() == 0)
        #expect(try await server.finish() == ["NOOP 1", "NOOP 2", "DATA", "| :x", "QUIT"])
    }

    @Test func `what was typed is shown again with its reply where that is asked for`() async throws {
        let server = try await ScriptedServer.start()
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("NOOP\r:trace on\rRSET\r")
        try shell.wait(for: "C: RSET")
        try shell.wait(for: "250 2.0.0 Ok")
        shell.type(":trace off\r:set\r")
        try shell.wait(for: "trace off")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
        #expect(!shell.output.contains("C: NOOP"))
    }

    @Test func `inputrc knows the tool by its name`() async throws {
        let server = try await ScriptedServer.start()
        let file = try home.write("$if smtp-probe\n\"\\C-xq\": \"NOOP macro\"\n$endif\n".utf8, to: "inputrc")
        let shell = try start([server.target], ["INPUTRC": file])
        try shell.wait(for: "> ")
        shell.type("\u{18}q\r")
        try shell.wait(for: "NOOP macro")
        try shell.wait(for: "250 2.0.0 Ok")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
    }

    @Test func `nothing that a server says acts on the terminal`() async throws {
        let hostile = "220-\u{1B}]0;owned\u{7}\r\n220 \u{202E}\u{9B}2J"
        let server = try await ScriptedServer.start([
            "GREETING": [String(decoding: hostile.utf8.map { $0 }, as: UTF8.self).latin1],
            "EHLO": ["250-\u{1B}[2J\r\n250-AUTH \u{1B}[31mX\r\n250 \u{8}\u{8}"], "NOOP": ["\u{1B}[5n no reply"],
        ])
        let shell = try start([server.target, "--color", "never"])
        try shell.wait(for: "\\u{1b}]0;owned\\u{7}")
        try shell.wait(for: "> ")
        shell.type("EHLO x\r")
        try shell.wait(for: "\\u{1b}[2J")
        try shell.wait(for: "> ")
        shell.type(":caps\r")
        try shell.wait(for: "> ")
        shell.type("AUTH \t\t")
        try shell.wait(for: "AUTH ?[31mX")
        shell.type("\u{15}NOOP\r")
        try shell.wait(for: "\\u{1b}[5n no reply")
        shell.type(":q\r")
        _ = try shell.finish()
        for sequence in ["\u{1B}]0", "\u{1B}[2J", "\u{1B}[31m", "\u{1B}[5n", "\u{9B}", "\u{202E}"] {
            #expect(!shell.output.contains(sequence), "\(sequence.debugDescription) was shown")
        }
    }

    @Test func `octets in clear behind the 220 to STARTTLS end the dialogue`() async throws {
        let server = try await ScriptedServer.start(["STARTTLS": ["220 go\r\n250 injected"]])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("STARTTLS\r")
        try shell.wait(for: "octets in clear stand behind the reply to STARTTLS")
        try shell.wait(for: "smtp-probe> ")
        shell.type("\u{4}")
        _ = try shell.finish()
        #expect(!shell.output.contains("injected"))
    }
}

extension String {
    /// The bytes as characters of ISO 8859-1, as which the scripted server sends them.
    fileprivate var latin1: String { String(String.UnicodeScalarView(utf8.map { Unicode.Scalar($0) })) }
}
