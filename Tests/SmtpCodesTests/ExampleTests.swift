import Foundation
import ProcessSupport
import Testing

/// Runs what the manual page shows, as a reader would.
@Suite("Examples of the manual page", .blocking)
struct ExampleTests {
    /// The commands between `.nf` and `.fi` in the section EXAMPLES, without their roff.
    static let commands: [String] = {
        let page = (try? Tool.file("man/smtp-codes.1")) ?? ""
        let section = page.components(separatedBy: ".SH EXAMPLES").last ?? ""
        return section.components(separatedBy: ".nf\n").dropFirst().map { part in
            (part.components(separatedBy: "\n.fi").first ?? "").replacingOccurrences(of: "\\-", with: "-")
                .replacingOccurrences(of: "\\(aq", with: "'").replacingOccurrences(of: "\\e", with: "\\")
        }
    }()

    /// The beginning of the output of each, and its exit status.
    static let expected: [(start: String, status: Int32)] = [
        ("5.7.1  permanent  Delivery not authorized, message refused\n  meaning", 0),
        ("550 5.1.1  permanent  Bad destination mailbox address\n", 0),
        ("5.7.x  permanent  Security or Policy Status\n", 0),
        ("4.7.28  transient  Mail flood detected\n", 0),
        ("421 4.7.0  transient  Yahoo: Held back for unexpected volume or user complaints\n", 0),
        ("later\n", 0),
        ("X.1.10  permanent  Recipient address has null MX\n", 0),
        ("5.1.0  permanent  Other address status\n", 0),
        ("[\n {\"input\":\"5.1.1\",", 0),
        ("554 5.7.1  permanent  Spamhaus: ", 0),
        ("b said: 550 5.1.1 unknown  [550 5.1.1 permanent, give-up: ", 0),
        ("  2  250 2.0.0  success", 0),
        ("  1  unknown-user  -\n", 0),
        ("SMTP-CODES OK - 0 lines | lines=0;10;100;0\n", 0),
        ("250 2.0.0  success  Delivered\n", 0),
        ("ann@example.org  550 5.1.1  permanent  ", 0),
        ("", 0),
        ("5.1.1  permanent  Bad destination mailbox address\n", 67),
    ]

    static let bounce = """
        From: MAILER-DAEMON@mx.example.net
        Subject: Undelivered Mail Returned to Sender
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.net

        Final-Recipient: rfc822; ann@example.org
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>:
            Recipient address rejected: User unknown

        --b--

        """

    @Test func `there is an expectation for every example`() {
        #expect(Self.commands.count == Self.expected.count)
    }

    @Test(arguments: zip(commands, expected))
    func `an example does what it says`(command: String, expected: (start: String, status: Int32)) throws {
        let temporary = try TemporaryFolder()
        let folder = URL(filePath: temporary.path)
        let log = folder.appendingPathComponent("mail.log")
        try "a said: 250 2.0.0 Ok\nb said: 550 5.1.1 unknown\nnothing here\nc said: 250 2.0.0 Ok\n".write(
            to: log,
            atomically: true,
            encoding: .utf8
        )
        try Self.bounce.write(to: folder.appendingPathComponent("bounce.eml"), atomically: true, encoding: .utf8)
        let script = command.replacingOccurrences(of: "/var/log/mail.log", with: log.path)
        let run = try Tool.shell("bash", "cd '\(folder.path)' && { \(script)\n}")
        #expect(run.text.hasPrefix(expected.start), "\(command): \(run.text)\(run.errors)")
        #expect(run.status == expected.status)
    }
}
