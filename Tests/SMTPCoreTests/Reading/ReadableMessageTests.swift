import Testing

@testable import SMTPCore

@Suite("Readable messages")
struct ReadableMessageTests {
    private func read(_ lines: String...) -> ReadableMessage {
        ReadableMessage(parsing: Array(lines.joined(separator: "\r\n").utf8), CharacterSets())
    }

    @Test func `plain text is itself`() {
        let message = read("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "", "Hello", "", "World", "")
        #expect(message.field("subject") == "Grüße")
        #expect(message.text == "Hello\n\nWorld\n")
        #expect(message.attachments.isEmpty)
        #expect(!message.isFromHTML)
    }

    @Test func `text is decoded from its encoding and its character set`() {
        let message = read(
            "Content-Type: text/plain; charset=ISO-8859-1", "Content-Transfer-Encoding: quoted-printable", "",
            "Gr=FC=DFe=", "!")
        #expect(message.text == "Grüße!")
    }

    @Test func `of alternatives the plain text is shown, however deep it is`() {
        let message = read(
            "Content-Type: multipart/alternative; boundary=\"a b\"", "", "preamble", "--a b", "", "plain", "--a b  ",
            "Content-Type: text/html", "", "<p>html</p>", "--a b--", "epilogue")
        #expect(message.text == "plain")
        let nested = read(
            "Content-Type: multipart/alternative; boundary=o", "", "--o", "Content-Type: multipart/related; boundary=i",
            "",
            "--i", "Content-Type: text/html", "", "<p>html", "--i", "Content-Type: image/png; name=a.png", "", "xyz",
            "--i--",
            "--o--")
        #expect(nested.text == "html\n")
        #expect(nested.isFromHTML)
        #expect(nested.attachments == [.init(name: "a.png", type: "image/png", size: 3)])
    }

    @Test func `blank alternatives are skipped, and HTML that is not shown is mentioned`() {
        let both = { (plain: String, html: String) in
            read(
                "Content-Type: multipart/alternative; boundary=b", "", "--b", "", plain, "--b",
                "Content-Type: text/html",
                "", html, "--b--")
        }
        #expect(both("plain", "<p>html").text == "plain")
        #expect(both("plain", "<p>html").hiddenHTML == 7)
        for blank in ["", "  \t", "\u{200B}\u{A0}", "\r\n\r\n"] {
            #expect(both(blank, "<p>html").text == "html\n")
            #expect(both(blank, "<p>html").hiddenHTML == nil)
        }
        #expect(both("", " ").text.filter { !$0.isWhitespace }.isEmpty)
        #expect(read("", "text").hiddenHTML == nil)
    }

    @Test func `text without a header is a message`() {
        #expect(read("hello world").text == "hello world")
        #expect(read(" Total: 5 items", "more: x").text == " Total: 5 items\nmore: x")
        let mixed = read("Subject: x", "no field", "", "rest")
        #expect(mixed.field("subject") == "x")
        #expect(mixed.text == "no field\n\nrest")
        #expect(read("", "Subject: x").field("subject") == nil)
        #expect(read("Subject: x", " continued", "\tonce more").text.isEmpty)
    }

    @Test(arguments: [
        // RFC 3676, section 4: one blank at the end joins, and one at the start was stuffed in.
        ("a long \nline\nnext\n", false, "a long line\nnext\n"), ("a lo \nng\n", true, "a long\n"),
        ("> quoted \n> text\nnot\n", false, "> quoted text\nnot\n"), (">> a \n> b\n", false, ">> a \n> b\n"),
        ("> a \nb\n", false, "> a \nb\n"), (" > no quote\n", false, "> no quote\n"),
        ("a \n-- \nb\n", false, "a \n-- \nb\n"),
        ("a\n\nb\n", false, "a\n\nb\n"), ("end ", true, "end"), ("", false, ""), ("\n", false, "\n"),
    ])
    func `flowed text is joined`(text: String, deletes: Bool, joined: String) {
        #expect(FlowedText.joined(text, deletesBlanks: deletes) == joined)
        let message = read(
            "Content-Type: text/plain; format=Flowed; DelSp=\(deletes ? "Yes" : "no")", "",
            text.replacing("\n", with: "\r\n"))
        #expect(message.text == joined)
    }

    @Test func `what a preview hides is not shown`() {
        let html =
            "<div style='color:red; DISPLAY : none'>pre<div>view</div></div><p>text<img style=\"display:none\" alt=x>"
        #expect(HTMLText.text(of: html) == "text\n")
        #expect(HTMLText.text(of: "<p style='display:none'>a <a href='http://x'>b</a></p>c") == "c\n")
    }

    @Test func `attachments have a name, a type and a decoded size`() {
        let message = read(
            "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "text", "--b",
            "Content-Type: application/pdf", "Content-Disposition: attachment; filename*=UTF-8''Gr%C3%BC.pdf",
            "Content-Transfer-Encoding: base64", "", "SGVsbG8=", "--b", "Content-Type: text/plain",
            "Content-Disposition: attachment; filename=log.txt", "", "a log", "--b", "Content-Type: message/rfc822", "",
            "Subject: inner", "", "inner text", "--b--", "")
        #expect(message.text == "text")
        #expect(
            message.attachments == [
                .init(name: "Grü.pdf", type: "application/pdf", size: 5),
                .init(name: "log.txt", type: "text/plain", size: 5),
                .init(name: nil, type: "message/rfc822", size: 28),
            ])
    }

    @Test func `a part that nothing ends goes on to the end`() {
        let message = read(
            "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b", "", "two, and no e")
        #expect(message.text == "one\ntwo, and no e")
        #expect(read("Content-Type: multipart/mixed; boundary=b", "", "no parts").text == "no parts")
        #expect(read("Content-Type: multipart/mixed", "", "no boundary").attachments.map(\.type) == [])
        #expect(read("Content-Type: nonsense", "", "text").text == "text")
        #expect(read("").text.isEmpty)
    }

    @Test func `nesting and the number of parts have limits`() {
        var deep = ""
        for level in 0..<200 { deep += "Content-Type: multipart/mixed; boundary=b\(level)\r\n\r\n--b\(level)\r\n" }
        _ = ReadableMessage(parsing: Array(deep.utf8), CharacterSets())
        let part = MIMEPart(parsing: Array(deep.utf8), CharacterSets())
        var depth = 0
        var inner: MIMEPart? = part
        while let next = inner?.parts.first {
            depth += 1
            inner = next
        }
        #expect(depth == MIMEPart.Bounds().depth)
        let wide =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + String(repeating: "--b\r\n\r\nx\r\n", count: 5000)
        let parts = MIMEPart(parsing: Array(wide.utf8), CharacterSets()).parts
        #expect(parts.count == MIMEPart.Bounds().parts - 1)
    }

    @Test func `random messages are read somehow`() {
        let pieces = [
            "Content-Type: multipart/mixed; boundary=b\r\n", "Content-Type: text/html\r\n", "--b\r\n", "--b--\r\n",
            "\r\n", "\n",
            "\r", "--", "Content-Transfer-Encoding: base64\r\n", "SGVsbG8=", "<p", ">", "&amp;", "&#", "boundary=",
            "\"", "\0", "é",
            "Content-Type: multipart/alternative; boundary=\"c\"\r\n", "--c\r\n", "<!--", "<script>",
            "<a href=\"http://x\">",
        ]
        for _ in 0..<1000 {
            let text = (0..<Int.random(in: 0...60)).map { _ in pieces.randomElement() ?? "" }.joined()
            let message = ReadableMessage(parsing: Array(text.utf8), CharacterSets())
            #expect(message.attachments.count <= 60)
        }
        for _ in 0..<300 {
            let octets = (0..<Int.random(in: 0...400)).map { _ in UInt8.random(in: 0...255) }
            _ = ReadableMessage(parsing: octets, CharacterSets())
        }
    }
}
