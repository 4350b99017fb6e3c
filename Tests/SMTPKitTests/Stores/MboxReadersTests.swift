import Foundation
import ProcessSupport
import SMTPKit
import Testing

@Suite("mbox readers", .blocking)
struct MboxReadersTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    static let contents: [String] = [
        "Subject: one\r\n\r\nFrom the first line\r\n>From quoted\r\n>>From twice\r\n",
        "Subject: two\r\n\r\nno last line end",
        "Subject: three\r\n\r\n\r\n\r\nFrom\r\nFrom: x\r\nfrom y\r\n\r\n",
        "Subject: four\r\n\r\n" + String(repeating: "x", count: 5000) + "\r\n",
        "Subject: five\r\n\r\na\rb \u{FC}\u{1F600}\r\n",
    ]

    func fill(_ format: MboxFormat) async throws -> String {
        let store = try FileStore.mbox(path: directory.file("m"), format: format, adding: AddedFields(trace: .received))
        for content in Self.contents { try await store.store(Fixture.message(content)) }
        await store.close()
        return directory.file("m")
    }

    /// Returns the content that a reader should find: LF line ends, and the field that was added.
    static func expected(_ content: String) -> String {
        var text = content.replacingOccurrences(of: "\r\n", with: "\n")
        if !text.hasSuffix("\n") { text += "\n" }
        return """
            Received: from mail.example.org ([192.0.2.1])
            \tby mx.example.net with ESMTP id 1
            \tfor <ann@example.net>;
            \tSun, 22 Nov 2026 15:00:00 +0000
            \(text)
            """
    }

    @Test(arguments: [MboxFormat.mboxo, .mboxrd])
    func `Python reads every message, octet for octet but for the quoting`(format: MboxFormat) async throws {
        let script = """
            import mailbox, sys, json
            box = mailbox.mbox(sys.argv[1])
            out = []
            for key in box.keys():
                message = box.get_message(key)
                out.append([message.get_from(), box.get_bytes(key).decode('utf-8')])
            print(json.dumps(out))
            """
        let (status, output) = try await Companion.python(script, try await fill(format)).finish()
        #expect(status == 0)
        let messages = try JSONDecoder().decode([[String]].self, from: Data(output))
        #expect(messages.map(\.first) == Self.contents.map { _ in "joe@example.org Sun Nov 22 15:00:00 2026" })
        let quotes = format == .mboxrd ? "^(>*From )" : "^(From )"
        let expected = Self.contents.map {
            Self.expected($0).replacingOccurrences(of: "(?m)" + quotes, with: ">$1", options: .regularExpression)
        }
        #expect(messages.map(\.last) == expected)
    }

    @Test
    func `git mailsplit gives every message back as it came`() async throws {
        let path = try await fill(.mboxrd)
        try FileManager.default.createDirectory(atPath: directory.file("out"), withIntermediateDirectories: false)
        let (status, output) = try await Companion(
            "git",
            ["mailsplit", "--mboxrd", "--keep-cr", "-o\(directory.file("out"))", path]
        ).finish()
        #expect(status == 0)
        #expect(String(decoding: output, as: UTF8.self) == "\(Self.contents.count)\n")
        for (index, content) in Self.contents.enumerated() {
            // The From_ line stays, and the empty line after the message is taken for its last.
            let text = directory.text("out/000\(index + 1)")
            #expect(text == Fixture.fromLine + Self.expected(content) + "\n")
        }
    }

    @Test
    func `Content-Length frames what is not quoted`() async throws {
        let script = """
            import sys, json
            data = open(sys.argv[1], 'rb').read()
            out = []
            while data:
                first, rest = data.split(b'\\n', 1)
                assert first.startswith(b'From ')
                header, rest = rest.split(b'\\n\\n', 1)
                lengths = [l for l in header.split(b'\\n') if l.lower().startswith(b'content-length:')]
                assert len(lengths) == 1
                n = int(lengths[0].split(b':')[1])
                assert rest[n:n + 1] == b'\\n'
                out.append(rest[:n].decode('utf-8'))
                data = rest[n + 1:]
            print(json.dumps(out))
            """
        let (status, output) = try await Companion.python(script, try await fill(.mboxcl2)).finish()
        #expect(status == 0)
        let bodies = try JSONDecoder().decode([String].self, from: Data(output))
        let expected = Self.contents.map { content in
            let text = Self.expected(content)
            return text.range(of: "\n\n").map { String(text[$0.upperBound...]) }
        }
        #expect(bodies == expected)
    }
}
