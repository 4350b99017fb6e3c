import Foundation
import ProcessSupport
import Testing

/// The table in the manual page: what the options of Postfix's smtp-sink are here.
@Suite("smtp-sink's options", .blocking)
struct SmtpSinkTests {
    /// The dialogues that both servers get, and the compared parts of their replies.
    enum Kind: String, Sendable {
        /// A transaction, by reply codes.
        case codes
        /// The same, by codes and statuses of refusals.
        case status
        /// The same, with the words of the greeting.
        case greeting
        /// The same, with HELO.
        case helo
        /// The same in LMTP, with two recipients.
        case lmtp
        /// VRFY in place of the transaction.
        case vrfy
        /// Two transactions, by the fields that they leave in the messages.
        case fields
        /// No body is sent, because an answer comes before it.
        case early
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let kind: Kind
        /// An extension that has to be offered by both or by neither.
        let keyword: String
        let sink: [String]
        let ours: [String]
        var testDescription: String { "smtp-sink \(sink.joined(separator: " "))" }

        init(_ sink: [String], _ ours: [String], _ kind: Kind = .codes, _ keyword: String = "") {
            self.kind = kind
            self.keyword = keyword
            self.sink = sink
            self.ours = ours
        }
    }

    static let rows: [Row] =
        [
            Row([], []), Row(["-8"], ["--hide", "8BITMIME"], .codes, "8BITMIME"),
            Row(["-a"], [], .codes, "AUTH"), Row([], ["--auth", "any", "--auth-without-tls"], .codes, "AUTH"),
            Row(["-A", "1"], ["--fault", "body=delay:1s,550 This violates SMTP,drop"], .early),
            Row(["-C"], [], .codes, "XCLIENT"), Row(["-F"], [], .codes, "XFORWARD"),
            Row(["-e"], ["--no-esmtp"]), Row(["-e"], ["--no-esmtp"], .helo),
            Row(["-E"], ["--hide", "ENHANCEDSTATUSCODES"], .codes, "ENHANCEDSTATUSCODES"),
            Row(["-h", "mx.example"], ["-n", "mx.example", "--banner", "ESMTP"], .greeting),
            Row(["-H", "1"], ["--fault", "body=delay:1s"]), Row(["-L"], ["--lmtp"], .lmtp),
            Row(["-N"], ["--hide", "DSN"], .codes, "DSN"), Row(["-p"], ["--hide", "PIPELINING"], .codes, "PIPELINING"),
            Row(["-P"], ["--no-esmtp", "--fault", "connect=220 ********"], .greeting),
            Row(["-w", "1"], ["--fault", "data=delay:1s"]), Row(["-W", "noop:1"], ["--fault", "noop=delay:1s"]),
            Row(["-f", "MAIL,RCPT"], ["--fault", "mail=500", "--fault", "rcpt=500"], .status),
            Row(["-b", "450 4.2.0 Not now", "-r", "RCPT"], ["--fault", "rcpt=450 4.2.0 Not now"], .status),
            Row(["-B", "550 5.1.1 Nobody", "-f", "RCPT"], ["--fault", "rcpt=550 5.1.1 Nobody"], .status),
            Row(["-d", "FOLDER/theirs-%H%M"], ["--dir", "FOLDER/mine", "--envelope-headers"], .fields),
        ] + commands

    /// The faults, at each of the commands.
    private static let commands: [Row] = [
        ("CONNECT", "connect"), ("EHLO", "helo"), ("MAIL", "mail"), ("RCPT", "rcpt"), ("DATA", "data"), (".", "dot"),
        ("RSET", "rset"), ("NOOP", "noop"), ("QUIT", "quit"), ("VRFY", "vrfy"),
    ].flatMap { command, stage in
        let kind = command == "VRFY" ? Kind.vrfy : .status
        return [
            Row(["-f", command], ["--fault", "\(stage)=500"], kind),
            Row(["-r", command], ["--fault", "\(stage)=450"], kind),
            Row(["-q", command], ["--fault", "\(stage)=drop"], kind),
            Row(["-Q", command], ["--fault", "\(stage)=421 4.0.0 Server closing connection"], kind),
        ]
    }

    /// Starts both servers and prints what a client sees of each: a line for smtp-sink, and one for ours.
    private static let probe = """
        import glob, os, re, socket, subprocess, sys, threading, time
        folder, tool, kind, keyword = sys.argv[1:5]
        split = sys.argv.index("--", 5)
        sink, ours = sys.argv[5:split], sys.argv[split + 1:]

        class Gone(Exception): pass

        def view(path):
            client = socket.socket(socket.AF_UNIX)
            client.settimeout(50)
            client.connect(path)
            lines = client.makefile("rb")
            seen = []
            def reply(name):
                start, text = time.monotonic(), []
                while True:
                    try: line = lines.readline()
                    except ConnectionResetError: line = b""
                    if not line: seen.append(f"{name} gone"); raise Gone
                    text.append(line.decode().rstrip("\\r\\n"))
                    if text[-1][3:4] != "-": break
                late = " late" if time.monotonic() - start > 0.9 else ""
                shown = text[-1][:3]
                if shown[0] in "45" and kind == "status": shown = " ".join(text[-1].split()[:2])
                if kind == "greeting" and name == "CONNECT": shown = text[-1]
                if name in ("EHLO", "LHLO"): shown += f" {any(keyword and re.match('.{4}' + keyword, t) for t in text)}"
                seen.append(f"{name} {shown}{late}")
                return text[-1][0] in "23"
            def said(name, line):
                try: client.sendall(line.encode() + b"\\r\\n")
                except OSError: pass
                return reply(name)
            try:
                if reply("CONNECT"):
                    hello = "LHLO" if kind == "lmtp" else "HELO" if kind == "helo" else "EHLO"
                    steps = [(hello, f"{hello} c.example"), ("MAIL", "MAIL FROM:<joe@example.org>"), ("RCPT", "RCPT TO:<ann@example.net>")]
                    if kind == "lmtp": steps.append(("RCPT", "RCPT TO:<bob@example.net>"))
                    steps.append(("DATA", "DATA"))
                    if kind == "early": steps.append(None)
                    else:
                        steps.append((".", "Subject: x\\r\\n\\r\\nbody\\r\\n."))
                        if kind == "lmtp": steps.append(None)
                    if kind == "fields":
                        joe = "MAIL FROM:<joe@example.org>"
                        content = (".", "Subject: x\\r\\nX-Mine: 1\\r\\n\\r\\nbody\\r\\n.")
                        steps = [("HELO", "HELO d.example"), ("MAIL", joe), ("RCPT", 'RCPT TO:<"a b"@example.net>'), ("DATA", "DATA"), content]
                        steps += [("EHLO", "EHLO c.example"), ("MAIL", f"{joe} SIZE=50 BODY=8BITMIME"), ("RCPT", "RCPT TO:<ann@example.net>")]
                        steps += [("RCPT", "rcpt to:<bob@example.net> NOTIFY=NEVER"), ("DATA", "DATA"), content]
                        steps += [("MAIL", "MAIL FROM:<>"), ("RCPT", "RCPT TO:<ann@example.net>"), ("DATA", "DATA"), content]
                    if kind == "vrfy": steps = [("VRFY", "VRFY ann@example.net")]
                    steps += [("RSET", "RSET"), ("NOOP", "NOOP")]
                    for step in steps:
                        if not (reply("again") if step is None else said(*step)): break
                # Who refuses QUIT goes on.
                if said("QUIT", "QUIT") and lines.read() == b"": seen.append("end")
            except Gone: pass
            client.close()
            return seen

        def run(words, path, is_ready):
            server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            while not is_ready(line := server.stderr.readline()):
                if not line: sys.exit(f"{words[0]} ended")
            # Nobody who writes is to wait.
            threading.Thread(target=server.stderr.read, daemon=True).start()
            try: return view(path)
            finally: server.kill(); server.wait()

        # The fields of each message that are of the envelope, or like them.
        def fields(names):
            heads = [open(name).read().split("\\n\\n")[0] for name in glob.glob(f"{folder}/{names}")]
            return sorted(", ".join(line for line in head.splitlines() if line.startswith("X-")) for head in heads)

        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        if user: os.chmod(folder, 0o777)
        sink, ours = ([word.replace("FOLDER", folder) for word in words] for words in (sink, ours))
        kept = [] if "--dir" in ours else ["--discard"]
        # What smtp-sink says of itself when it waits for the first client.
        theirs = run([os.environ["SINK"], "-v", "-v", "-v", *user, *sink, f"unix:{folder}/theirs", "10"], f"{folder}/theirs",
            lambda line: "event_loop" in line)
        mine = run([tool, *kept, *ours, "-l", f"unix:{folder}/ours"], f"{folder}/ours", lambda line: line.startswith("listening "))
        if kind == "fields": theirs, mine = theirs + fields("theirs-*"), mine + fields("mine/*")
        print("; ".join(theirs)); print("; ".join(mine))
        """

    @Test(arguments: rows)
    func `a client sees the same of both`(row: Row) throws {
        let folder = try TemporaryFolder()
        let result = try ChildProcess.run(
            ["python3", "-c", Self.probe, folder.path, BuiltTool.path("smtpd-lite"), row.kind.rawValue, row.keyword]
                + row.sink + ["--"] + row.ours,
            environment: ["SINK": try ChildProcess.path(of: "smtp-sink")])
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2, "\(result.errors)")
        #expect(lines.first?.isEmpty == false && lines.first == lines.last)
    }

    @Test func `each option of smtp-sink has its line in the manual`() throws {
        let page = try String(
            contentsOfFile: "\(BuiltTool.project)/man/sections/smtpd-lite/20-smtp-sink.mdoc", encoding: .utf8)
        for option in "468aAbBcCdDeEfFhHLmMnNpPqQrRsStTuvwW" {
            #expect(page.contains("Fl \(option) "), "-\(option)")
        }
    }
}
