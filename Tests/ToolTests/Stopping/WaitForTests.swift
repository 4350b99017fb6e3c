import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Waiting for a message", .blocking)
struct WaitForTests {
    private static let wanted =
        "From: joe@example.org\r\nSubject: =?utf-8?q?Order?= 17\r\nX-Kind: a\r\n  second\r\n\r\nDear Ann,\r\nThe code is 4711.\r\n"

    @Test(
        arguments: [
            "from~^joe@example\\.org$", "to~ann@", "subject~17$", "header:x-kind~a +second",
            "body~^The code is [0-9]+\\.$", "subject~(?i)^ORDER .7$",
            "body~(?i)DEAR ann",
        ])
    func `it ends with the message that matches`(condition: String) throws {
        let server = try ToolServer(["--wait-for", condition, "--discard"])
        for (sender, recipient) in [("x@y.test", "bob@example.net")] {
            let client = try server.client()
            for line in ["EHLO c", "MAIL FROM:<\(sender)>", "RCPT TO:<\(recipient)>", "DATA"] {
                try client.command(line)
            }
            client.send("Subject: no\r\n\r\nno\r\n.\r\n")
            #expect(try client.reply().hasPrefix("250 "))
            try client.command("QUIT")
        }
        #expect(try server.deliver(Self.wanted).hasPrefix("250 "))
        #expect(server.process.wait() == 0)
    }

    /// The same mail in three encodings, of which none shows its words, and what is in it.
    private static let encoded: [(mail: String, conditions: [String])] = [
        (
            "Subject: =?iso-8859-1?q?Gr=FC=DFe?= =?utf-8?b?4oKsIDE3?=\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\nTGluZSBvbmUKWm/DqSBwYWlkIDE34oKsCg==\r\n",
            [
                "subject~^Grüße€ 17$", "subject~(?i)^GRÜßE. 17$", "subject~Gr[ü].e", "subject~=FC=DF",
                "header:subject~€ 17", "body~^Zoé paid 17€$", "body~^TGluZS",
            ]
        ),
        (
            "Content-Type: text/plain; charset=iso-8859-15\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + "Zo=E9 pa=\r\nid 17=A4\r\n",
            ["body~^Zoé paid 17€$", "body~=A4"]
        ),
        (
            "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n--b\r\n"
                + "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + "PGEgaHJlZj0iaHR0cHM6Ly94LnRlc3Qvb2s/aT0xIj5ab8OpJmFtcDtBbm48L2E+\r\n--b--\r\n",
            ["body~^plain$", "body~href=\"https://x\\.test/ok\\?i=1\"", "body~Zoé&Ann"]
        ),
    ]

    @Test(arguments: encoded.indices)
    func `what is encoded is matched as it came and as it is read`(index: Int) throws {
        let (mail, conditions) = Self.encoded[index]
        let server = try ToolServer(conditions.flatMap { ["--wait-for", $0] } + ["--discard", "--timeout", "60s"])
        try server.deliver("Subject: no\r\n\r\nno\r\n")
        #expect(try server.deliver(mail).hasPrefix("250 "))
        #expect(server.process.wait() == 0)
    }

    @Test func `each of several has to come, in any order`() throws {
        let server = try ToolServer(["--wait-for", "subject~one", "--wait-for", "subject~two", "--discard"])
        for subject in ["two", "two", "one"] { try server.deliver("Subject: \(subject)\r\n\r\n") }
        #expect(server.process.wait() == 0)
    }

    @Test(
        arguments: [
            (["--wait-for", "subject~never", "--timeout", "100ms"], [], 124),
            (["--wait-for", "subject~never"], ["true"], 124),
            (["--wait-for", "subject~never"], ["false"], 1),
        ] as [([String], [String], Int32)])
    func `a message that does not come is told by the status`(arguments: [String], command: [String], status: Int32)
        throws
    {
        let server = try ToolServer(arguments + ["--discard", "--quiet"], command: command)
        #expect(server.process.wait() == status)
    }

    @Test func `a large message is looked at, too`() throws {
        let server = try ToolServer(["--wait-for", "body~^needle$", "--discard", "--timeout", "60s"])
        let hay = String(repeating: "hay hay hay hay hay hay hay hay\r\n", count: 20_000)
        #expect(try server.deliver("Subject: x\r\n\r\n\(hay)needle\r\n").hasPrefix("250 "))
        #expect(server.process.wait() == 0)
    }
}
