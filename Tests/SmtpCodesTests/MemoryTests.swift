import Foundation
import ProcessSupport
import Testing

/// Hostile input, up to 100 MB of it, read within a bound of memory. The bound holds for the built tool, by its peak
/// (VmHWM).
@Suite("Memory", .blocking)
struct MemoryTests {
    /// The most memory above that of an empty input, in KiB. A read takes 256 KiB, a part's text at most 512 KiB.
    private static let bound = 12 * 1024

    private static let head = "From: MAILER-DAEMON@mx.example\\nSubject: Undelivered Mail Returned to Sender\\n"
    private static let report =
        "Content-Type: message/delivery-status\\n\\nReporting-MTA: dns; mx.example\\n\\n"
        + "Final-Recipient: rfc822; ann@example.org\\nStatus: 5.1.1\\nDiagnostic-Code: smtp; 550 5.1.1 unknown\\n\\n"

    /// The size of most inputs in bytes. All are read in pieces of at most 256 KiB, so a longer one takes no more
    /// memory.
    private static let size = 20_000_000

    /// Inputs as shell commands.
    static let inputs: [(name: String, script: String)] = [
        (
            "multiparts, each in the one before",
            """
            printf '\(head)Content-Type: multipart/mixed; boundary=b0\\n\\n'
            awk 'BEGIN { for (i = 0; n < 100000000; i++) { s = sprintf("--b%d\\nContent-Type: multipart/mixed; boundary=b%d\\n\\n",
                i, i + 1); n += length(s); printf "%s", s } }'
            """
        ),
        (
            "a part whose boundary is its own parent's",
            """
            printf '\(head)Content-Type: multipart/mixed; boundary=b\\n\\n'
            yes "$(printf -- '--b\\nContent-Type: multipart/mixed; boundary=b\\n\\n--b\\n\\ntext')" | head -c \(size)
            """
        ),
        (
            "a base64 part without a line end",
            """
            printf '\(head)Content-Type: text/plain\\nContent-Transfer-Encoding: base64\\n\\n'
            yes QUFBQUFBQUFBQUFB | tr -d '\\n' | head -c \(size)
            """
        ),
        (
            "base64 in lines that decode to one line",
            """
            printf '\(head)Content-Type: message/rfc822\\nContent-Transfer-Encoding: base64\\n\\n'
            yes QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB | head -c 5000000
            """
        ),
        (
            "quoted-printable lines joined without end",
            """
            printf '\(head)Content-Type: text/plain\\nContent-Transfer-Encoding: quoted-printable\\n\\n'
            yes 'one and the same line that goes on =3D and on, and never comes to an end of itself =' | head -c 5000000
            """
        ),
        (
            "a field folded without end",
            "printf '\(head)Content-Type: multipart/report; boundary=b\\n\\n--b\\n\(report)'; printf 'Diagnostic-Code: x\\n'; "
                + "yes '  550 5.1.1 and so on, in a field that is folded for ever' | head -c \(size)"
        ),
        (
            "a header field of one line",
            "printf 'From: x\\nX-Failed-Recipients: '; yes 'a@b.example, ' | tr -d '\\n' | head -c \(size)"
        ),
        ("one line of text", "printf '\(head)\\n550 5.1.1 '; yes 5.1.1 | tr '\\n' ' ' | head -c \(size)"),
        (
            "HTML without end",
            "printf '\(head)Content-Type: text/html\\n\\n'; yes '<p><b>ann@example.org</b><br>550 5.1.1 no' | head -c \(size)"
        ),
        ("bytes of every kind", "head -c \(size) /dev/urandom"),
        (
            "UTF-16 cut in a unit",
            "printf '\\377\\376'; printf '5\\0005\\0000\\000 \\000' | cat - /dev/zero | head -c 20000001"
        ),
    ]

    /// The peak of the tool for an input, in KiB.
    private static func peak(_ input: String, _ options: String = "--jsonl -") throws -> Int {
        let run = try Tool.shell(
            "bash", "{ \(input)\n} 2>/dev/null | env time -f 'peak %M' smtp-codes \(options) 2>&1 >/dev/null")
        let line = try #require(run.lines.last { $0.hasPrefix("peak ") }, "\(run.text)\(run.errors)")
        return try #require(Int(line.dropFirst(5)))
    }

    @Test(arguments: inputs)
    func `a hostile bounce is read in bounded memory`(input: (name: String, script: String)) throws {
        let least = try Self.peak("printf 'From: x\\n\\n'")
        let most = try Self.peak(input.script)
        print("\(input.name): \(most - least) KiB above \(least) KiB")
        #expect(most < least + Self.bound, "\(input.name)")
    }

    @Test func `the recipients of an endless report are answered as they come`() throws {
        let script = """
            printf '\(Self.head)Content-Type: multipart/report; boundary=b\\n\\n--b\\n\(Self.report)'
            seq 20000 | sed 's/.*/Final-Recipient: rfc822; u&@example.org\\nStatus: 5.1.1\\n/'
            """
        #expect(try Self.peak(script) < Self.peak("printf 'From: x\\n\\n'") + Self.bound)
        let answers = try Tool.shell("bash", "{ \(script)\n} | smtp-codes --brief - | wc -l")
        #expect(answers.text == "20001\n")
    }

    @Test func `the table of a count is bounded, in rows and in memory`() throws {
        let domains = "seq 1000000 | sed 's/.*/to=<a@d&.example>, said: 550 5.1.1 no/'"
        let most = try Self.peak(domains, "--count --by domain")
        let least = try Self.peak("echo", "--count --by domain")
        print("a million domains: \(most - least) KiB above \(least) KiB")
        #expect(most < least + 96 * 1024)
    }
}
