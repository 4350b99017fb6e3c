import Foundation
import ProcessSupport
import Testing

@Suite("Messages that send composes", .blocking)
struct ComposedMessageTests {
    /// A message as Python's parser understands it.
    private static func read(_ message: String) async throws -> [String: Any] {
        let script = #"""
            import base64, email, email.header, email.policy, json, sys
            octets = sys.stdin.buffer.read()
            m = email.message_from_bytes(octets, policy=email.policy.default)
            old = email.message_from_bytes(octets)
            decode = lambda s: str(email.header.make_header(email.header.decode_header(s)))
            body = m.get_body()
            def content(body):
                try: return body.get_content().replace('\r\n', '\n')
                except LookupError: return body.get_payload(decode=True).decode('latin-1')
            print(json.dumps({
                'subject': m['subject'], 'from': decode(old['from']), 'to': decode(old['to'] or ''),
                'addresses': [a.addr_spec for a in m['to'].addresses] if m['to'] else [],
                'fields': m.keys(), 'body': content(body) if body else None,
                'defects': [str(d) for p in m.walk() for d in p.defects],
                'type': m.get_content_type(), 'encoding': body['content-transfer-encoding'] if body else None,
                'charset': body.get_content_charset() if body else None,
                'parts': [[p.get_filename(), p.get_content_type(), base64.b64encode(p.get_payload(decode=True)).decode()]
                    for p in m.iter_attachments()] if m.is_multipart() else [],
                'longest': max(len(line) for line in octets.split(b'\r\n')),
                'lone': octets.replace(b'\r\n', b'').count(b'\n') + octets.replace(b'\r\n', b'').count(b'\r'),
                'ids': [m['message-id'], m['date']], 'x': m['x-test']}))
            """#
        let result = try await onThread { try ChildProcess.run(["python3", "-c", script], input: Array(message.utf8)) }
        try #require(result.status == 0, "\(result.errors)\n\(message)")
        return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    private static func compose(_ arguments: [String], input: [UInt8] = []) async throws -> [String: Any] {
        let result = try await Probe.send(["--dump"] + arguments, input: input)
        try #require(result.status == 0, "\(result.errors)")
        let message = try await read(result.output)
        #expect(message["defects"] as? [String] == [])
        #expect(message["lone"] as? Int == 0)
        #expect(message["longest"] as? Int ?? 0 <= 998)
        return message
    }

    @Test func `a message is complete without any option`() async throws {
        let message = try await Self.compose(["--to", "ann@example.org"])
        let fields = try #require(message["fields"] as? [String])
        for name in ["Date", "From", "To", "Subject", "Message-Id", "MIME-Version", "Content-Type"] {
            #expect(fields.filter { $0.lowercased() == name.lowercased() }.count == 1, "\(name)")
        }
        #expect(message["from"] as? String == "tester@\(ProcessInfo.processInfo.hostName)")
        #expect((message["subject"] as? String)?.hasPrefix("test ") == true)
        #expect(message["encoding"] as? String == "7bit")
        #expect((message["ids"] as? [String])?[0].hasPrefix("<") == true)
    }

    static let texts: [String] = [
        "plain", "Grüße aus Köln", "日本語の件名", "😀 emoji 👩‍👩‍👧‍👦", "a  b   c", "trailing =",
        String(repeating: "long words ", count: 40) + "end", String(repeating: "ü", count: 300),
        String(repeating: "日本", count: 200), String(repeating: "x", count: 2_000),
        "mixed ASCII words, then ünïcode, then more",
        "quotes \" and \\ and , ; : <brackets>", "é", "a\u{0301}\u{0302} combining",
    ]

    @Test(arguments: texts)
    func `a subject comes back as it was given`(text: String) async throws {
        let message = try await Self.compose([
            "--to", "ann@example.org", "--subject", text, "--header", "X-Test: \(text)",
        ])
        #expect(message["subject"] as? String == text)
        #expect(message["x"] as? String == text)
    }

    @Test func `an encoded word is not encoded again`() async throws {
        let text = "=?utf-8?Q?already_encoded?="
        let message = try await Self.compose([
            "--to", "ann@example.org", "--subject", text, "--header", "X-Test: \(text)",
        ])
        #expect(message["subject"] as? String == "already encoded")
        #expect(message["x"] as? String == "already encoded")
    }

    @Test(arguments: [
        "Ann", "Ann B. Clarke", "Müller, Jörg", "日本 太郎", "\\\"Quoted\\\" \\\\ Name", "Ann \u{0301}x",
        String(repeating: "Nämé", count: 60),
    ])
    func `a name comes back as it was given`(name: String) async throws {
        let message = try await Self.compose([
            "--from", "\"\(name)\" <a@example.org>", "--to", "\"\(name)\" <b@example.org>, c@example.org",
        ])
        let plain = name.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        let from = try #require(message["from"] as? String)
        #expect(from.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\").contains(plain), "\(from)")
        #expect(message["addresses"] as? [String] == ["b@example.org", "c@example.org"])
    }

    @Test func `many recipients are folded`() async throws {
        let list = (1...200).map { "recipient-number-\($0)@example.org" }
        let message = try await Self.compose(["--to", list.joined(separator: ",")])
        #expect(message["addresses"] as? [String] == list)
        #expect(message["longest"] as? Int ?? 0 <= 78)
    }

    static let bodies: [(String, String)] = [
        ("plain\n", "7bit"), ("", "7bit"), ("Grüße\n", "8bit"),
        (String(repeating: "x", count: 1_500) + "\n", "quoted-printable"),
        ("no end", "7bit"), (".\n..\n.dots\n", "7bit"), ("blank at end \n", "7bit"),
        (String(repeating: "日本", count: 800) + "\n", "base64"), ("nul \u{0} here\n", "quoted-printable"),
    ]

    @Test(arguments: bodies)
    func `a text comes back, however it travels`(text: String, encoding: String) async throws {
        let message = try await Self.compose(["--to", "ann@example.org", "--body", "-"], input: Array(text.utf8))
        let wanted = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
        #expect(message["body"] as? String == wanted)
        #expect(message["encoding"] as? String == encoding)
    }

    @Test func `a text that is not UTF-8 says so`() async throws {
        let message = try await Self.compose(["--to", "ann@example.org", "--body", "-"], input: [0xE9, 0xFF, 10])
        #expect(message["charset"] as? String == "unknown-8bit")
        #expect(message["body"] as? String == "\u{E9}\u{FF}\r\n")
        #expect(message["encoding"] as? String == "quoted-printable" || message["encoding"] as? String == "base64")
    }

    @Test(arguments: [
        "plain.txt", "Bücher und Straßen.pdf", "😀.bin", "with \"quotes\" and \\.dat", "semi;colon.csv",
        String(repeating: "lang und länger ", count: 12) + ".doc", "100% sure.txt",
    ])
    func `an attachment comes back with its name`(name: String) async throws {
        let folder = try TemporaryFolder()
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ ($0 >> 8)) }
        let path = try folder.write(content, to: "file")
        let message = try await Self.compose([
            "--to", "ann@example.org", "--body", "Grüße\n", "--attach", "\(path);name=\(name)",
            "--attach", "\(path);type=text/csv",
        ])
        let parts = try #require(message["parts"] as? [[String]])
        #expect(parts.map { $0[0] } == [name, "file"])
        #expect(parts[1][1] == "text/csv")
        #expect(parts.allSatisfy { $0[2] == Data(content).base64EncodedString() })
        #expect(message["type"] as? String == "multipart/mixed")
        #expect(message["body"] as? String == "Grüße\n")
    }

    @Test func `a field that is given replaces the one that is made`() async throws {
        let message = try await Self.compose([
            "--to", "ann@example.org", "--header", "Subject: mine", "--header", "To: Undisclosed: ;", "--header",
            "Content-Type: text/html; charset=utf-8", "--header", "Message-ID: <mine@example.org>", "--body", "<p>",
        ])
        #expect(message["subject"] as? String == "mine")
        #expect((message["ids"] as? [String])?[0] == "<mine@example.org>")
        #expect(message["type"] as? String == "text/html")
        #expect((message["fields"] as? [String])?.filter { $0.lowercased() == "message-id" }.count == 1)
    }

    @Test func `tokens are replaced on the command line, and in files when asked`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("from %FROM% %UNKNOWN% 100% %TO%\n".utf8, to: "body")
        let options = ["--from", "joe@example.org", "--to", "ann@example.org", "--subject", "%FROM% to %TO% %% %X%"]
        let plain = try await Self.compose(options + ["--body", "@\(path)"])
        #expect(plain["subject"] as? String == "joe@example.org to ann@example.org %% %X%")
        #expect(plain["body"] as? String == "from %FROM% %UNKNOWN% 100% %TO%\n")
        let replaced = try await Self.compose(options + ["--body", "@\(path)", "--template"])
        #expect(replaced["body"] as? String == "from joe@example.org %UNKNOWN% 100% ann@example.org\n")
    }

    @Test func `the null sender still has an author`() async throws {
        let message = try await Self.compose(["--from", "<>", "--to", "ann@example.org"])
        #expect((message["from"] as? String)?.hasPrefix("MAILER-DAEMON@") == true)
    }

    @Test func `a whole message goes as it is, without the line of an mbox`() async throws {
        let text = "From joe Thu Jan  1 00:00:00 1970\nSubject: %DATE%\n\n.dot\n"
        let result = try await Probe.send(["--dump", "--data", "-"], input: Array(text.utf8))
        #expect(result.output == "Subject: %DATE%\n\n.dot\n")
    }
}
