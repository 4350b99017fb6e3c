import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Outputs", .blocking)
struct OutputTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let content = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n.dot\r\nFrom x\r\n"
    /// As it goes over the wire.
    private static let stuffed = content.replacing("\r\n.dot", with: "\r\n..dot")

    /// Runs a server for one message.
    ///
    /// - Returns: the reply to it, and what the server wrote to standard output.
    @discardableResult
    private func deliver(_ options: [String], _ content: String = stuffed) throws -> (reply: String, output: String) {
        let server = try ToolServer(options + ["--quiet"])
        let reply = try server.deliver(content)
        #expect(server.stop() == 0)
        return (reply, String(decoding: server.process.standardOutput, as: UTF8.self))
    }

    private func files(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.file(path)).sorted()
    }

    @Test func `a folder has the message as it came`() throws {
        #expect(try deliver(["--dir", folder.file("d"), "--raw-message", "--fsync"]).reply.hasPrefix("250 "))
        let name = try #require(try files("d").first)
        #expect(name.hasSuffix(".eml"))
        #expect(folder.read("d/\(name)") == Array(Self.content.utf8))
    }

    @Test func `Python reads a Maildir that the tool wrote`() throws {
        try deliver(["--maildir", folder.file("m"), "--fsync"])
        let script = """
            import mailbox, sys
            from email.header import decode_header, make_header
            for message in mailbox.Maildir(sys.argv[1], create=False):
                print(message.get_subdir(), make_header(decode_header(message['Subject'])), message['Delivered-To'])
                print(repr(message.get_payload()))
            """
        let python = try ChildProcess.run(["python3", "-c", script, folder.file("m")])
        #expect(python.output == "new Grüße ann@example.net\n'.dot\\nFrom x\\n'\n", "\(python.errors)")
    }

    @Test(arguments: [["--json", "FILE"], ["--json"], ["--format", "json"], ["--json", "-"]])
    func `Python reads JSON, and the message in it`(options: [String]) throws {
        let options = options.map { $0 == "FILE" ? folder.file("j") : $0 }
        let output = try deliver(options).output
        let text = options.contains(folder.file("j")) ? folder.read("j") : Array(output.utf8)
        let script = """
            import base64, email, email.policy, hashlib, json, sys
            for line in sys.stdin.buffer.read().decode().splitlines():
                record = json.loads(line)
                raw = base64.b64decode(record['raw_base64'], validate=True)
                message = email.message_from_bytes(raw, policy=email.policy.default)
                assert record['sha256'] == hashlib.sha256(raw).hexdigest() and record['size'] == len(raw)
                assert record['headers'][0]['value'] == message['subject'], record
                print(record['schema'], record['envelope']['to'][0]['address'], message['subject'], repr(message.get_content()))
                assert all(isinstance(t, float) and 0 <= t < 60000 for t in record['timings_ms'].values()), record
            """
        let python = try ChildProcess.run(["python3", "-c", script], input: text)
        #expect(python.output == "1 ann@example.net Grüße '.dot\\r\\nFrom x\\r\\n'\n", "\(python.errors)")
    }

    @Test func `every member of the JSON is documented`() throws {
        let output = try deliver(["--json"]).output
        let object = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        let page = try String(contentsOfFile: "\(BuiltTool.project)/docs/message-json.md", encoding: .utf8)
        var names = Set(object.keys)
        for inner in ["peer", "envelope"] {
            names.remove(inner)
            names.formUnion(((object[inner] as? [String: Any]) ?? [:]).keys.map { "\(inner).\($0)" })
        }
        for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
        let section = try String(
            contentsOfFile: "\(BuiltTool.project)/man/sections/smtpd-lite/30-json.mdoc", encoding: .utf8)
        for name in names { #expect(section.matches(of: /[\w.]+/).contains { $0.output == name }, "\(name)") }
        #expect(object["schema"] as? Int == 1)
    }

    @Test func `fields of the envelope are those of smtp-sink`() throws {
        let output = try deliver(["--format", "raw", "--envelope-headers"]).output
        #expect(
            output.contains("\r\nX-Client-Addr: 127.0.0.1\r\nX-Client-Proto: ESMTP\r\nX-Helo-Args: client.example\r\n"))
        #expect(
            output.contains("X-Mail-Args: <joe@example.org>\r\nX-Rcpt-Args: <ann@example.net>\r\nSubject: "))
        #expect(try deliver(["--format", "raw", "--raw-message"]).output == Self.content)
    }

    @Test(arguments: [("0", "250 "), ("75", "451 4.3.0 "), ("67", "550 5.1.1 "), ("1", "451 4.3.0 ")])
    func `a command decides, and hears of the envelope`(status: String, reply: String) throws {
        let command =
            "sh -c 'cat > \"'\(folder.path)'\"/got; echo \\$SMTP_RECIPIENTS >> '\(folder.path)'/got; exit \(status)'"
        let result = try deliver(
            ["--exec", command.replacing("\\$", with: "$"), "--mbox", folder.file("mbox"), "--raw-message"])
        #expect(result.reply.hasPrefix(reply))
        #expect(result.output.isEmpty)
        let got = String(decoding: folder.read("got"), as: UTF8.self)
        #expect(got == Self.content.replacing("\r\n", with: "\n") + "ann@example.net\n")
        #expect(folder.read("mbox").isEmpty == (status != "0"))
    }

    @Test func `a shell runs a command when it is asked to`() throws {
        let output = try deliver(["--exec", "grep '^From' | tr a-z A-Z", "--exec-shell"]).output
        #expect(output == "FROM X\n")
    }

    @Test func `in a pipe the format is mbox, and pretty when asked for`() throws {
        #expect(try deliver([]).output.hasPrefix("From joe@example.org "))
        #expect(try deliver(["--format", "auto"]).output.hasPrefix("From joe@example.org "))
        let pretty = try deliver(["--format", "pretty"]).output
        #expect(pretty.contains("\nSubject: Grüße\n"))
        #expect(!pretty.contains("\u{1B}"))
    }

    @Test(arguments: [[:], ["NO_COLOR": "1"], ["TERM": "dumb"]])
    func `on a terminal the format is pretty, as wide as it is, and coloured if that is welcome`(
        environment: [String: String]
    ) throws {
        let script = """
            import fcntl, os, pty, struct, sys, termios
            pid, fd = pty.fork()
            if pid == 0:
                fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 40, 0, 0))
                os.execvp(sys.argv[1], sys.argv[1:])
            out = b''
            try:
                while piece := os.read(fd, 65536): out += piece
            except OSError: pass
            sys.stdout.buffer.write(out)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """
        let message = try folder.write("Subject: x\n\n\(String(repeating: "word ", count: 30))\n".utf8, to: "mail")
        let result = try ChildProcess.run(
            [
                "python3", "-c", script, BuiltTool.path("smtpd-lite"), "-q", "-l", "0", "--", "sh", "-c",
                "curl -s --url \"$SMTP_URL\" --mail-from a@b.test --mail-rcpt c@d.test --crlf --upload-file \(message)",
            ], environment: ["TERM": "xterm", "NO_COLOR": ""].merging(environment) { $1 })
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Subject:"))
        #expect(result.output.contains("\u{1B}[") == environment.isEmpty)
        #expect(result.output.contains("word word word word word word word word\r\n"))
    }

    @Test(arguments: ["hello world\r\n", " Total: 5 items\r\nmore: x\r\n", "no colon\r\nA: b\r\n\r\nx\r\n"])
    func `content without a header keeps apart from the added fields`(content: String) throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer([
            "--mbox", folder.file("rd"), "--maildir", folder.file("M"), "--dir", folder.file("D"), "--exec",
            "cp /dev/stdin \(folder.file("exec"))", "--wait-for", "body~\(content.prefix(6))",
        ])
        let counted = try ToolServer(["--mbox", folder.file("cl2"), "--mbox-format", "mboxcl2"])
        for server in [server, counted] { #expect(try server.deliver(content).hasPrefix("250 ")) }
        #expect(server.process.wait() == 0)
        #expect(counted.stop() == 0)
        let text = content.replacing("\r\n", with: "\n")
        for name in ["rd", "cl2"] {
            let messages = try MailboxReader.messages(in: folder.file(name)).map { String(decoding: $0, as: UTF8.self) }
            #expect(messages.count == 1 && messages[0].hasSuffix("+0000\n\n\(text)"), "\(messages)")
        }
        let mbox = String(decoding: folder.read("cl2"), as: UTF8.self)
        #expect(mbox.contains("\nContent-Length: \(text.utf8.count)\n"))
        #expect(String(decoding: folder.read("exec"), as: UTF8.self).hasSuffix("+0000\n\n\(text)"))
        for kept in ["M/new", "D"] {
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.file(kept)).first)
            let octets = folder.read("\(kept)/\(name)")
            let stored = String(decoding: octets, as: UTF8.self)
            #expect(stored.replacing("\r\n", with: "\n").hasSuffix("+0000\n\n\(text)"), "\(stored)")
        }
    }

    @Test func `an empty message, and one that begins with its empty line, get no second one`() throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer(["--mbox", folder.file("mbox")])
        for content in ["", "\r\nbody\r\n", "A: b\r\n\r\nbody\r\n"] {
            #expect(try server.deliver(content).hasPrefix("250 "))
        }
        #expect(server.stop() == 0)
        let messages = try MailboxReader.messages(in: folder.file("mbox")).map { String(decoding: $0, as: UTF8.self) }
        #expect(messages.map { $0.hasSuffix("+0000\n") } == [true, false, false])
        #expect(messages[1].hasSuffix("+0000\n\nbody\n") && messages[2].hasSuffix("+0000\nA: b\n\nbody\n"))
    }
}
