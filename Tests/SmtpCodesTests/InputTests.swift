import Foundation
import ProcessSupport
import Testing

@Suite("Files, streams and bounces", .blocking)
struct InputTests {
    private func file(_ text: Data, _ arguments: [String], name: String = "input.log") throws -> Tool.Run {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/\(name)"
        try text.write(to: URL(filePath: path))
        return try Tool.run(arguments + [path])
    }

    private func recipients(_ message: String) throws -> [String] {
        let run = try file(Data(message.utf8), ["--jsonl"], name: "bounce.eml")
        return try run.lines.map { line in
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let fields = ["recipient", "delivery", "code", "reason"].map { object[$0] as? String ?? "-" }
            return fields.joined(separator: " ")
        }
    }

    private static let report = """
        From: MAILER-DAEMON@example.org
        Content-Type: multipart/report; boundary="b1"

        --b1
        Content-Type: text/plain

        <ann@example.net>: host mx.example.net said: 550 5.1.1 no
        --b1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org

        Final-Recipient: rfc822; ann@example.net
        Action: failed
        Status: 5.0.0
        Remote-MTA: dns; mx.example.net
        Diagnostic-Code: smtp; 550
            5.1.1 <ann@example.net>: User unknown

        Final-Recipient: rfc822; bob@example.net
        Action: delayed
        Status: 4.2.2

        --b1
        Content-Type: message/rfc822

        Subject: 550 5.7.1 of last week

        421 4.7.0 is the order
        --b1--

        """

    private static let outcome = [
        "ann@example.net failed 550 5.1.1 unknown-user", "bob@example.net delayed 4.2.2 mailbox-full",
    ]

    @Test func `a delivery report is read per recipient, folded lines joined`() throws {
        #expect(try recipients(Self.report) == Self.outcome)
        #expect(try recipients(Self.report.replacingOccurrences(of: "\n", with: "\r\n")) == Self.outcome)
        #expect(try recipients("\u{FEFF}" + Self.report) == Self.outcome)
    }

    @Test func `a report in a forwarded or encoded message is found`() throws {
        let forwarded = """
            From: Kim <kim@example.org>
            Content-Type: multipart/mixed; boundary=o

            --o
            Content-Type: text/plain

            What is this?
            --o
            Content-Type: message/rfc822

            \(Self.report)
            --o--

            """
        #expect(try recipients(forwarded) == Self.outcome)
        let base64 = Data(Self.report.utf8).base64EncodedString(options: .lineLength76Characters)
        let attached = """
            Content-Type: multipart/mixed; boundary=o

            --o
            Content-Type: message/rfc822; name=bounce.eml
            Content-Transfer-Encoding: base64

            \(base64)
            --o--

            """
        #expect(try recipients("Subject: Fwd\n" + attached) == Self.outcome)
    }

    @Test func `a report cut at any byte is read as far as it goes`() throws {
        let bytes = Array(Self.report.utf8)
        let folder = try TemporaryFolder()
        var paths: [String] = []
        for cut in stride(from: 0, to: bytes.count, by: 7) {
            let path = "\(folder.path)/\(cut).eml"
            try Data(bytes[..<cut]).write(to: URL(filePath: path))
            paths.append(path)
        }
        let run = try Tool.run(["--jsonl"] + paths)
        #expect(run.status < 2 && run.lines.count > paths.count / 2)
    }

    @Test(arguments: [
        (
            "Hi. This is the qmail-send program at q.example.org.\n\n<ann@example.net>:\n192.0.2.1 does not like recipient.\n"
                + "Remote host said: 550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <x@y>\n",
            "ann@example.net failed 550 5.1.1 unknown-user"
        ),
        (
            "This message was created automatically by mail delivery software.\n\n  ann@example.net\n"
                + "    SMTP error from remote mail server after RCPT TO:<ann@example.net>:\n"
                + "    host mx.example.net [192.0.2.1]: 550 mailbox is full\n",
            "ann@example.net failed 550 mailbox-full"
        ),
        (
            "This is the mail system at host mx.\n\n<ann@example.net>: host mx.example.net[192.0.2.1] said: 554 5.7.1\n"
                + "    blocked using rbl.example (in reply to RCPT TO command)\n",
            "ann@example.net failed 554 5.7.1 blocked-ip"
        ),
        (
            "   ----- The following addresses had permanent fatal errors -----\n<ann@example.net>\n"
                + "    (reason: 550 5.1.1 User unknown)\n",
            "ann@example.net failed 550 5.1.1 unknown-user"
        ),
        (
            "Delivery has failed to these recipients or groups:\n\nann@example.net\n"
                + "Remote Server returned '550 5.2.2 mailbox full'\n",
            "ann@example.net failed 550 5.2.2 mailbox-full"
        ),
    ])
    func `the plain text of a bounce is read`(text: String, expected: String) throws {
        let message = "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\n\n\(text)"
        #expect(try recipients(message) == [expected])
    }

    @Test func `a message that is no bounce has no answer`() throws {
        let run = try file(Data("From: ann@example.org\nSubject: hello\n\n550 5.1.1 is my order\n".utf8), ["-b"])
        #expect(run.status == 1 && run.output.isEmpty && run.errors.contains("no delivery report found"))
    }

    @Test func `a log is read from files and from standard input, and lines without a code are silent`() throws {
        let log = "connect\nsaid: 550 5.1.1 no\n\nsaid: 421 4.7.0 later\n"
        let expected = ["550 5.1.1  permanent  Bad destination mailbox address"]
        let run = try file(Data(log.utf8), ["-b"])
        #expect(run.status == 0 && run.errors.isEmpty && run.lines.first == expected[0] && run.lines.count == 2)
        #expect(try Tool.run("-b", "-", input: log).text == run.text)
        #expect(try Tool.run("--jsonl", "--all", "-", input: log).lines.filter { $0 == "null" }.count == 2)
        #expect(try Tool.run("-b", "-", input: "nothing\n").status == 1)
        #expect(try Tool.run("--is", "permanent", "-", input: "nothing\nsaid: 550 5.1.1 no\n").status == 0)
        #expect(try file(Data(log.utf8), ["--count"]).lines.count == 2)
        #expect(try file(Data(log.utf8), ["--annotate", "--only", "permanent"]).lines.count == 1)
    }

    @Test func `UTF-16 is read, also where it ends inside a unit`() throws {
        let text = "said: 550 5.1.1 naïve 😀\n"
        for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
            let mark: [UInt8] = encoding == .utf16LittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
            let data = Data(mark) + (try #require(text.data(using: encoding)))
            #expect(try file(data, ["-b"]).lines == ["550 5.1.1  permanent  Bad destination mailbox address"])
            #expect(try file(data, ["--annotate"]).text.hasPrefix("said: 550 5.1.1 naïve 😀  [550 5.1.1"))
            #expect(try file(data + Data([0x41]), ["-b"]).status == 0)
        }
    }

    @Test func `lines are counted by reason, provider, domain, host and hour`() throws {
        let log = """
            Mar  3 10:11:12 mx postfix/smtp[1]: A: to=<a@example.org>, relay=mx.example.org[192.0.2.1]:25, said: 550 mailbox full
            Mar  3 10:12:12 mx postfix/smtp[1]: A: to=<b@example.org>, relay=mx.example.org[192.0.2.1]:25, said: 550 mailbox full
            Mar  3 11:12:12 mx postfix/smtp[1]: A: to=<c@example.net>, relay=mx.example.net[192.0.2.1]:25, said: 250 2.0.0 Ok

            """
        #expect(try Tool.run("--count", "--by", "reason", input: log).lines == ["  2  mailbox-full", "  1  accepted"])
        #expect(
            try Tool.run("--count", "--by", "domain,host", "--only", "permanent", input: log).lines
                == ["  2  example.org  mx.example.org"]
        )
        // Keys that are given one by one count together, too.
        #expect(
            try Tool.run("--count", "--by", "domain", "--by", "host", "--only", "permanent", input: log).lines
                == ["  2  example.org  mx.example.org"]
        )
        #expect(
            try Tool.run("--count", "--by", "hour", input: log).lines == ["  2  Mar  3 10:00", "  1  Mar  3 11:00"])
        #expect(try Tool.run("--count", "--only", "give-up", input: log).status == 1)
        #expect(try Tool.run("--count", "--only", "mailbox-full", input: log).lines.count == 1)
    }

    @Test func `a million domains are counted within bounds, and the rest is said`() throws {
        let script = """
            seq 200000 | sed 's/.*/to=<a@d&.example>, said: 550 5.1.1 no/' | smtp-codes --count --by domain | wc -l
            """
        let run = try Tool.shell("bash", script)
        #expect(run.text == "65537\n" && run.errors.contains("134464 lines fell into more rows"))
    }

    @Test func `a nested and endless message needs no more memory than a short one`() throws {
        let script = """
            (echo 'From: x'; for i in $(seq 2000); do
                printf 'Content-Type: multipart/mixed; boundary=b%d\\n\\n--b%d\\n' $i $i; done
            yes 'line of text that goes on and on' | head -c 20000000) | env time -f %M smtp-codes -b - 2>&1 >/dev/null
            echo 'From: x' | env time -f %M smtp-codes -b - 2>&1 >/dev/null
            """
        let peaks = try Tool.shell("bash", script).lines.compactMap { Int($0) }
        try #require(peaks.count == 2)
        #expect(peaks[0] < peaks[1] + 8192, "KiB: \(peaks)")
    }

    @Test func `words that are no code are searched for, and a misspelled code gets a suggestion`() throws {
        let run = try Tool.run("mailbox", "full")
        let search = try Tool.run("--search", "mailbox full")
        #expect(run.status == 0 && run.text == search.text)
        for (typed, meant) in [
            ("551.1", "5.5.1, 5.1.1, 551"), ("5,1,1", "5.1.1"), ("5-1-1", "5.1.1"), ("5.1.1.1", "5.1.1"),
        ] {
            let run = try Tool.run(typed)
            #expect(run.status == 2 && run.errors.contains("did you mean \(meant)?"), "\(run.errors)")
        }
    }

    @Test func `what a message says of itself cannot drive a terminal`() throws {
        let report = Self.report.replacingOccurrences(of: "User unknown", with: "\u{1B}[31m\u{202E}gone")
        let run = try file(Data(report.utf8), [], name: "bounce.eml")
        #expect(
            !run.output.contains(0x1B) && !run.text.unicodeScalars.contains("\u{202E}") && run.text.contains("\\u{1b}"))
    }
}
