import Foundation
import ProcessSupport
import Testing

@Suite("Showing saved mail", .blocking)
struct ShowTests {
    private static let tool = BuiltTool.path("smtpd-lite")

    private func show(_ arguments: String..., input: String = "") throws -> (
        status: Int32, output: String, errors: String
    ) {
        try ChildProcess.run([Self.tool, "show"] + arguments, input: Array(input.utf8))
    }

    /// The lines that begin messages, and those that follow the fields.
    private func texts(_ output: String) -> [String] { output.split(separator: "\n").map(String.init) }

    @Test(arguments: ["mboxrd", "mboxo", "mboxcl2"])
    func `an mbox that the server wrote is read, whatever its dialect`(format: String) throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer(["--mbox", folder.file("inbox"), "--mbox-format", format])
        for number in 1...3 {
            let body =
                "text \(number)\r\n\r\nFrom here on\r\n\r\nFrom joe@example.org Sun Nov 22 15:00:00 2026\r\nend\r\n"
            #expect(try server.deliver("Subject: number \(number)\r\n\r\n\(body)").hasPrefix("250 "))
        }
        #expect(server.stop() == 0)
        let run = try show(folder.file("inbox"))
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let lines = texts(run.output)
        #expect(lines.filter { $0.hasPrefix("---- inbox ") }.count == 3)
        #expect(lines.filter { $0 == "from joe@example.org to ann@example.net" }.count == 3)
        #expect(lines.filter { $0.hasPrefix("Subject: number ") } == (1...3).map { "Subject: number \($0)" })
        #expect(
            lines.filter { $0.hasPrefix("From ") || $0 == "end" }
                == Array(
                    repeating: ["From here on", "From joe@example.org Sun Nov 22 15:00:00 2026", "end"], count: 3
                ).flatMap { $0 })
    }

    @Test func `Maildir, folder and JSON Lines show the same messages`() throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer([
            "--maildir", folder.file("M"), "--json", folder.file("with-paths"), "--dir", folder.file("D"),
        ])
        let alone = try ToolServer(["--json", folder.file("alone")])
        for server in [server, alone] {
            for number in 1...2 {
                let head = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= \(number)\r\n"
                #expect(try server.deliver("\(head)\r\nhello \(number)\r\n").hasPrefix("250 "))
            }
            #expect(server.stop() == 0)
        }
        for name in ["M", "D", "with-paths", "alone"] {
            let run = try show(folder.file(name))
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
            let lines = texts(run.output)
            #expect(lines.filter { $0.hasPrefix("Subject: ") } == ["Subject: Grüße 1", "Subject: Grüße 2"], "\(name)")
            #expect(lines.filter { $0.hasPrefix("hello") } == ["hello 1", "hello 2"], "\(name)")
            #expect(lines.filter { $0 == "from joe@example.org to ann@example.net" }.count == 2, "\(name)")
        }
    }

    @Test func `standard input, a message and text without a header are shown`() throws {
        let folder = try TemporaryFolder()
        try folder.write("Subject: x\n\nhello\n".utf8, to: "a.eml")
        #expect(try texts(show(folder.file("a.eml")).output).suffix(2) == ["Subject: x", "hello"])
        #expect(try texts(show("-", input: "just text\n").output).last == "just text")
        #expect(try texts(show("-", input: "From a@b Sun Nov 22 15:00:00 2026\n\nx\n\n").output).last == "x")
        #expect(try show("-", input: "\u{1B}]0;evil\u{7}").output.contains("\\u{1b}]0;evil\\u{7}"))
        #expect(try show("-").output.isEmpty)
    }

    @Test func `JSON with a large content, or without it, is shown as far as it is there`() throws {
        let folder = try TemporaryFolder()
        let head =
            "{\"id\":\"A1\",\"envelope\":{\"from\":\"a\\u0062\",\"to\":[{\"address\":\"c@d\",\"parameters\":{}}]}"
        let content = Data(("Subject: big\r\n\r\n" + String(repeating: "hello\r\n", count: 600_000)).utf8)
        let large =
            "\(head),\"size\":\(content.count),\"raw_base64\":\"\(content.base64EncodedString())\",\"timings_ms\":{}}\n"
        let gone = "\(head),\"size\":2048,\"raw_base64\":null,\"path\":\"nowhere/x.eml\"}\n"
        let run = try show(folder.write((large + gone + gone).utf8, to: "mail.jsonl"))
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let lines = texts(run.output)
        #expect(lines.filter { $0.hasPrefix("---- A1 ") }.map { $0.contains("4.0 MiB") } == [true, false, false])
        #expect(lines.contains("Subject: big") && lines.contains("[the message is longer than the part that is shown]"))
        #expect(lines.count { $0 == "from ab to c@d" } == 3)
        #expect(lines.count { $0 == "[the content is not in nowhere/x.eml any more]" } == 2)
    }

    @Test func `colour is for those who ask`() throws {
        let message = "Subject: x\n\nhello\n"
        #expect(try !show("-", input: message).output.contains("\u{1B}["))
        #expect(try show("--color", "always", "-", input: message).output.contains("\u{1B}[36m"))
    }

    @Test func `what cannot be read is named, and the rest is shown`() throws {
        let folder = try TemporaryFolder()
        let good = try folder.write("Subject: x\n\nhello\n".utf8, to: "a.eml")
        let missing = try show(folder.file("none"), good)
        #expect(missing.status == 1 && missing.output.contains("hello"))
        #expect(missing.errors == "smtpd-lite show: \(folder.file("none")): cannot open: No such file or directory\n")
        let broken = try folder.write("{\"id\":\"A1\"}\n{nonsense\n".utf8, to: "j")
        let run = try show(broken)
        #expect(run.status == 1 && run.output.contains("---- A1 "))
        #expect(run.errors == "smtpd-lite show: j:2: this line is no JSON object\n")
        #expect(try show().status == 64)
        #expect(try show("--color", "x", good).errors.contains("one of auto, always, never"))
    }

    @Test func `a wrong length, lines without end and other oddities lose no message`() throws {
        let start = "From a@b Sun Nov 22 15:00:00 2026\n"
        let folder = try TemporaryFolder()
        let wrong = try folder.write(
            "\(start)Content-Length: 999\n\none\n\n\(start)Content-Length: 2\n\ntwo\n\n\(start)\nthree".utf8, to: "m")
        #expect(
            try texts(show(wrong).output).filter { ["one", "two", "three"].contains($0) } == ["one", "two", "three"])
        let long = String(repeating: "y", count: 200_000)
        let run = try show("-", input: "\(start)\n\(long)\n\n\(start)\nnext\n\n")
        #expect(run.output.contains("---- stdin 2 ") && run.output.contains("\nnext\n"))
    }

    @Test func `a large mbox is shown in little memory`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("big")
        let body = String(repeating: "a line of forty characters, more or less\n", count: 60_000)
        var content = ""
        for number in 1...4 { content += "From a@b Sun Nov 22 15:00:00 2026\nSubject: \(number)\n\n\(body)\n" }
        try folder.write(content.utf8, to: "big")
        let report = folder.file("report")
        let run = try ChildProcess.run(["time", "-f", "%M", "-o", report, Self.tool, "show", path])
        #expect(run.status == 0)
        #expect(texts(run.output).filter { $0.hasPrefix("Subject: ") }.count == 4)
        let kilobytes = Int(String(decoding: folder.read("report"), as: UTF8.self).trimmingCharacters(in: .newlines))
        #expect(try #require(kilobytes) < 64 << 10)
    }

    @Test func `a message is shown before the next is there`() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        let terminal = try Terminal([Self.tool, "show", folder.file("pipe")])
        let pipe = open(folder.file("pipe"), O_WRONLY | O_CLOEXEC)
        let text = message("early") + "From a@b Sun Nov 22 15:00:00 2026\n"
        #expect(text.withCString { write(pipe, $0, strlen($0)) } == text.utf8.count)
        try terminal.wait(for: "early")
        close(pipe)
        #expect(try terminal.finish() == 0)
    }

    // MARK: Following

    /// Appends to a file, as a server does.
    private func append(_ text: String, to path: String) throws {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        defer { close(file) }
        #expect(text.withCString { write(file, $0, strlen($0)) } == text.utf8.count)
    }

    private func message(_ subject: String) -> String {
        "From a@b Sun Nov 22 15:00:00 2026\nSubject: \(subject)\n\nx\n\n"
    }

    @Test func `a followed mbox shows what is appended, and begins anew when it is replaced or made shorter`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("inbox")
        let terminal = try Terminal([Self.tool, "show", "--follow", path])
        try append(message("first"), to: path)
        try terminal.wait(for: "first")
        try append(message("second"), to: path)
        try terminal.wait(for: "second")
        rename(path, folder.file("old"))
        try append(message("third"), to: folder.file("old"))
        try terminal.wait(for: "third")
        try append(message("fourth"), to: path)
        try terminal.wait(for: "fourth")
        truncate(path, 0)
        try append("From a@b\nSubject: 5th\n\n\n", to: path)
        try terminal.wait(for: "5th")
        terminal.signal(SIGINT)
        #expect(try terminal.finish() == 128 + SIGINT)
        for subject in ["first", "second", "third", "fourth", "5th"] {
            #expect(terminal.output.components(separatedBy: subject).count == 2)
        }
    }

    @Test func `a followed Maildir shows each message once, also when it is marked as read`() throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer(["--maildir", folder.file("M")])
        let terminal = try Terminal([Self.tool, "show", "-f", folder.file("M")])
        try server.deliver("Subject: first\r\n\r\nx\r\n")
        try terminal.wait(for: "first")
        let new = folder.file("M/new")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: new).first)
        try FileManager.default.moveItem(atPath: "\(new)/\(name)", toPath: folder.file("M/cur/\(name):2,S"))
        try server.deliver("Subject: second\r\n\r\nx\r\n")
        try terminal.wait(for: "second")
        terminal.signal(SIGTERM)
        #expect(try terminal.finish() == 128 + SIGTERM)
        #expect(terminal.output.components(separatedBy: "first").count == 2)
        #expect(server.stop() == 0)
    }
}
