import SMTPKit

extension Check {
    /// The order of commands, and limits.
    static let states: [Check] = [
        Check(
            "state", .protocol, "Commands out of order are refused, and RSET and EHLO clear the envelope",
            rfc: ["5321 §4.1.4", "5321 §4.1.1.5", "5321 §4.1.1.9", "5321 §4.2.4", "5321 §4.3.2"],
            run: { try StateRules.observe($0) }, judge: { steps, _ in try StateRules.judge(steps) }),
        Check(
            "limits", .protocol, "Lines, recipients and sizes that everyone has to accept are accepted",
            rfc: ["5321 §4.5.3.1", "9422 §4"], run: { try LimitRules.observe($0) },
            judge: { observed, _ in LimitRules.judge(observed) }),
    ]
}

enum StateRules {
    /// A command, its reply, and the rule for it.
    struct Step: Sendable {
        let rule: String
        let reply: Exchange
        /// Whether the reply keeps the rule.
        let isKept: Bool
        var isFailure = true
    }

    static func observe(_ server: ServerProbe) throws -> [Step] {
        var steps: [Step] = []
        let refuse = { (rule: String, reply: Exchange) in
            steps.append(Step(rule: rule, reply: reply, isKept: reply.isPermanent))
        }
        // Of violations a server bears few, so each step has a session that has seen few.
        var (connection, _) = try server.transaction()
        var reply = try connection.command("DATA")
        refuse("DATA without a recipient is refused", reply)
        if reply.isIntermediate {
            connection.write(".\r\n")
            _ = try connection.reply()
        }
        (connection, _) = try server.transaction()
        refuse("a second MAIL is refused", try connection.command("MAIL FROM:<>"))
        (connection, _) = try server.transaction()
        reply = try connection.command("RSET")
        steps.append(Step(rule: "RSET is accepted", reply: reply, isKept: reply.isSuccess))
        refuse("RSET clears the envelope", try connection.command("RCPT TO:<postmaster>"))
        (connection, _) = try server.transaction()
        if try connection.command(server.helloLine).isSuccess {
            refuse("\(server.helloLine.prefix(4)) clears the envelope", try connection.command("RCPT TO:<postmaster>"))
        }
        connection = try server.session()
        reply = try connection.command("NOOP ignored")
        steps.append(
            Step(rule: "NOOP with an argument is accepted", reply: reply, isKept: reply.isSuccess, isFailure: false))
        refuse("an unknown command is refused", try connection.command("XPROBE"))
        connection = try server.newSession()
        reply = try connection.command("QUIT")
        steps.append(Step(rule: "QUIT is answered 221", reply: reply, isKept: reply.code == 221))
        connection.drop()
        return steps
    }

    static func judge(_ steps: [Step]) throws -> Finding {
        let broken = steps.filter { !$0.isKept && !$0.reply.isTransient }
        let list = broken.map { "not kept: \($0.rule) (\($0.reply))" }.joined(separator: "; ")
        guard broken.isEmpty else {
            return .fault(
                broken.contains(where: \.isFailure), list,
                fix: "Keep the order of commands of RFC 5321, section 4.1.4.",
                broken.map(\.reply))
        }
        if let delay = steps.first(where: \.reply.isTransient) {
            throw CheckError.inconclusive("a reply is temporary", delay.reply)
        }
        return .pass("\(steps.count) rules are kept")
    }
}

enum LimitRules {
    struct Observed: Sendable {
        /// The reply to a short NOOP with an argument, and to one of 512 bytes.
        let short: Exchange
        let long: Exchange
        /// The recipients that were accepted, and the reply that ended that; `nil` without `--rcpt`.
        var recipients: Int?
        var refusal: Exchange?
        /// RCPTMAX of the LIMITS extension.
        var announced: Int?
        /// The outcome of a text line of 998 bytes; `nil` when none was sent.
        var text: TextLine?
    }

    /// The outcome of a text line, before the end of its message.
    enum TextLine: Sendable {
        /// The server waits for the end of the message.
        case awaitsMore
        case refused(Exchange)
        case closed
    }

    /// RFC 5321, section 4.5.3.1.8.
    private static let minimumRecipients = 100
    /// RFC 5321, section 4.5.3.1.4, with CRLF.
    private static let minimumLine = 512
    /// RFC 5321, section 4.5.3.1.6, without CRLF.
    private static let minimumTextLine = 998

    static func observe(_ server: ServerProbe) throws -> Observed {
        let connection = try server.session()
        let short = try connection.command("NOOP limits")
        let long = try connection.command("NOOP " + String(repeating: "x", count: minimumLine - 7))
        var observed = Observed(short: short, long: long)
        for word in server.offered?["LIMITS"] ?? [] where word.uppercased().hasPrefix("RCPTMAX=") {
            observed.announced = Int(word.dropFirst(8))
        }
        if server.plan.isActive { observed.text = try textLine(server) }
        guard server.plan.recipient != nil else { return observed }
        let path = try server.recipient()
        let (second, _) = try server.transaction()
        var count = 0
        while count < minimumRecipients {
            let reply = try second.command("RCPT TO:\(path)")
            guard reply.isSuccess else {
                observed.refusal = reply
                break
            }
            count += 1
        }
        observed.recipients = count
        return observed
    }

    /// Sends a text line of the size that every server has to accept.
    ///
    /// The connection is dropped before the end of the message, so that nothing is delivered. A server that judges
    /// lines only then is not found.
    ///
    /// - Returns: `nil` when no content can be sent.
    private static func textLine(_ server: ServerProbe) throws -> TextLine? {
        guard let recipient = try? server.recipient() else { return nil }
        let connection = try server.newSession()
        guard try connection.command("MAIL FROM:<>").isSuccess,
            try connection.command("RCPT TO:\(recipient)").isSuccess, try connection.command("DATA").isIntermediate
        else {
            connection.quit()
            return nil
        }
        defer { connection.drop() }
        connection.write(
            "Subject: smtp-probe check, limits\r\n\r\n\(String(repeating: "x", count: minimumTextLine))\r\n")
        do {
            return try connection.reply(within: CheckPlan.silence).map { .refused($0) } ?? .awaitsMore
        } catch CheckError.inconclusive(_, nil) {
            return .closed
        }
    }

    static func judge(_ observed: Observed) -> Finding {
        if observed.short.isSuccess, observed.long.isPermanent {
            return .warn(
                "a command of \(minimumLine) bytes is refused: \(observed.long)", fix: "Accept lines of 512 bytes.",
                [observed.long])
        }
        let text: String
        switch observed.text {
        case .refused(let reply) where !reply.isTransient:
            return .warn(
                "a text line of \(minimumTextLine) bytes is answered before the end of the message: \(reply)",
                fix: "Accept text lines of 1000 bytes.", [reply])
        case .closed:
            return .warn(
                "the server closes the connection at a text line of \(minimumTextLine) bytes",
                fix: "Accept text lines of 1000 bytes.")
        case .awaitsMore: text = "a text line of \(minimumTextLine) bytes is not refused before the end of the message"
        case .refused, nil: text = "text lines were not tried"
        }
        guard let recipients = observed.recipients else {
            return .pass(
                "a command of \(minimumLine) bytes is accepted; recipients were not tried without --rcpt; \(text)",
                [observed.long])
        }
        if let refusal = observed.refusal {
            let wanted = min(observed.announced ?? minimumRecipients, minimumRecipients)
            if recipients < wanted {
                return .warn(
                    "only \(recipients) recipients are accepted"
                        + (observed.announced.map { ", though RCPTMAX is \($0)" } ?? "") + ": \(refusal)",
                    fix: "Accept 100 recipients for each message, or announce the limit.", [refusal])
            }
        }
        return .pass(
            "\(minimumLine) bytes in a command, \(recipients) recipients; \(text)", [observed.long])
    }
}
