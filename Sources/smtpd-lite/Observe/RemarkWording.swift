import SMTPKit

/// The text that the tool prints for a remark, and the option that would change it.
struct RemarkWording: Sendable {
    /// A line, and what it has in common with others of its kind.
    struct Line: Hashable, Sendable {
        var text: String
        var kind: String
    }

    /// The longest address that is shown.
    private static let longestAddress = 100

    /// The options that have a say in what is refused.
    var isStrict = false
    var refusesSenders = false
    var resolvesSenders = false
    var acceptsRecipients = false
    var refusesRecipients = false
    var runsCommands = false
    var isSelfSigned = false

    /// The line for a remark, or `nil` when there is nothing to say.
    func line(for remark: DialogueRemark) -> Line? {
        switch remark {
        case .refused(let refusal): line(for: refusal)
        case .bareNewline(let newline): Self.line(Self.text(newline))
        case .bareLineFeedInCommand:
            Self.line("the client ends commands with a lone LF; strict servers refuse that (nc: -C)")
        case .looseEndOfData:
            Self.line(
                "a line with nothing but a dot did not end the message, because a line end beside it is not CR LF; "
                    + "end the message with CR LF . CR LF (nc: -C)")
        case .unfinishedMessage:
            Self.line("the connection ended in the middle of a message, of which nothing is kept")
        case .tlsInClear: Self.line("the client speaks TLS on a port that begins in clear (see --tls-listen)")
        case .looseSyntax, .secured: nil
        }
    }

    /// The line for a failed TLS connection.
    func line(for failure: TLSFailure) -> Line {
        switch failure.code {
        case .refusedByPeer where failure.reason?.isAboutCertificate == true,
            .handshake where failure.reason?.isAboutCertificate == true:
            Self.line(
                "\(failure): \(isSelfSigned ? Self.untrusted : "the client does not trust the certificate of --cert")")
        case .interruptedHandshake where isSelfSigned:
            Self.line("\(failure); if \(Self.untrusted)")
        case _:
            Self.line("\(failure)")
        }
    }

    private static let untrusted =
        "the client does not trust the self-signed certificate: give it --cert-out FILE, or start without --tls"

    private static func line(_ text: String) -> Line { Line(text: text, kind: text) }

    private static func text(_ newline: BareNewline) -> String {
        let line = newline.line.map { "line \($0)" } ?? "a line"
        return newline.isLineFeed
            ? "\(line) of the message ends with a lone LF; strict servers refuse that (curl: --crlf)"
            : "\(line) of the message has a lone CR; strict servers refuse that"
    }

    // MARK: Refusals

    private func line(for refusal: Refusal) -> Line? {
        let isLast = refusal.reply.code == 421 || refusal.reply.code == 521
        guard !Self.isToldElsewhere(refusal), let what = Self.subject(of: refusal.stage) ?? (isLast ? "command" : nil)
        else { return nil }
        let option = option(for: refusal).map { " (\($0))" } ?? ""
        let reply = "\(refusal.reply)"
        if isLast, !refusal.isInjected, refusal.stage != .connect, !isChoice(refusal) {
            return Self.line("connection closed: \(reply)\(option)")
        }
        let kind = "\(what) refused: \(reply)\(option)"
        guard let address = refusal.address else { return Line(text: kind, kind: kind) }
        let shown = address.count > Self.longestAddress ? "\(address.prefix(Self.longestAddress))..." : address
        return Line(text: "\(what) <\(shown)> refused: \(reply)\(option)", kind: kind)
    }

    /// Whether another line has said it, or nothing is lost: the operator stops the server, an error has its own line.
    private static func isToldElsewhere(_ refusal: Refusal) -> Bool {
        switch refusal.reply {
        case .shuttingDown, .localError, .insufficientStorage: !refusal.isInjected
        case _: false
        }
    }

    private static func subject(of stage: DialogueStage?) -> String? {
        switch stage {
        case .connect: "connection"
        case .helo: "hello"
        case .starttls: "STARTTLS"
        case .auth: "login"
        case .mail: "sender"
        case .rcpt: "recipient"
        case .data, .body, .dot, .bdat: "message"
        case .rset, .noop, .vrfy, .quit, nil: nil
        }
    }

    /// Whether the reply is one that an option chose for this address or message.
    private func isChoice(_ refusal: Refusal) -> Bool {
        switch refusal.stage {
        case .mail: refusesSenders
        case .rcpt: acceptsRecipients || refusesRecipients
        case .dot: runsCommands
        case _: false
        }
    }

    /// The option that changes a refusal.
    private func option(for refusal: Refusal) -> String? {
        if let newline = refusal.bareNewline {
            let line = newline.line.map { "line \($0); " } ?? ""
            return "\(line)--bare-newline normalize takes it\(newline.isLineFeed ? "; curl: --crlf" : "")"
        }
        switch refusal.reply {
        case RateLimit.refusal: return "see --rate"
        case _ where refusal.isInjected: return "see --fault"
        case .bareNewlineInCommand: return "--bare-newline normalize takes it; nc: -C"
        case .messageTooLarge: return "see --max-size"
        case .tooManyRecipients: return "see --max-recipients"
        case .tooManyErrors: return "see --max-errors"
        case .tooManyConnections: return "see --max-connections"
        case .timedOut:
            return refusal.stage == .data || refusal.stage == .bdat ? "see --data-timeout" : "see --command-timeout"
        case .startTLSFirst: return "see --require-tls"
        case .authenticationRequired: return "see --require-auth"
        case .authenticationFailed: return "see --auth"
        case .mechanismNeedsTLS: return "see --auth-without-tls"
        case .unknownMechanism: return "see --mechanisms"
        case .textLineTooLong, .lineTooLong: return isStrict ? "see --strict" : nil
        case SenderDomains.refusal where resolvesSenders, SenderDomains.later where resolvesSenders:
            return "see --resolve-sender"
        case .notImplemented where refusal.stage == .auth: return "see --auth"
        case .notImplemented where refusal.stage == .starttls: return "see --tls"
        case .unknownCommand where refusal.stage == .helo: return "see --lmtp, --no-esmtp"
        case _: break
        }
        if isStrict, refusal.reply.code == 501 { return "see --strict" }
        switch refusal.stage {
        case .mail where refusesSenders: return "see --reject-from"
        case .rcpt where acceptsRecipients && refusesRecipients: return "see --accept-rcpt, --reject-rcpt"
        case .rcpt where acceptsRecipients: return "see --accept-rcpt"
        case .rcpt where refusesRecipients: return "see --reject-rcpt"
        case .dot where runsCommands: return "see --exec"
        case _: return nil
        }
    }
}

extension String {
    /// Whether a TLS alert, in OpenSSL's words, is about the certificate.
    fileprivate var isAboutCertificate: Bool { contains("unknown ca") || contains("certificate") }
}
