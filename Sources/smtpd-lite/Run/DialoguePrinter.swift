import CommandLineSupport
import Glibc
import SMTPKit

/// Writes dialogues for a person: `C:` and `S:` lines, each with the number of its session.
///
///     [1] S: 220 mx.example ESMTP smtpd-lite
///     [1] C: EHLO client.example
struct DialoguePrinter: DialogueSink {
    private let errors: ErrorOutput
    private let isColored: Bool
    private let showsTime: Bool
    /// Whether connections are shown, and long replies to EHLO in one line.
    private let isForPeople: Bool
    private let omitted = Counter()

    init(_ errors: ErrorOutput, isColored: Bool, showsTime: Bool = false) {
        self.errors = errors
        self.showsTime = showsTime
        isForPeople = !showsTime
        self.isColored = isColored
    }

    /// Writes one thing that was said.
    func note(_ entry: TraceEntry, of session: Int) { write(lines(of: entry), of: session) }

    func note(_ remark: DialogueRemark, of session: Int) {
        guard isForPeople, case .secured(let tls) = remark else { return }
        write(["TLS established: \(SafeText.visible("\(tls.version) \(tls.cipherSuite)"))"], of: session)
    }

    func sessionStarted(_ session: Int, _ peer: Peer) {
        if isForPeople { write(["\(SafeText.visible("\(peer.address)")) connected"], of: session) }
    }

    func sessionEnded(_ session: Int) {
        if isForPeople { write(["disconnected"], of: session) }
    }

    private func write(_ lines: [String], of session: Int) {
        let time = showsTime ? "\(Timestamp.now.iso8601) " : ""
        for line in lines {
            let missed = omitted.reset()
            if missed > 0 { errors.say("... \(missed) lines of dialogue left out") }
            if !errors.sayIfRoom("\(time)[\(session)] \(line)") { omitted.add(1 + missed) }
        }
    }

    /// The lines for one thing that was said, without a character that a terminal would act on.
    func lines(of entry: TraceEntry) -> [String] {
        switch entry {
        case .client(let text): [colored("C: \(SafeText.visible(text))", "36")]
        case .content(let count): [colored("C: (\(count) octets of content)", "36")]
        case .bareNewlines: [colored("C: (a bare CR or LF in the content)", "33")]
        case .server(let reply) where isForPeople && reply.isHello:
            [colored("S: \(SafeText.visible(reply.folded))", reply.code.severity.color)]
        case .server(let reply):
            reply.wireLines.map { colored("S: \(SafeText.visible($0))", reply.code.severity.color) }
        }
    }

    private func colored(_ text: String, _ color: String) -> String {
        isColored ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
    }
}

extension Reply {
    /// Whether it is the answer to EHLO or LHLO.
    fileprivate var isHello: Bool { code == 250 && status == nil && lines.count > 1 }

    /// All lines in one: `250 mx.example (PIPELINING, SIZE 52428800)`.
    fileprivate var folded: String { "\(code) \(lines[0]) (\(lines.dropFirst().joined(separator: ", ")))" }

    /// The lines as they go over the wire, without CRLF.
    fileprivate var wireLines: [String] {
        lines.enumerated().map { index, line in
            let separator = index == lines.count - 1 ? " " : "-"
            return "\(code)\(separator)\(status.map { "\($0) " } ?? "")\(line)"
        }
    }
}

extension ReplyCode.Severity {
    fileprivate var color: String {
        switch self {
        case .success, .intermediate: "32"
        case .transient: "33"
        case .permanent: "31"
        }
    }
}
