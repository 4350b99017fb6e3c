import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Outputs that fail", .blocking)
struct BadOutputTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let content = "Subject: x\r\n\r\n\(String(repeating: "0123456789\r\n", count: 400))"

    /// Everything below a folder that could pass for a message.
    private func messages(below path: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder.file(path))?.compactMap { $0 as? String } ?? []
        return all.filter { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(folder.file(path))/\(name)", isDirectory: &isFolder)
            return !isFolder.boolValue
        }
    }

    /// A limit on the size of files takes the place of a full disk: 8 blocks of 512 bytes.
    @Test(arguments: ["--maildir", "--dir", "--json", "--mbox"])
    func `a full disk is told, leaves nothing, and what fits is stored`(option: String) throws {
        let server = try ToolServer([option, folder.file("out"), "--quiet"], shell: "trap '' XFSZ; ulimit -f 8;")
        #expect(try server.deliver(Self.content).hasPrefix("452 4.3.1 "))
        #expect(messages(below: "out").isEmpty)
        #expect(try server.deliver("Subject: y\r\n").hasPrefix("250 "))
        #expect(try server.deliver(Self.content).hasPrefix("452 4.3.1 "))
        #expect(server.stop() == 0)
        let left =
            try option.hasSuffix("dir") ? messages(below: "out").count : folder.names.filter { $0 == "out" }.count
        #expect(left == 1)
    }

    @Test(arguments: ["--maildir", "--dir", "--json", "--mbox"])
    func `what is removed is made again, and what cannot be is told`(option: String) throws {
        let server = try ToolServer([option, folder.file("out"), "--quiet"])
        #expect(try server.deliver("Subject: a\r\n").hasPrefix("250 "))
        try FileManager.default.removeItem(atPath: folder.file("out"))
        #expect(try server.deliver("Subject: b\r\n").hasPrefix("250 "))
        try FileManager.default.removeItem(atPath: folder.file("out"))
        // Something else in its place: a folder where a file should be, a file where a folder should be.
        if option.hasSuffix("dir") {
            try folder.write([], to: "out")
        } else {
            try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: false)
        }
        #expect(try server.deliver("Subject: c\r\n").hasPrefix("451 4.3.0 "))
        try FileManager.default.removeItem(atPath: folder.file("out"))
        #expect(try server.deliver("Subject: d\r\n").hasPrefix("250 "))
        #expect(server.stop() == 0)
    }

    @Test func `a FIFO that nobody reads is told, and written to when somebody does`() throws {
        #expect(mkfifo(folder.file("fifo"), 0o600) == 0)
        let server = try ToolServer(["--mbox", folder.file("fifo"), "--raw-message", "--quiet"])
        #expect(try server.deliver("Subject: a\r\n").hasPrefix("451 4.3.0 "))
        let reader = try ChildProcess(["cat", folder.file("fifo")])
        #expect(try server.deliver("Subject: b\r\n").hasPrefix("250 "))
        #expect(server.stop() == 0)
        #expect(reader.wait() == 0)
        #expect(String(decoding: reader.standardOutput, as: UTF8.self).hasSuffix("Subject: b\n\n"))
    }

    @Test(arguments: [["--format", "raw"], ["--format", "json"], ["--format", "pretty"], []])
    func `standard output that is gone is told, and the files beside it forget`(options: [String]) throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let ready = folder.file("port")
        let server = try ChildProcess(
            [
                BuiltTool.path("smtpd-lite"), "-q", "-l", "0", "--port-file", ready, "--mbox", folder.file("mbox"),
                "--format", "mbox",
            ] + options, descriptors: [1: ends[1]])
        try folder.wait(for: "port")
        let port = try #require(
            Int(String(decoding: folder.read("port"), as: UTF8.self).trimmingCharacters(in: .newlines)))
        for _ in 0..<2 {
            let client = try SocketClient(port: port)
            _ = try client.reply()
            #expect(try client.deliver("Subject: x\r\n").hasPrefix("451 4.3.0 "))
            client.end()
        }
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        #expect(folder.read("mbox").isEmpty)
    }

    @Test func `a command that hangs or dies is told, and the server goes on`() throws {
        let hanging = try ToolServer(["--exec", "sleep 1000", "--exec-timeout", "300ms", "--mbox", folder.file("mbox")])
        #expect(try hanging.deliver("Subject: x\r\n").hasPrefix("451 4.3.0 "))
        #expect(try hanging.deliver("Subject: x\r\n").hasPrefix("451 4.3.0 "))
        #expect(hanging.stop() == 0)
        #expect(hanging.process.standardError.contains("sleep: was ended: it ran for more than 0.3 s"))
        let dying = try ToolServer(["--exec", "kill -9 $$", "--exec-shell", "--mbox", folder.file("mbox")])
        #expect(try dying.deliver("Subject: x\r\n").hasPrefix("451 4.3.0 "))
        #expect(dying.stop() == 0)
        #expect(folder.read("mbox").isEmpty)
    }

    @Test func `no more commands run at a time than are to`() throws {
        // Each command takes a line from it before it ends.
        #expect(mkfifo(folder.file("gate"), 0o600) == 0)
        let gate = open(folder.file("gate"), O_RDWR | O_CLOEXEC)
        defer { close(gate) }
        let script = """
            cd '\(folder.path)' && touch run.$$ && ls run.* | wc -l >> counts && mkdir -p seen.$(cat counts | wc -l)
            read line < gate; rm run.$$
            """
        let server = try ToolServer(["--exec", script, "--exec-shell", "--exec-jobs", "2"])
        let clients = try (0..<4).map { _ in try server.client() }
        for client in clients {
            for line in ["EHLO x", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA"] {
                try client.command(line)
            }
            client.send("Subject: x\r\n.\r\n")
        }
        try folder.wait(for: "seen.2")
        #expect(write(gate, "\n\n\n\n", 4) == 4)
        for client in clients { #expect(try client.reply().hasPrefix("250 ")) }
        #expect(server.stop() == 0)
        let counts = String(decoding: folder.read("counts"), as: UTF8.self).split(separator: "\n").compactMap {
            Int($0)
        }
        #expect(counts.count == 4 && counts.max() == 2, "\(counts)")
    }

    @Test func `a server that stops does not wait for a command`() throws {
        let server = try ToolServer([
            "--exec", "touch \(folder.file("started")); exec sleep 1000", "--exec-shell", "--quiet",
        ])
        let client = try server.client()
        for line in ["EHLO client.example", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA"] {
            _ = try client.command(line)
        }
        client.send("Subject: x\r\n.\r\n")
        try folder.wait(for: "started")
        #expect(server.stop() == 0)
        client.end()
    }

    @Test(arguments: ["--maildir", "--dir"])
    func `a killed server leaves whole messages, and all that it acknowledged`(option: String) throws {
        let server = try ToolServer([option, folder.file("out"), "--raw-message", "--quiet"])
        let client = try server.client()
        var acknowledged = 0
        while acknowledged < 200, try client.deliver(Self.content).hasPrefix("250 ") { acknowledged += 1 }
        server.process.signal(SIGKILL)
        #expect(server.process.wait() == 128 + SIGKILL)
        client.end()
        let expected = option == "--dir" ? Self.content : Self.content.replacing("\r\n", with: "\n")
        let visible = messages(below: "out").filter { !$0.hasPrefix("tmp/") && !$0.hasPrefix(".") }
        #expect(visible.count >= acknowledged)
        for name in visible { #expect(folder.read("out/\(name)") == Array(expected.utf8), "\(name)") }
    }

    /// All of one form, so that a script finds the name before the first colon.
    @Test(arguments: [
        ("--mbox", "cannot open"), ("--json", "cannot open"), ("--transcript", "cannot open"),
        ("--keylog", "cannot open"),
        ("--dir", "cannot make the folder"), ("--maildir", "cannot make the folder"), ("--port-file", "cannot write"),
        ("--cert", "cannot read"),
    ])
    func `an error about a file has its name first, then what could not be done, then why`(
        option: String, attempt: String
    ) throws {
        let path = try TemporaryFolder().file("none/x")
        let result = try ChildProcess.run([BuiltTool.path("smtpd-lite"), "-q", "-l", "0", option, path])
        #expect(result.status == 1)
        #expect(result.errors == "smtpd-lite: \(path): \(attempt): No such file or directory\n")
    }
}
