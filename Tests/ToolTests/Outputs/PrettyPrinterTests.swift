import CommandLineSupport
import SMTPKit
import Testing

@testable import smtpd_lite

@Suite("Pretty format")
struct PrettyPrinterTests {
    private func printed(
        _ content: String, columns: Int = 60, lines: Int = 100, colored: Bool = false,
        change: (inout Message) -> Void = { _ in }
    ) throws -> String {
        let joe = Mailbox(localPart: "joe", domain: .name("example.org"))
        var message = Message(
            envelope: Envelope(
                reversePath: .mailbox(joe), recipients: [Envelope.Recipient(.postmaster("postmaster"))]),
            peer: Peer(
                address: .ip("192.0.2.1", port: 1025), heloName: "client.example", heloVerb: .ehlo, serverName: "mx"),
            id: QueueID(rawValue: "A1"), receivedAt: Timestamp(seconds: 1_795_359_600),
            content: .memory(Array(content.replacing("\n", with: "\r\n").utf8)))
        change(&message)
        var output: [UInt8] = []
        let printer = PrettyPrinter(mostLines: lines, columns: { columns }, isColored: colored)
        try printer.append(message, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `envelope, fields, text and attachments stand in that order`() throws {
        let content = """
            X-Mailer: x
            Date: Sun, 22 Nov 2026 15:00:00 +0000
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b
            From: Joe <joe@example.org>

            --b
            Content-Type: text/plain; charset=koi8-r
            Content-Transfer-Encoding: base64

            8NLJ18XU
            --b
            Content-Type: application/pdf; name=a.pdf

            0123456789
            --b--

            """
        #expect(
            try printed(content) == """
                ---- A1  2026-11-22 15:00:00 UTC  346 B --------------------
                from joe@example.org to postmaster
                by client.example [192.0.2.1], ESMTP

                From:    Joe <joe@example.org>
                Subject: Grüße
                Date:    Sun, 22 Nov 2026 15:00:00 +0000
                X-Mailer: x

                Привет

                [a.pdf, application/pdf, 10 B]


                """)
    }

    @Test(arguments: [
        "\u{1B}]0;owned\u{07}", "\u{9B}31m", "\u{202E}gpj.exe", "\u{2066}x\u{2069}", "\u{1B}[2J", "\u{08}\u{08}",
        "\u{200B}", "\u{2028}", "\u{FEFF}", "\r",
    ])
    func `no octet of a message makes a terminal do anything`(text: String) throws {
        let encoded = text.utf8.map { "=\(String($0 >> 4, radix: 16))\(String($0 & 15, radix: 16))" }.joined()
        let name = text.utf8.map { "%\(String($0 >> 4, radix: 16))\(String($0 & 15, radix: 16))" }.joined()
        let content = """
            From: =?utf-8?q?\(encoded)?= \(text)
            Subject: =?utf-8?q?a\(encoded)?=
            X-Evil: =?utf-8?q?\(encoded)?= \(text)
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p>\(encoded) &#27;]0;x&#7; &#x9b;31m &#x202e;</p><img alt=3D"\(encoded)">
            --b
            Content-Type: application/x; name*=utf-8''\(name)

            x
            --b--
            """
        for (content, colored) in [(content, false), (content, true), ("X-\(text): x\n\nz", false), (text, true)] {
            let output = try printed(content, colored: colored) { message in
                message.peer.heloName = "evil\(text)"
                message.peer.username = text
                message.envelope.reversePath = .mailbox(Mailbox(localPart: "a\(text)", domain: .name("x")))
            }
            let allowed = ["\u{1B}[36m", "\u{1B}[1m", "\u{1B}[2m", "\u{1B}[0m"]
            let plain = allowed.reduce(output) { $0.replacing($1, with: "") }
            let hasOurs = plain != output
            #expect(hasOurs == colored)
            let isSafe = plain.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control: scalar == "\n"
                case .format, .lineSeparator, .paragraphSeparator: false
                case _: true
                }
            }
            #expect(isSafe, "\(plain.debugDescription)")
        }
    }

    @Test(arguments: [20, 33, 60, 200])
    func `no line is wider than the terminal`(columns: Int) throws {
        let words = (0..<200).map { $0 % 7 == 0 ? "日本語テキスト" : String(repeating: "x", count: $0 % 90) }.joined(
            separator: " ")
        let content = """
            Subject: \(words)
            X-Other: \(words)
            Content-Type: multipart/mixed; boundary=b

            --b

            \(words)
            \ta\tb
            --b
            Content-Type: image/png; name="\(words)"

            x
            --b--
            """
        for line in try printed(content, columns: columns).split(separator: "\n") {
            #expect(SafeText.width(String(line)) <= columns, "\(line)")
        }
    }

    @Test func `a long text is cut, and a hint says so`() throws {
        let content = "Subject: x\n\n" + (1...500).map { "line \($0)\n" }.joined()
        let output = try printed(content, lines: 10)
        #expect(output.contains("line 10\n[490 more lines; --pretty-lines 0 shows all]\n"))
        #expect(!output.contains("line 11\n"))
        #expect(try printed(content, lines: 0).contains("line 500\n"))
    }

    @Test func `the HTML version of a text is mentioned`() throws {
        let content = """
            Content-Type: multipart/alternative; boundary=b

            --b

            plain
            --b
            Content-Type: text/html

            <p>html</p>
            --b--
            """
        #expect(try printed(content).hasSuffix("plain\n\n[also as HTML, 11 B]\n\n"))
    }

    @Test func `joiners are shown as they are`() throws {
        let text = "\u{1F469}\u{200D}\u{1F680} \u{0646}\u{0645}\u{06CC}\u{200C}\u{062E}"
        #expect(try printed("Content-Type: text/plain; charset=utf-8\n\n\(text)").contains("\n\(text)\n"))
        #expect(SafeText.width("\u{1F469}\u{200D}\u{1F680}") == 2)
        #expect(SafeText.width("\u{200C}") == 0)
    }

    @Test func `HTML alone is shown as text`() throws {
        let output = try printed("Content-Type: text/html\n\n<h1>Hi</h1><p>a &amp; b<script>x()</script>")
        #expect(output.contains("[from HTML]\nHi\n\na & b\n"))
    }

    @Test func `a large message, a bare one and an empty one are shown`() throws {
        let large = "Subject: x\n\n" + String(repeating: String(repeating: "y", count: 70) + "\n", count: 70_000)
        #expect(try printed(large).contains("[the message is longer than the part that is shown]"))
        #expect(try printed("").hasPrefix("---- A1"))
        #expect(try printed("no header").hasSuffix("ESMTP\n\n\nno header\n\n"))
        let many = try printed("\nx") { message in
            message.envelope.recipients = Array(repeating: message.envelope.recipients[0], count: 80)
            message.envelope.reversePath = .null
            message.peer.address = .local
        }
        #expect(many.contains("from <> to postmaster"))
        #expect(many.contains("and 30 more"))
        // What follows the first line of the envelope is set off.
        #expect(many.split(separator: "\n").dropFirst(2).prefix(3).allSatisfy { $0.hasPrefix("     postmaster, ") })
    }

    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (12_345, "12.0 KiB"), (3_456_789, "3.2 MiB"),
            (7_890_123_456, "7.3 GiB"), (1_048_575, "1023.9 KiB"), (UInt64.max, "17179869183.9 GiB"),
        ] as [(UInt64, String)])
    func `sizes are for people`(octets: UInt64, text: String) {
        #expect(PrettyPrinter.size(octets) == text)
    }
}
