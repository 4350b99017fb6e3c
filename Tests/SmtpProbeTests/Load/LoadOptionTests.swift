import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("The options of load", .blocking)
struct LoadOptionTests {
    @Test(arguments: [
        ([], "no server given"), (["--messages", "0", "x.test"], "1 to 1000000000"),
        (["--messages", "2", "--duration", "1s", "x.test"], "--messages and --duration"),
        (["--rate", "0/s", "x.test"], "50/s"), (["--rate", "5/h", "x.test"], "50/s"),
        (["--rate", "-1", "x.test"], "rate"),
        (["--size", "100", "x.test"], "512 bytes"), (["--size", "2K", "--data", "@x", "x.test"], "--size and --data"),
        (["--data", "text", "x.test"], "@FILE"), (["--data", "@/nonexistent/file", "x.test"], "/nonexistent/file"),
        (["--recipients", "2", "--to", "a@b.test", "x.test"], "user%n@example.org"),
        (["--to", "<>", "x.test"], "no recipient"),
        (["--to", "not an address%n", "x.test"], "not an address%n"),
        (["--sessions", "200000", "x.test"], "1 to 100000"),
        (["--auth-user", "ann", "x.test"], "--auth-password-file"), (["--seed", "x", "x.test"], "whole number"),
        (["--nosuch", "x.test"], "no option --nosuch"),
        (["--ca", "/nonexistent/ca", "--tls", "x.test"], "/nonexistent/ca"),
    ])
    func `a wrong command line is refused`(arguments: [String], part: String) async throws {
        let run = try await Script.run(["load"] + arguments)
        #expect(run.status == 1 && run.output.isEmpty, "\(run.output)")
        #expect(run.errors.contains(part) && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test(arguments: [
        ["--messages", "1001"], ["--messages", "2", "--sessions", "51"], ["--duration", "1s"],
        ["--duration", "1m", "--rate", "20/s"], ["--idle", "50"],
    ])
    func `much load to a public address needs --force`(options: [String]) async throws {
        // An address of documentation; nothing is sent.
        let run = try await LoadTool.run(options + ["192.0.2.1:25"])
        let reason = (run.document["result"] as? [String: Any])?["reason"] as? String ?? ""
        #expect(
            run.status == 1 && reason.contains("192.0.2.1 is a public address") && reason.contains("--force"),
            "\(reason)")
        #expect(run.count("sessions") == 0)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.1.1", true), ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false),
        ("192.168.1.1", true), ("192.169.1.1", false), ("169.254.9.9", true), ("8.8.8.8", false), ("::1", true),
        ("::2", false),
        ("fe80::1%lo", true), ("fd00::1", true), ("2001:db8::1", false), ("::ffff:10.0.0.1", true),
        ("::ffff:8.8.8.8", false),
    ])
    func `addresses of this machine and its network are known`(address: String, isNear: Bool) {
        #expect(NearbyAddress.contains(address) == isNear)
    }

    @Test(arguments: [("50", 50), ("50/s", 50), ("0.5/s", 0.5), ("90/m", 1.5)])
    func `rates`(text: String, perSecond: Double) throws {
        #expect(try MessageRate.parse(text).perSecond == perSecond)
    }

    @Test func `a rate and a duration make a number of messages`() throws {
        #expect(try MessageRate.parse("50/s").count(in: .seconds(2)) == 100)
        #expect(try MessageRate.parse("0.3/s").count(in: .seconds(10)) == 3)
        #expect(try MessageRate.parse("0.3/s").count(in: .seconds(1)) == 1)
    }

    @Test func `numbers stand for %n in addresses`() throws {
        let template = try AddressTemplate.parse("u%n@h%n.test")
        #expect(
            "\(template.path(7))".contains("u7") && "\(template.path(7))".contains("h7.test") && template.isNumbered)
        #expect(try !AddressTemplate.parse("<>").isNumbered)
        #expect(try AddressTemplate.parse("a%b@c.test").path(1) == AddressTemplate.parse("a%b@c.test").path(2))
    }

    @Test func `a terminal shows a live line`() throws {
        let terminal = try Terminal([
            BuiltTool.path("smtpd-lite"), "--listen", "127.0.0.1:0", "--quiet", "--discard", "--",
            "sh", "-c", "exec '\(Probe.path)' load --rate 20/s --duration 2s \"$SMTP_HOST:$SMTP_PORT\"",
        ])
        try terminal.wait(for: "/s, 0 errors, p50 ")
        try terminal.wait(for: "40 messages accepted")
        #expect(try terminal.finish() == 0)
    }

    @Test func `every option of smtp-source is in the table of the manual page`() throws {
        let page = try String(contentsOfFile: "\(BuiltTool.project)/man/smtp-probe.1", encoding: .utf8)
        let run = try ChildProcess.run(["sh", "-c", "smtp-source -? 2>&1 || true"])
        let usage = run.output
        // Its usage line has its options; the list is that of Postfix 3.7.
        #expect(usage.contains("-l msglen") || usage.contains("usage"), "\(usage)")
        for option in [
            "-4", "-A", "-c", "-C", "-d", "-f", "-F", "-l", "-L", "-m", "-M", "-N", "-o", "-r", "-R", "-s", "-S", "-t",
            "-T", "-v", "-w",
        ] {
            #expect(page.contains(".It Li \(option)"), "\(option)")
        }
    }
}
