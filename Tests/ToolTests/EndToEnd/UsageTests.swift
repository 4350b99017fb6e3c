import Foundation
import ProcessSupport
import Testing

@Suite("The command line", .blocking)
struct UsageTests {
    private static let tool = BuiltTool.path("smtpd-lite")

    /// Arguments, and what the one line about them has to hold: option, value and what is allowed.
    static let wrong: [([String], [String])] = [
        (["--listen", "host:port"], ["--listen", "'host:port'", "PORT", "unix:PATH"]),
        (["-l", "70000"], ["-l", "'70000'", "65535"]),
        (["--ready-fd", "2147483647"], ["--ready-fd", "'2147483647'", "not opened"]),
        (["--ready-fd", "x"], ["--ready-fd", "'x'", "whole number"]),
        (["--hostname", "two words"], ["--hostname", "'two words'", "domain name"]),
        (["--banner", "a\nb"], ["--banner", "printable ASCII"]),
        (["--count", "0"], ["--count", "'0'", "from 1 to"]),
        (["-c", "many"], ["-c", "'many'", "whole number"]),
        (["--sessions", "-1"], ["--sessions"]),
        (["--timeout", "5x"], ["--timeout", "'5x'", "30, 1.5s, 500ms, 5m, 1h or 1m30s"]),
        (["--idle", "forever"], ["--idle", "'forever'", "h, m, s or ms"]),
        (["--port", "x"], ["--port", "'x'", "from 0 to 65535"]),
        (["-p", "65536"], ["-p", "'65536'", "from 0 to 65535"]),
        (["-l", "unix:a,mode=9"], ["-l", "'unix:a,mode=9'", "octal number from 0 to 777"]),
        (["--mbox-format", "maildir"], ["--mbox-format", "'maildir'", "mboxrd, mboxo, mboxcl2"]),
        (["--format", "json5"], ["--format", "'json5'", "auto, pretty, mbox, raw, json"]),
        (["--mbox", ""], ["--mbox", "''", "file name"]),
        (["--maildir", ""], ["--maildir", "''", "file name"]),
        (["--dir", ""], ["--dir", "''", "file name"]),
        (["--json", ""], ["--json", "''", "file name"]),
        (["--json", "-", "--format", "raw"], ["--json -", "--format raw", "contradict"]),
        (["--exec", ""], ["--exec", "''", "command"]),
        (["--exec", "a | b"], ["--exec", "'a | b'", "--exec-shell"]),
        (["--exec", "a 'b"], ["--exec", "a 'b", "quote"]),
        (["--exec-shell"], ["--exec-shell", "--exec as well"]),
        (["--exec-timeout", "1s"], ["--exec-timeout", "--exec as well"]),
        (["--exec", "true", "--exec-timeout", "5d"], ["--exec-timeout", "'5d'", "h, m, s or ms"]),
        (["--exec", "true", "--exec-jobs", "0"], ["--exec-jobs", "'0'", "from 1 to 1000"]),
        (["--color", "purple"], ["--color", "'purple'", "auto, always, never"]),
        (["--pretty-lines", "some"], ["--pretty-lines", "'some'", "from 0 to"]),
        (["--raw-message", "--envelope-headers"], ["--raw-message", "--envelope-headers", "contradict"]),
        (["--discard", "--dir", "x"], ["--discard", "--dir", "contradict"]),
        (["--discard", "--exec", "true"], ["--discard", "--exec", "contradict"]),
        (["--discard", "--json", "x"], ["--discard", "--json", "contradict"]),
        (["--discard", "--maildir", "x"], ["--discard", "--maildir", "contradict"]),
        (["--discard", "--format", "raw"], ["--discard", "--format", "contradict"]),
        (["--max-size", "10X"], ["--max-size", "'10X'", "K, M or G", "10MB or 10MiB"]),
        (["--max-recipients", "0"], ["--max-recipients", "'0'", "from 1 to"]),
        (["--max-connections", "1.5"], ["--max-connections", "'1.5'", "whole number"]),
        (["--max-errors", "none"], ["--max-errors", "'none'", "whole number"]),
        (["--command-timeout", "0s"], ["--command-timeout", "'0s'", "above 0"]),
        (["--data-timeout", "1d"], ["--data-timeout", "'1d'", "h, m, s or ms"]),
        (["--bare-newline", "accept"], ["--bare-newline", "'accept'", "reject, normalize, allow"]),
        (["--hide", "SIZE,FOO"], ["--hide", "'SIZE,FOO'", "PIPELINING"]),
        (["--offer", "SIZE"], ["--offer", "'SIZE'", "DELIVERBY, FUTURERELEASE, RRVS"]),
        (["--proxy-from", "10.0.0.1/8"], ["--proxy-from", "'10.0.0.1/8'", "10.0.0.0/8"]),
        (["--xclient-from", "here"], ["--xclient-from", "'here'", "2001:db8::/32"]),
        (["--lmtp", "--listen", "25"], ["--lmtp", "port 25"]),
        (["--lmtp", "--no-esmtp"], ["--lmtp", "--no-esmtp", "contradict"]),
        (["--tls-listen", "[::1"], ["--tls-listen", "'[::1'", "PORT"]),
        (["--cert", ""], ["--cert", "file name"]),
        (["--key", "k.pem"], ["--key", "--cert"]),
        (["--cert", "c.pem", "--key", ""], ["--key", "file name"]),
        (["--cert-out", ""], ["--cert-out", "file name"]),
        (["--client-ca", ""], ["--client-ca", "file name"]),
        (["--keylog", ""], ["--keylog", "file name"]),
        (["--port-file", ""], ["--port-file", "file name"]),
        (["--cert", "c.pem", "--cert-out", "x"], ["--cert-out", "--cert "]),
        (["--cert", "c.pem", "--cert-name", "x"], ["--cert-name", "--cert "]),
        (["--cert-name", "a", "b c"], ["--cert-name", "'b c'", "host name"]),
        (["--cert-name", "::g"], ["--cert-name", "'::g'", "IP address"]),
        (["--tls-min", "0.9"], ["--tls-min", "'0.9'", "1.0, 1.1, 1.2 or 1.3"]),
        (["--no-tls", "--require-tls"], ["--no-tls", "--require-tls", "contradict"]),
        (["--no-tls", "--tls-listen", "0"], ["--no-tls", "--tls-listen", "contradict"]),
        (["--no-tls", "--client-ca", "ca.pem"], ["--no-tls", "--client-ca", "contradict"]),
        (["--auth", "nobody"], ["--auth", "any, user:password or @file"]),
        (["--auth", "@"], ["--auth", "file"]),
        (["--require-auth"], ["--require-auth", "--auth"]),
        (["--auth-without-tls"], ["--auth-without-tls", "--auth,"]),
        (["--auth", "any", "--mechanisms", "PLAIN,FOO"], ["--mechanisms", "'PLAIN,FOO'", "SCRAM-SHA-256"]),
        (["--auth", "any", "--mechanisms", "SCRAM-SHA-1"], ["--mechanisms", "SCRAM-SHA-1", "passwords"]),
        (["--auth", "any", "--mechanisms", "EXTERNAL"], ["EXTERNAL", "--client-ca"]),
        (["--auth", "any", "-l", ":0"], ["--auth", "PLAIN", "--tls", "--auth-without-tls"]),
        (
            ["--auth", "any", "-l", "0", "-l", ":0", "--mechanisms", "LOGIN"],
            ["--auth", "LOGIN", "--auth-without-tls"]
        ),
        (["--no-tls", "--tls"], ["--no-tls", "--tls", "contradict"]),
        (["--no-tls", "--cert-out", "x"], ["--no-tls", "--cert-out", "contradict"]),
        (["--once", "--count", "3"], ["--once", "--count 3", "contradict"]),
        (["--discard", "--mbox", "x"], ["--discard", "--mbox", "contradict"]),
        (["--verbose", "--quiet"], ["--verbose", "--quiet", "contradict"]),
        (["--listen", "unix:/tmp/s", "--port-file", "x"], ["--port-file", "--listen"]),
        (["--fault", "rcpt=maybe"], ["--fault", "'rcpt=maybe'", "is no action", "550 5.1.1 No such user"]),
        (["--fault", "lunch=450"], ["--fault", "'lunch=450'", "connect helo starttls"]),
        (["--fault", "rcpt=450", "--seed", "x"], ["--seed", "'x'", "whole number"]),
        (["--seed", "7"], ["--seed", "--fault"]),
        (["--rate", "10"], ["--rate", "'10'", "10/s"]),
        (["--rate", "0/s"], ["--rate", "'0/s'", "from 1 to 100000"]),
        (["--accept-rcpt", "("], ["--accept-rcpt", "'('", "regular expression", "at byte 1"]),
        (["--reject-rcpt", "bob=250 Fine"], ["--reject-rcpt", "'bob=250 Fine'", "4yz or 5yz"]),
        (["--reject-from", "(a)\\1"], ["--reject-from", "back-reference"]),
        (["--wait-for", "subject~(?=x)"], ["--wait-for", "look-ahead"]),
        (["--once", "show", "x"], ["smtpd-lite show FILE"]), (["2525"], ["'2525'", "-p 2525"]),
        (["--resolver", "127.0.0.1:53"], ["--resolver", "--resolve-sender"]),
        (["--resolve-sender", "--resolver", "dns.test"], ["--resolver", "'dns.test'", "IP address"]),
        (["--wait-for", "subject"], ["--wait-for", "'subject'", "FIELD~REGEX"]),
        (["--wait-for", "date~x"], ["--wait-for", "'date~x'", "header:NAME"]),
        (["-l", "fd:99"], ["-l", "'fd:99'", "not opened"]),
        (["-l", "fd:0"], ["-l", "'fd:0'", "--inetd"]),
        (["-4", "-6"], ["-4", "-6", "contradict"]),
        (["-4", "-l", "[::1]:0"], ["-4", "[::1]:0", "contradict"]),
        (["--inetd"], ["--inetd", "--discard", "standard output"]),
        (["--inetd", "--discard", "-l", "0"], ["--inetd", "--listen", "contradict"]),
        (["--user", ""], ["--user", "name of a user"]),
        (["--chroot", ""], ["--chroot", "file name"]),
        (["--transcript", ""], ["--transcript", "file name"]),
        (["--mbox"], ["--mbox"]),
        (["--no-such-option"], ["--no-such-option"]),
        (["stray"], ["stray"]),
        (["--mbox-format", "\u{1B}[31m"], ["--mbox-format", "\\u{1b}[31m"]),
    ]

    @Test(arguments: wrong)
    func `a bad value is told in one line`(arguments: [String], parts: [String]) async throws {
        try await onThread {
            let result = try ChildProcess.run([Self.tool] + arguments)
            #expect(result.status == 64)
            #expect(result.output.isEmpty)
            #expect(result.errors.hasPrefix("smtpd-lite: "))
            #expect(result.errors.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
            for part in parts { #expect(result.errors.contains(part)) }
        }
    }

    @Test func `each option that takes a value has one here that it does not take`() async throws {
        try await onThread {
            let help = try ChildProcess.run([Self.tool, "--help-all"]).output
            let options = help.matches(of: /(?m)^ +(?:-\w, )?(--[a-z-]+) </).map { String($0.output.1) }
            #expect(options.count > 45)
            let told = Self.wrong.compactMap(\.1.first)
            for option in options {
                #expect(told.contains { $0 == option || $0.hasPrefix("\(option) ") }, "\(option)")
            }
        }
    }

    @Test(arguments: [
        ["--mbox", "/nonexistent/folder/mbox"], ["--port-file", "/nonexistent/folder/port", "--discard"],
        ["--transcript", "/nonexistent/folder/transcript", "--discard"],
        ["--maildir", "/nonexistent/folder/m"], ["--dir", "/nonexistent/folder/d"],
        ["--json", "/nonexistent/folder/j"],
        ["--exec", "/nonexistent/folder/program"],
    ])
    func `a file that cannot be written is an error`(arguments: [String]) async throws {
        try await onThread {
            let result = try ChildProcess.run([Self.tool, "--listen", "0", "--quiet"] + arguments)
            #expect(result.status == 1)
            #expect(result.errors.contains("/nonexistent/folder/"))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
    }

    @Test func `help is one screen, whose options there are`() async throws {
        try await onThread {
            let short = try ChildProcess.run([Self.tool, "--help"]).output
            let all = try ChildProcess.run([Self.tool, "--help-all"]).output
            let lines = short.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 32 && lines.allSatisfy { $0.count <= 120 })
            let options = short.matches(of: /--[a-z][a-z-]+/).map { String($0.output) }
            #expect(options.count > 20)
            for option in options { #expect(all.contains(option), "\(option)") }
        }
    }

    @Test func `a subcommand has its help, whichever way it is asked for`() async throws {
        try await onThread {
            let shown = try [["show", "--help"], ["help", "show"]].map { try ChildProcess.run([Self.tool] + $0) }
            for run in shown {
                #expect(run.status == 0 && run.errors.isEmpty)
                #expect(run.output.contains("--follow") && run.output.contains("smtpd-lite show"))
            }
            #expect(
                try ChildProcess.run([Self.tool, "help"]).output == ChildProcess.run([Self.tool, "--help"]).output)
        }
    }

    @Test(arguments: ["--help", "--help-all", "--version"])
    func `help goes to standard output`(argument: String) async throws {
        try await onThread {
            let result = try ChildProcess.run([Self.tool, argument])
            #expect(result.status == 0)
            #expect(!result.output.isEmpty)
            #expect(result.errors.isEmpty)
        }
    }

    @Test func `a word that is not UTF-8 is named, and no file is made`() throws {
        let folder = try TemporaryFolder()
        let script = #"cd "$1" && exec "$0" -l 0 --mbox "$(printf 'caf\351')""#
        let result = try ChildProcess.run(["sh", "-c", script, Self.tool, folder.path])
        #expect(result.status == 64)
        #expect(result.errors == "smtpd-lite: argument 4, 'caf\\xE9', is not UTF-8 (give names in UTF-8)\n")
        #expect(try folder.names == [])
    }

    @Test func `a word of the command is passed on byte for byte`() throws {
        let script = #"exec "$0" -q -l 0 --discard -- printf '%s' "$(printf 'caf\351')""#
        let result = try ChildProcess.run(["sh", "-c", "( \(script) ) | od -An -tx1", Self.tool])
        #expect(result.output == " 63 61 66 e9\n")
    }
}
