import SMTPKit

extension Check {
    /// Checks of several commands that arrive at once, or too early.
    static let pipelining: [Check] = [
        Check(
            "pipe.order", .protocol, "Commands in one write are answered in number and order",
            rfc: ["2920 §3.1", "2920 §3.2"],
            run: { try PipeliningRules.observe($0) }, judge: { observed, _ in PipeliningRules.judge(observed) }),
        Check(
            "pregreet", .protocol, "Whether a client that talks before the greeting is noticed", rfc: ["5321 §4.3.1"],
            needs: .active,
            run: { server -> [Exchange] in
                guard !server.target.isImplicitTLS else { throw CheckError.skipped("the connection begins with TLS") }
                let connection = try server.connect()
                defer { connection.quit() }
                connection.write("\(server.helloLine)\r\n")
                var replies: [Exchange] = []
                do {
                    replies.append(try connection.reply())
                    if replies[0].code == 220 { replies.append(try connection.reply()) }
                } catch CheckError.inconclusive(let reason, _)
                    where replies.isEmpty && !reason.contains("did not answer")
                {
                    return []
                }
                return replies
            },
            judge: { (replies: [Exchange], _) in
                guard let last = replies.last else { return .info("noticed: the server closes the connection") }
                if last.isPermanent { return .info("noticed: \(last)", replies) }
                return .info("not noticed", replies)
            }),
    ]
}

enum PipeliningRules {
    /// The replies to a group of commands, and those that the same commands have one by one.
    struct Observed: Sendable {
        let single: [Exchange]
        let group: [Exchange]
        /// The replies to DATA and to a lone dot, where all recipients were refused.
        var content: [Exchange] = []
    }

    static func observe(_ server: ServerProbe) throws -> Observed {
        try server.require("PIPELINING")
        let accepted = (try? server.recipient()) ?? "<postmaster>"
        let refused = "<\(server.plan.outside)>"
        let group = ["MAIL FROM:<>", "RCPT TO:\(accepted)", "RCPT TO:\(refused)", "RSET", "NOOP"]
        let connection = try server.session()
        var single: [Exchange] = []
        for command in group { single.append(try connection.command(command)) }
        guard single[0].isSuccess else { throw ServerProbe.refused(single[0]) }
        let together = try server.session()
        var observed = Observed(single: single, group: try gather(together, group, server.plan.timeout))
        // DATA is sent only after recipients that were refused a moment ago, so that nothing can be delivered.
        if single[2].isPermanent, observed.group.count == group.count {
            let connection = try server.session()
            let commands = ["MAIL FROM:<>", "RCPT TO:\(refused)", "RCPT TO:\(refused)", "DATA"]
            let replies = try gather(connection, commands, server.plan.timeout)
            if replies.count == commands.count, replies[1].isPermanent, replies[2].isPermanent {
                observed.content = [replies[3]]
                if replies[3].isIntermediate {
                    connection.write(".\r\n")
                    observed.content.append(try connection.reply())
                }
            } else {
                connection.drop()
            }
        }
        return observed
    }

    /// The replies that come, as many as commands were sent at most.
    ///
    /// - Parameter timeout: how long the first reply is waited for, and a third of it for the others.
    /// - Throws: ``CheckError/inconclusive(_:)`` when the server answers nothing at all any more.
    private static func gather(
        _ connection: CheckConnection, _ commands: [String], _ timeout: Duration
    ) throws -> [Exchange] {
        connection.write(commands.map { "\($0)\r\n" }.joined())
        var replies: [Exchange] = []
        while replies.count < commands.count {
            guard let reply = try connection.reply(within: replies.isEmpty ? timeout : timeout / 3) else { break }
            replies.append(reply)
        }
        guard replies.count < commands.count else { return replies }
        defer { connection.drop() }
        // A server that has lost commands answers another one. One that has stalled does not.
        connection.write("NOOP\r\n")
        guard try connection.reply(within: timeout / 3) != nil else {
            throw CheckError.inconclusive(
                "the server did not answer \(commands[replies.count]), one of several commands in one write")
        }
        return replies
    }

    static func judge(_ observed: Observed) -> Finding {
        let fix = "Answer each command in its turn, or do not offer PIPELINING."
        guard observed.group.count == observed.single.count else {
            return .fail(
                "\(observed.single.count) commands in one write have \(observed.group.count) replies", fix: fix,
                observed.group)
        }
        let (single, group) = (observed.single.map(\.reply.code.severity), observed.group.map(\.reply.code.severity))
        guard single == group else {
            if observed.group.contains(where: \.isTransient) {
                return .inconclusive("a reply is temporary", observed.group.filter(\.isTransient))
            }
            func list(_ exchanges: [Exchange]) -> String { exchanges.map { "\($0.code)" }.joined(separator: " ") }
            return .fail(
                "in one write \(list(observed.group)), one by one \(list(observed.single))", fix: fix,
                observed.group + observed.single)
        }
        if let last = observed.content.last, last.isSuccess {
            return .fail(
                "a message without recipients is accepted: \(last)", fix: "Refuse DATA without recipients.",
                observed.content)
        }
        return .pass(
            observed.content.isEmpty ? "replies in order; DATA was not tried" : "replies in order", observed.group)
    }
}
