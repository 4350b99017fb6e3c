import Foundation
import ProcessSupport
import Testing

@Suite("The first minute in the shell", .blocking)
struct FirstMinuteTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    private func start(_ arguments: [String]) throws -> Terminal {
        try Terminal(
            [BuiltTool.path("smtp-probe")] + arguments, environment: ["XDG_STATE_HOME": home.path, "NO_COLOR": "1"])
    }

    @Test func `a silent server is named, with what is waited for and how long`() async throws {
        let server = try await ScriptedServer.start(["GREETING": ["AWAIT 220 late"]])
        let shell = try start([server.target])
        try shell.wait(for: ":help")
        try shell.wait(for: "connected to \(server.target)")
        try shell.wait(for: "waiting for the greeting, up to 5 min")
        server.go()
        try shell.wait(for: "220 late")
        try shell.wait(for: "> ")
        shell.type("\u{4}")
        #expect(try shell.finish() == 0)
    }

    @Test func `typos get a hint after the reply`() async throws {
        let server = try await ScriptedServer.start([
            "RCTP": ["500 5.5.2 what"], "MAIL FROM ": ["501 5.5.4 syntax"], "HELP": ["214 no help"],
        ])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("RCTP TO:<a@b.test>\r")
        try shell.wait(for: "500 5.5.2 what")
        try shell.wait(for: "did you mean RCPT?")
        shell.type("MAIL FROM ann@b.test\r")
        try shell.wait(for: "501 5.5.4 syntax")
        try shell.wait(for: "did you mean MAIL FROM:<ann@b.test>?")
        shell.type("help\r")
        try shell.wait(for: "214 no help")
        try shell.wait(for: ":help lists the commands")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
    }

    @Test func `content begins with how it ends, and keeps its tabs`() async throws {
        let server = try await ScriptedServer.start()
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("DATA\r")
        try shell.wait(for: "a dot alone on a line ends the message")
        try shell.wait(for: "data> ")
        shell.type("a\tb\r")
        try shell.wait(for: "data> ")
        shell.type("\u{1B}[200~c\td\n.\u{1B}[201~\r")
        try shell.wait(for: "queued as STUB1")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
        #expect(try await server.finish() == ["DATA", "| a\tb", "| c\td", "QUIT"])
    }

    @Test func `an explanation follows its own reply, and names the recipient`() async throws {
        let server = try await ScriptedServer.start(["RCPT TO:<b": ["550 5.1.1 unknown"]])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type(":from j@c.test\r:to a@c.test b@c.test\r:send\r")
        try shell.wait(for: "550 5.1.1 unknown")
        try shell.wait(for: "b@c.test was refused. 550 5.1.1")
        try shell.wait(for: "354")
        try shell.wait(for: "queued as STUB1")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
    }

    @Test(arguments: ["\u{3}", "\u{4}"])
    func `a question is cancelled, and nothing is sent`(key: String) async throws {
        let server = try await ScriptedServer.start([
            "EHLO": ["250-stub\r\n250 AUTH LOGIN"], "AUTH": ["334 VXNlcm5hbWU6"], "*": ["501 5.7.0 cancelled"],
        ])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type(":auth LOGIN alice\r")
        try shell.wait(for: "Password of alice: ")
        shell.type(key)
        try shell.wait(for: "cancelled")
        try shell.wait(for: "\(server.target)> ")
        shell.type("NOOP\r")
        try shell.wait(for: "250 2.0.0 Ok")
        shell.type("AUTH LOGIN\r")
        try shell.wait(for: "response> ")
        shell.type(key)
        try shell.wait(for: "501 5.7.0 cancelled")
        try shell.wait(for: "\(server.target)> ")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
        #expect(!shell.output.contains("out of sync"))
        #expect(try await server.finish().filter { !$0.hasPrefix("EHLO") } == ["NOOP", "AUTH LOGIN", "*", "QUIT"])
    }

    @Test(arguments: ["link", "folder", "fifo"])
    func `a history that is no file of ours is left alone`(kind: String) async throws {
        let server = try await ScriptedServer.start()
        let target = try home.write([], to: "target")
        chmod(target, 0o644)
        try FileManager.default.createDirectory(atPath: home.file("smtp-probe"), withIntermediateDirectories: true)
        let path = home.file("smtp-probe/history")
        switch kind {
        case "link": symlink(target, path)
        case "folder": mkdir(path, 0o755)
        case _: mkfifo(path, 0o644)
        }
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("NOOP\r")
        try shell.wait(for: "250 2.0.0 Ok")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
        var status = stat()
        #expect(
            lstat(path, &status) == 0
                && status.st_mode & 0o777 == (kind == "link" ? 0o777 : kind == "folder" ? 0o755 : 0o644))
        #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o644 && status.st_size == 0)
    }

    @Test func `a password leaves no trace, however it was given`() async throws {
        let server = try await ScriptedServer.start([
            "EHLO": ["250-stub\r\n250 AUTH LOGIN PLAIN"], "AUTH": ["535 5.7.8 no"], "c2Vz": ["500 5.5.1 what"],
        ])
        let secret = "c2VzYW1lLTk="
        let (log, record) = (home.file("log"), home.file("record"))
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type(":log \(log)\r:record \(record)\rEHLO x\r")
        try shell.wait(for: "AUTH LOGIN PLAIN")
        // Refused, after which what was meant as the password is a line as any other; pasted, typed, pipelined.
        shell.type("\u{1B}[200~AUTH LOGIN\n\(secret)\u{1B}[201~\r")
        try shell.wait(for: "500 5.5.1")
        shell.type("AUTH\tPLAIN\t\(secret)\r:pipeline\rAUTH LOGIN\r\(secret)\r:pipeline\r:history\r:q\r")
        try shell.wait(for: "221")
        #expect(try shell.finish() == 0)
        let history = String(decoding: home.read("smtp-probe/history"), as: UTF8.self)
        for text in [
            history, String(decoding: home.read("log"), as: UTF8.self),
            String(decoding: home.read("record"), as: UTF8.self),
        ] {
            #expect(!text.contains(secret) && text.contains("EHLO x"), "\(text)")
        }
        let script = try await Script.run(
            ["--json", "-k", server.target], input: "AUTH LOGIN\n\(secret)\nAUTH\tPLAIN\t\(secret)\n")
        #expect(!script.output.contains(secret) && !script.errors.contains(secret), "\(script.output)")
    }
}
