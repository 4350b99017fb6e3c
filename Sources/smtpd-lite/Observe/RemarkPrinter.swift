import CommandLineSupport
import Dispatch
import SMTPKit
import Synchronization

/// Writes one line for each thing that was refused or went wrong in a dialogue, with the option that changes it.
///
///     smtpd-lite: session 3: recipient <bob@example.net> refused: 550 5.1.1 No such mailbox (see --reject-rcpt)
///     smtpd-lite: ... 41 more: recipient refused: 550 5.1.1 No such mailbox
///
/// Of lines that say the same, one is written in a second. The others are counted.
final class RemarkPrinter: Sendable {
    /// The most kinds of lines that are told apart.
    private static let mostKinds = 64
    private static let window = Duration.seconds(1)

    private struct Kind {
        var last: ContinuousClock.Instant
        var omitted = 0
    }

    private let errors: ErrorOutput
    private let wording: RemarkWording
    private let kinds = Mutex<[String: Kind]>([:])
    private let queue = DispatchQueue(label: "smtpd-lite.remarks")

    init(_ errors: ErrorOutput, _ wording: RemarkWording) {
        self.errors = errors
        self.wording = wording
    }

    /// Writes what a remark says, if it is for a person to know.
    func note(_ remark: DialogueRemark, of session: Int) {
        if let line = wording.line(for: remark) { say(line, session) }
    }

    /// Writes why a TLS connection failed.
    func note(_ failure: TLSFailure, of session: Int) { say(wording.line(for: failure), session) }

    private func say(_ line: RemarkWording.Line, _ session: Int) {
        let now = ContinuousClock.now
        let (isNew, mustReport) = kinds.withLock { kinds in
            if kinds[line.kind] == nil, kinds.count >= Self.mostKinds {
                kinds = kinds.filter { $0.value.omitted > 0 || $0.value.last.duration(to: now) < Self.window }
            }
            let key = kinds[line.kind] != nil || kinds.count < Self.mostKinds ? line.kind : "other remarks"
            var kind = kinds[key] ?? Kind(last: now - Self.window)
            defer { kinds[key] = kind }
            guard kind.omitted == 0, kind.last.duration(to: now) >= Self.window else {
                kind.omitted += 1
                return (false, kind.omitted == 1)
            }
            kind.last = now
            return (true, false)
        }
        if isNew {
            let session = session > 0 ? "session \(session): " : ""
            if !errors.sayIfRoom("smtpd-lite: \(session)\(SafeText.visible(line.text))") { omit(line.kind) }
        } else if mustReport {
            queue.asyncAfter(deadline: .now() + .seconds(1)) { [self] in flush() }
        }
    }

    /// Counts a line for which there was no room.
    private func omit(_ key: String) { kinds.withLock { $0[key]?.omitted += 1 } }

    /// Writes how many lines were left out since the last time.
    func flush() {
        let sums = kinds.withLock { kinds in
            let sums = kinds.filter { $0.value.omitted > 0 }.map { (kind: $0.key, count: $0.value.omitted) }
            for sum in sums { kinds[sum.kind] = Kind(last: .now) }
            return sums
        }
        for sum in sums.sorted(by: { $0.kind < $1.kind }) {
            errors.say("smtpd-lite: ... \(sum.count) more: \(SafeText.visible(sum.kind))")
        }
    }
}
