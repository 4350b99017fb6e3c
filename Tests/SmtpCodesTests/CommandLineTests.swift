import Foundation
import ProcessSupport
import Testing

@Suite("Command line", .blocking)
struct CommandLineTests {
    /// Every form of input that the specification and the manual page name, with its first line.
    @Test(arguments: [
        ("5.7.1", "5.7.1  permanent  Delivery not authorized, message refused"),
        ("X.7.1", "X.7.1  permanent  Delivery not authorized, message refused"),
        ("5.7", "5.7.x  permanent  Security or Policy Status"),
        ("5.7.x", "5.7.x  permanent  Security or Policy Status"),
        ("550", "550  permanent  Mailbox unavailable"),
        ("5xx", "5xx  permanent  Permanent Failure"),
        ("55x", "55x  permanent  Mail system"),
        ("550 5.7.1", "550 5.7.1  permanent  Delivery not authorized, message refused"),
        ("550-5.7.1", "550 5.7.1  permanent  Delivery not authorized, message refused"),
        ("(#5.1.1)", "5.1.1  permanent  Bad destination mailbox address"),
        ("Status: 5.1.1", "5.1.1  permanent  Bad destination mailbox address"),
        ("dsn=4.7.0", "4.7.0  transient  Other or undefined security status"),
        ("smtp;550 5.1.1 unknown", "550 5.1.1  permanent  Bad destination mailbox address"),
        ("EX_NOUSER", "EX_NOUSER  permanent  The user or mailbox is unknown"),
    ])
    func `an input is explained in one line`(input: String, line: String) throws {
        let run = try Tool.run("--brief", input)
        #expect(run.text == line + "\n" && run.status == 0)
        #expect(try Tool.run("-b", input).text == run.text)
        // The long answer begins with the same line.
        #expect(try Tool.run(input).lines.first == line)
    }

    @Test func `the long answer has meaning, advice, basic codes and reference`() throws {
        let run = try Tool.run("5.1.1")
        #expect(
            run.text == """
                5.1.1  permanent  Bad destination mailbox address
                  meaning    The recipient's mailbox does not exist: the part left of the @ is not known at that domain.
                  advice     give-up: Correct the address, or remove it from the list.
                  reason     unknown-user; address: remove
                  usually    451, 550
                  reference  RFC 3463 s3.2
                  note       4.1.1 is seen while a server verifies the address (Postfix address verification), and the \
                registry lists 451.

                """
        )
    }

    @Test func `a reply that the shell has split is one reply`() throws {
        #expect(try Tool.run("-b", "550", "5.1.1").lines == ["550 5.1.1  permanent  Bad destination mailbox address"])
        #expect(try Tool.run("-b", "5.1.1", "550").lines.count == 2)
    }

    static let statuses: [(String, Int32)] = [
        ("5.1.1", 0), ("5.1.99", 1), ("5.9.1", 1), ("599", 1), ("abc", 2), ("6.1.1", 2), ("5.01.1", 2), ("", 2),
        (" ", 2),
        ("99999999999999999999", 2), ("5.1.99999999999999999999", 2), ("\u{1}\u{2}", 2), ("5.1.1.1", 2),
    ]

    @Test(arguments: statuses)
    func `the exit status tells found, not registered and unusable apart`(input: String, status: Int32) throws {
        let run = try Tool.run(input)
        #expect(run.status == status)
        #expect(run.text.isEmpty == (status == 2))
        #expect(run.errors.isEmpty == (status != 2))
    }

    @Test func `a message names the value and the way out, on one line`() throws {
        #expect(
            try Tool.run("5.01.1").errors
                == "smtp-codes: '5.01.1': a number in a code has no leading zero; write 5.1.1, not 5.01.1\n"
        )
        let long = try Tool.run(String(repeating: "x\n", count: 5000))
        #expect(long.errors.utf8.count < 600 && long.errors.filter(\.isNewline).count == 1)
    }

    @Test func `the worst of several inputs decides`() throws {
        let run = try Tool.run("5.1.1", "5.1.99", "abc", "-b")
        #expect(run.status == 2 && run.lines.count == 2)
        #expect(try Tool.run("-b", "5.1.1", "5.1.99").status == 1)
    }

    static let oddities: [([String], String)] = [
        (["550 4.1.1"], "contradicts itself"), (["550 5.7.8"], "not among the basic codes"),
        (["354 2.0.0"], "carries no enhanced code"), (["5.6.10"], "deprecated"),
    ]

    @Test(arguments: oddities)
    func `a warning goes to standard error and refuses nothing`(arguments: [String], part: String) throws {
        let run = try Tool.run(arguments)
        #expect(run.status == 0 && !run.text.isEmpty)
        #expect(run.errors.hasPrefix("smtp-codes: warning: ") && run.errors.contains(part))
    }

    static let claims: [([String], Int32)] = [
        (["--is", "transient", "4.2.2"], 0), (["--is", "transient", "5.2.2"], 1), (["--is", "transient", "abc"], 2),
        (["--is", "permanent", "550", "5.1.1", "554"], 0), (["--is", "permanent", "550", "4.2.2"], 0),
        (["--is", "permanent", "4.2.2", "550"], 1), (["--is", "success", "250"], 0), (["--is", "retry", "421"], 0),
        (["--is", "fix", "5.7.1"], 0), (["--is", "give-up", "5.1.1"], 0), (["--is", "give-up", "5.7.1"], 1),
        (["--is", "permanent", "--provider", "gmail", "5.2.1"], 0), (["--is", "transient", "5.1.1", "abc"], 2),
        (["--is", "retry", "--provider", "microsoft", "5.2.121"], 0), (["--is", "retry", "5.2.121"], 1),
    ]

    @Test(arguments: claims)
    func `a claim is answered by the exit status alone`(arguments: [String], status: Int32) throws {
        let run = try Tool.run(arguments)
        #expect(run.status == status)
        #expect(run.output.isEmpty && run.errors.isEmpty)
    }

    @Test func `a shell can branch on a code`() throws {
        let run = try Tool.shell("bash", "if smtp-codes --is transient 4.2.2; then echo later; else echo never; fi")
        #expect(run.text == "later\n" && run.errors.isEmpty)
    }

    static let sysexits: [([String], Int32)] = [
        (["--sysexit", "5.1.1"], 67), (["--sysexit", "4.1.1"], 75), (["--sysexit", "2.0.0"], 0),
        (["--sysexit", "550"], 69), (["--sysexit", "2.0.0", "5.7.1", "4.2.2"], 77), (["--sysexit", "abc"], 2),
        (["--sysexit", "5.1.1", "abc"], 2), (["--sysexit", "EX_CONFIG"], 78), (["--sysexit", "5.9.9"], 69),
    ]

    @Test(arguments: sysexits)
    func `the exit status can be that of a delivery program`(arguments: [String], status: Int32) throws {
        #expect(try Tool.run(arguments).status == status)
    }

    @Test func `registry and provider stand side by side`() throws {
        let run = try Tool.run("--provider", "gmail", "4.7.28")
        #expect(run.lines.first == "4.7.28  transient  Mail flood detected")
        #expect(run.text.contains("  Gmail 421 4.7.28 \"unusual rate\"\n"))
        #expect(run.text.contains("registered with another meaning"))
        #expect(try Tool.run("--provider", "microsoft", "5.7.630").text.contains("Microsoft 365 550 5.7.606-5.7.649"))
    }

    @Test func `a search prints what all words occur in`() throws {
        let run = try Tool.run("--search", "null mx")
        #expect(run.status == 0 && run.lines.first == "X.1.10  permanent  Recipient address has null MX")
        #expect(try Tool.run("--search", "null", "mx").text == run.text)
        let none = try Tool.run("--search", "zebra")
        #expect(none.status == 1 && none.output.isEmpty)
    }

    @Test func `the list is filtered by class, subject and provider`() throws {
        #expect(try Tool.run("--list").lines.count == 81)
        #expect(try Tool.run("--list", "--basic").lines.count == 77)
        #expect(
            try Tool.run("--list", "--class", "2", "--subject", "1").lines.map { $0.prefix(5) }
                == ["2.1.0", "2.1.5", "2.1.9"]
        )
        #expect(try Tool.run("--list", "--basic", "--class", "3").lines.map { $0.prefix(3) } == ["334", "354", "355"])
        #expect(try Tool.run("--list", "--provider", "gmail").lines.count == 88)
        #expect(try Tool.run("--list", "--provider", "gmail", "--class", "permanent").lines.count == 49)
    }

    @Test(arguments: [
        ["--is", "often", "5.1.1"], ["--is"], ["--json", "--tsv", "5.1.1"], ["--nonsense"], [], ["--list", "5.1.1"],
        ["--only", "permanent"], ["--annotate", "--json"], ["--class", "2"], ["--list", "--subject", "9"],
        ["--provider", "nobody", "5.1.1"], ["--count", "--annotate"], ["--list", "--class", "7"], ["--annotate", "x"],
        ["--annotate", "--only", "sometimes"], ["--count", "--by", "weekday"], ["-5.1.1"], ["-b", "-550"],
        ["--list", "--subject", "99999999999"], ["--warning", "1", "5.1.1"], ["--count", "--warning", "-1"],
        ["--count", "--warning", "3", "--critical", "2"], ["--count", "--warning", "3", "--json"],
    ])
    func `a wrong command line is refused with a message and status 2`(arguments: [String]) throws {
        let run = try Tool.run(arguments)
        #expect(run.status == 2 && run.output.isEmpty)
        #expect(run.errors.hasPrefix("smtp-codes: ") && !run.errors.contains("Error: "))
    }

    @Test func `help and version go to standard output`() throws {
        #expect(try Tool.run("--help").text.contains("USAGE: smtp-codes"))
        #expect(try Tool.run("5.1.1", "--help").text == Tool.run("-h").text)
        #expect(try Tool.run("--help-all").text.contains("--sysexit\n"))
        #expect(try Tool.run("-h").status == 0)
        #expect(try Tool.run("--version").text.hasPrefix("smtp-codes "))
    }

    @Test func `a wrong option is named before anything else, with the one that is meant`() throws {
        #expect(
            try Tool.run("--breif").errors
                == "smtp-codes: there is no option --breif; did you mean --brief? (see smtp-codes --help)\n")
        #expect(
            try Tool.run("5.1.1", "-bx").errors == "smtp-codes: there is no option -bx (see smtp-codes --help)\n")
    }

    @Test func `warnings are for a single input, for none or for all`() throws {
        let contradiction = ["550 4.1.1", "250 2.0.0"]
        #expect(try Tool.run(contradiction).errors.isEmpty)
        #expect(try Tool.run(["-v"] + contradiction).errors.contains("contradicts itself"))
        #expect(try Tool.run("-q", "550 4.1.1").errors.isEmpty)
        #expect(try Tool.run("-q", "abc").errors.contains("no status code found"))
        #expect(try Tool.run("-q", "-v", "5.1.1").status == 2)
    }

    static let thresholds: [([String], String, Int32)] = [
        (["--warning", "2"], "SMTP-CODES OK - 2 lines | lines=2;2;;0\n", 0),
        (["--warning", "1"], "SMTP-CODES WARNING - 2 lines | lines=2;1;;0\n", 1),
        (["--warning", "0", "--critical", "1"], "SMTP-CODES CRITICAL - 2 lines | lines=2;0;1;0\n", 2),
        (["--critical", "0", "--only", "retry"], "SMTP-CODES OK - 0 lines | lines=0;;0;0\n", 0),
        (["--warning", "0", "--only", "give-up"], "SMTP-CODES WARNING - 1 line | lines=1;0;;0\n", 1),
    ]

    @Test(arguments: thresholds)
    func `a monitoring system is told how many lines there are`(words: [String], line: String, status: Int32) throws {
        let run = try Tool.run(["--count"] + words, input: Data("550 5.1.1 no\nx\n250 2.0.0 ok\n".utf8))
        #expect(run.text == line && run.status == status && run.errors.isEmpty)
    }

    @Test func `a file that cannot be opened is named first`() throws {
        let run = try Tool.run("--count", "/nonexistent/mail.log")
        #expect(run.errors == "smtp-codes: /nonexistent/mail.log: cannot open: No such file or directory\n")
        #expect(run.status == 2)
        #expect(try Tool.run("--annotate", "/").errors.hasPrefix("smtp-codes: /: cannot read: Is a directory ("))
    }

    @Test func `the option for colours has the last word`() throws {
        #expect(try Tool.run("--color", "always", "5.1.1").output.contains(0x1B))
        #expect(try Tool.run(["--color=always", "5.1.1"], environment: ["NO_COLOR": "1"]).output.contains(0x1B))
        #expect(try !Tool.run("--color", "never", "5.1.1").output.contains(0x1B))
        #expect(try Tool.run("--color", "sometimes", "5.1.1").errors.contains("'sometimes'"))
    }

    @Test func `there is no colour but on a terminal`() throws {
        #expect(try !Tool.run("5.1.1").output.contains(0x1B))
        let terminal = "script -qec \"smtp-codes -b 5.1.1\" /dev/null"
        #expect(try Tool.shell("bash", "unset NO_COLOR; TERM=xterm \(terminal)").output.contains(0x1B))
        #expect(try !Tool.shell("bash", "TERM=xterm NO_COLOR=1 \(terminal)").output.contains(0x1B))
        #expect(try Tool.shell("bash", "TERM=xterm NO_COLOR= \(terminal)").output.contains(0x1B))
        #expect(try !Tool.shell("bash", "unset NO_COLOR; TERM=dumb \(terminal)").output.contains(0x1B))
    }
}
