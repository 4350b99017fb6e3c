import Foundation
import ProcessSupport
import Testing

/// Kinds of lines in which users saw a wrong code or wrong advice, each beside the trap that its rule must not fall
/// into.
@Suite("Real logs", .blocking)
struct RealLogTests {
    private static func answers(_ lines: [String], _ options: [String] = []) throws -> [[String: Any]?] {
        // The first line makes the input a log: a field of a header would begin a message.
        let input = (["log"] + lines).joined(separator: "\n") + "\n"
        let run = try Tool.run(["--jsonl", "--all"] + options + ["-"], input: Data(input.utf8))
        return try run.lines.dropFirst().map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8), options: .fragmentsAllowed) as? [String: Any]
        }
    }

    private static func answer(_ line: String) throws -> [String: Any]? {
        let found = try answers([line])
        try #require(found.count == 1, "\(line)")
        return found[0]
    }

    /// Lines and the code of each; `-` for none.
    static let picks: [(kind: String, line: String, code: String)] = [
        ("number before a colon", "H=mx.example.org [192.0.2.1]:55379: 535 Incorrect authentication data", "535"),
        ("number before a colon", "error after MAIL FROM:<a@b.example> SIZE=2022: 550 no such user", "550"),
        ("number before a colon", "listening on [192.0.2.1]:550", "-"),
        ("code that no table has", "LMTP error after DATA: 440 try later", "440"),
        ("code that no table has", "Diagnostic-Code: smtp; 542 rejected", "542"),
        ("code that no table has", "Diagnostic-Code: smtp; 599 rejected", "599"),
        ("code that no table has", "SMTP error after RCPT TO:<a@b.example>: 426 busy", "426"),
        ("code that no table has", "mx said: 435 Unable to authenticate at present", "435"),
        ("HTTP", #"192.0.2.1 - - [01/Feb/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1234"#, "-"),
        ("HTTP", #"192.0.2.1 - - [01/Feb/2026:10:00:00 +0000] "POST /a HTTP/1.1" 403 99"#, "-"),
        ("HTTP", "ModSecurity: Access denied with code 403 (phase 2)", "-"),
        ("HTTP", "/api/login: 403", "-"),
        ("line start", "274)(2017 started", "-"),
        ("line start", "384) id", "-"),
        ("line start", "588 192.0.2.1 TCP_MISS", "-"),
        ("line start", "  308   SMTP<< 451 try later", "451"),
        ("line start", "550 no such user", "550"),
        ("rate", "Connection rate limit exceeded: 250 from unknown[192.0.2.1] for service smtp", "-"),
        ("host name", "s1OHabc: 211-75-6-133.isp.example [192.0.2.1] did not issue MAIL", "-"),
        ("host name", "250-8BITMIME", "250"),
        ("quantities", "DKIM: d=example.org bits: 512", "-"),
        ("quantities", "DKIM: d=example.org (key too short: 512 bits)", "-"),
        ("quantities", "check_pyzor: 334 (3.8%)", "-"),
        ("quantities", "X-PHP-Originating-Script: 501:mail.php", "-"),
        ("quantities", "oval:ssg:def:522", "-"),
        ("quantities", "<img height=3D\"250\">", "-"),
        ("quantities", "name=\"500-from.txt\"", "-"),
        ("versions", "X-Mailman-Version: 2.1.15", "-"),
        ("versions", "X-ML-Info: [fml 4.0.3 release]", "-"),
        ("versions", "Received: by mx (Acme SMTP 2.2.22)", "-"),
        ("bytes beyond ASCII", "550\u{A0}5.1.1\u{A0}User unknown", "550 5.1.1"),
        ("bytes beyond ASCII", "„550 5.1.1 User unknown“", "550 5.1.1"),
        ("bytes beyond ASCII", "「550 5.1.1 User unknown」", "550 5.1.1"),
        ("bytes beyond ASCII", "\u{FEFF}550 5.1.1 User unknown", "550 5.1.1"),
        ("bytes beyond ASCII", "é550 euros", "-"),
        ("brackets", "rejected [550 5.1.1 User unknown]", "550 5.1.1"),
        ("brackets", "smtpd[550]: connect", "-"),
        ("brackets", "ERROR_CODE :550, ERROR_CODE :5.1.1", "550 5.1.1"),
        ("brackets", "ResponseCode 421", "421"),
        (
            "quote between codes", "5.1.0 - Unknown address error 550-'5.7.1 <a@b.example>... Access denied'",
            "550 5.7.1"
        ),
        ("after a bracket", "H=mx.example.org [192.0.2.1] 535 Sorry", "535"),
        ("second", "C=\"250 second message accepted\"", "250"),
        ("second", "SMTP error after DATA: 550 second rcpt refused", "550"),
        ("second", "timed out after 250 seconds", "-"),
        ("subject above 7", "Diagnostic-Code: X-XWall; 5.9.8", "5.9.8"),
        ("subject above 7", "<a@b.example>: 451 message held [#4.16.1]", "451 4.16.1"),
        ("subject above 7", "upgraded to 5.9.8", "-"),
    ]

    @Test func `the right code is picked from lines of every kind`() throws {
        let found = try Self.answers(Self.picks.map(\.line))
        try #require(found.count == Self.picks.count)
        for (sample, answer) in zip(Self.picks, found) {
            #expect(answer?["code"] as? String ?? "-" == sample.code, "\(sample.kind): \(sample.line)")
        }
    }

    @Test func `of several replies in one text the failure counts, and a folded reply is one`() throws {
        let dialogue = """
            Out: 220 mx.example ESMTP
            In:  MAIL FROM:<a@b.example>
            Out: 250 2.1.0 Ok
            In:  RCPT TO:<c@d.example>
            Out: 554 5.7.1 <c@d.example>: Relay access denied
            """
        #expect(try Tool.run("--brief", dialogue).text.hasPrefix("554 5.7.1  permanent  "))
        #expect(try Tool.run("--brief", "mx said: 550\n    5.1.1 <a@b.example> unknown").text.hasPrefix("550 5.1.1  "))
    }

    private static let yahoo = "host mta5.am0.yahoodns.net said:"
    private static let microsoft = "host x.mail.protection.outlook.com said:"
    private static let mimecast = "host eu-smtp-inbound-1.mimecast.com said:"

    /// Refusals with the action, the reason and the provider.
    static let advice: [(line: String, action: String, reason: String, provider: String)] = [
        // The provider's row decides everywhere.
        ("\(microsoft) 550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "fix", "blocked-ip", "microsoft-365"),
        (
            "\(microsoft) 550 5.4.1 Recipient address rejected: Access denied", "give-up", "unknown-user",
            "microsoft-365"
        ),
        // A row with a phrase never matches without it.
        ("\(mimecast) 554 Invalid Recipient", "give-up", "unknown-user", "mimecast"),
        ("\(mimecast) 554 Open relay not allowed", "fix", "relay-denied", "mimecast"),
        ("\(mimecast) 554 nothing that is known", "give-up", "undetermined", "mimecast"),
        ("\(yahoo) 554 5.7.9 Message not accepted for policy reasons", "fix", "policy-refused", "yahoo"),
        // A family of tags counts with its own provider only.
        ("550 5.7.1 (TSTE) [outlook.com] no", "fix", "policy-refused", "microsoft-365"),
        // Codes of one provider with its words name it.
        ("550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "fix", "blocked-ip", "microsoft-365"),
        (
            "550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level",
            "fix", "unauthenticated-mail", "outlook"
        ),
        (
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "give-up",
            "unknown-user", "microsoft-365"
        ),
        // A basic code alone: the words tell.
        ("550 rejected by DMARC policy of example.org", "fix", "dmarc-failed", "-"),
        ("550 SPF check failed", "fix", "spf-failed", "-"),
        ("554 no PTR record for 192.0.2.1", "fix", "no-reverse-dns", "-"),
        ("550 sending rate too high", "retry", "rate-limited", "-"),
        ("554 Email address is not verified", "fix", "sender-unauthorised", "-"),
        ("552 disk quota exceeded", "retry", "mailbox-full", "-"),
        ("552 Too many recipients", "retry", "too-many-recipients", "-"),
        ("550 mailbox unavailable Reject due to policy restrictions", "fix", "policy-refused", "-"),
        ("550 mailbox unavailable", "give-up", "unknown-user", "-"),
        // The address is good, whatever the code says.
        ("550 5.1.1 <a@b.example> too many recipients this hour. IB607", "retry", "rate-limited", "godaddy"),
        (
            "\(yahoo) 421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred", "fix", "blocked-ip",
            "yahoo"
        ),
        (
            "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents", "retry",
            "recipient-rate-limited", "gmail"
        ),
    ]

    @Test func `the advice follows the provider, the words and the code, in this order`() throws {
        let found = try Self.answers(Self.advice.map(\.line))
        try #require(found.count == Self.advice.count)
        for (sample, answer) in zip(Self.advice, found) {
            func field(_ name: String) -> String { answer?[name] as? String ?? "-" }
            #expect(field("action") == sample.action, "\(sample.line)")
            #expect(field("reason") == sample.reason, "\(sample.line)")
            #expect(field("provider") == sample.provider, "\(sample.line)")
        }
    }

    @Test(
        arguments: [
            ("mta1.mail.ne1.yahoo.com", "yahoo"), ("mx00.kundenserver.de", "ionos"), ("mx.perfora.net", "ionos"),
            ("mx00.1and1.com", "ionos"), ("mx0a.proofpoint.com", "proofpoint"),
            ("mx.sender.office.com", "microsoft-365"), ("st11p00im-smtpin.me.com", "apple"), ("mx01-gmx.net", "gmx"),
        ])
    func `a host names its provider, also where no row fits`(host: String, provider: String) throws {
        #expect(try Self.answer("host \(host)[192.0.2.1] said: 550 no")?["provider"] as? String == provider)
    }

    @Test func `every view gives the provider's meaning`() throws {
        let line = "\(Self.microsoft) 550 5.4.1 Recipient address rejected: Access denied"
        let annotated = try Tool.run("--annotate", input: line + "\n").text
        #expect(annotated.contains("[550 5.4.1 permanent, give-up: Microsoft 365: "), "\(annotated)")
        #expect(try Tool.run("--brief", line).text.hasPrefix("550 5.4.1  permanent  Microsoft 365: "))
        #expect(try Tool.run("--is", "give-up", line).status == 0)
        #expect(try Tool.run("--sysexit", "--brief", line).status == 67)
        let count = try Tool.run("--count", "--by", "provider,reason,action", input: line + "\n")
        #expect(count.lines == ["  1  microsoft-365  unknown-user  give-up"])
    }

    @Test(arguments: ["5.7.606", "5.7.515", "5.7.509", "5.7.708", "5.7.705", "5.4.312", "5.4.316"])
    func `an unregistered code takes its action from the subject and names its users`(code: String) throws {
        let run = try Tool.run(code)
        #expect(run.status == 1 && run.errors.isEmpty)
        #expect(run.text.contains("\n  advice     fix: ") && run.text.contains("\n  used by    "), "\(run.text)")
    }

    // MARK: In scripts

    @Test func `a stream is silent about lines without a code, and about everyday pairs of codes`() throws {
        let log = "421 4.7.0 try later\nnothing\n421 4.7.0 try later\n"
        let run = try Tool.run("--brief", "-", input: log)
        #expect(run.lines.count == 2 && run.errors.isEmpty && run.status == 0)
        #expect(try Tool.run("--is", "transient", "-", input: log).status == 0)
        #expect(try Tool.run("--brief", "nothing here", "-").status == 2)
    }

    @Test func `files are inputs of every mode, and grouping, filters and classes combine`() throws {
        let folder = try TemporaryFolder()
        let log = "a said: 550 5.1.1 no\nb said: 452 4.2.2 full\nplain\nc said: 550 5.1.1 no\n"
        try folder.write(log.utf8, to: "mail.log")
        let path = folder.file("mail.log")
        #expect(try Tool.run("--brief", path).lines.count == 3)
        #expect(try Tool.run("--annotate", "--only", path).lines.count == 3)
        #expect(try Tool.run("--count", path).lines.count == 2)
        #expect(try Tool.run("--count", "--only", "retry", path).lines.count == 1)
        #expect(try Tool.run("--annotate", "--only", "permanent,transient", path).lines.count == 3)
        #expect(try Tool.run("--annotate", "--only", "give-up", path).lines.count == 2)
        #expect(try Tool.run("--count", "--by", "class,action", path).lines.first == "  2  permanent  give-up")
        #expect(try Tool.run("--annotate", folder.file("none")).errors.contains("cannot open"))
    }
}
