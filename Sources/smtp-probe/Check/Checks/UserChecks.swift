import SMTPKit

extension Check {
    /// Users: what a server tells about them, and those that every domain has.
    static let users: [Check] = [
        look("vrfy", "VRFY", "VRFY does not confirm users who do not exist"),
        look("expn", "EXPN", "EXPN does not show lists"),
        Check(
            "postmaster", .protocol, "Mail to postmaster is accepted", rfc: ["5321 §4.5.1"],
            run: { server in
                var replies = [try UserRules.ask(server, "<postmaster>")]
                if let domain = try? server.domain() {
                    replies.append(try UserRules.ask(server, "<postmaster@\(domain)>"))
                }
                return replies
            },
            judge: { (replies: [Exchange], _) in
                let rest = replies.count == 1 ? "; the domain is not known, so only <postmaster> was tried" : ""
                if let refusal = replies.first(where: \.isPermanent) {
                    return .fail(
                        "postmaster is refused: \(refusal)\(rest)",
                        fix: "Accept <postmaster> and postmaster at each local domain.", [refusal])
                }
                if let delay = replies.first(where: \.isTransient) {
                    return .inconclusive("postmaster is deferred: \(delay)\(rest)", [delay])
                }
                return .pass("accepted\(rest)", replies)
            }),
        Check(
            "abuse", .protocol, "Mail to abuse is accepted", rfc: ["2142 §4"],
            run: { server in try UserRules.ask(server, "<abuse@\(try server.domain())>") },
            judge: { (reply: Exchange, _) in
                if reply.isPermanent {
                    return .warn("abuse is refused: \(reply)", fix: "Create a mailbox or alias abuse.", [reply])
                }
                if reply.isTransient { return .inconclusive("abuse is deferred: \(reply)", [reply]) }
                return .pass("accepted", [reply])
            }),
    ]

    private static func look(_ id: String, _ verb: String, _ title: String) -> Check {
        Check(
            id, .protocol, title, rfc: ["5321 §3.5.3", "5321 §7.3"],
            run: { server in try server.session().command("\(verb) \(RandomName.user)") },
            judge: { (reply: Exchange, _) in
                if reply.code == 250 || reply.code == 251 {
                    return .warn(
                        "\(verb) of a random user is answered \(reply)",
                        fix: "Answer 252 to VRFY, and refuse EXPN, unless the client is trusted.", [reply])
                }
                if reply.isTransient { return .inconclusive("\(verb) is deferred: \(reply)", [reply]) }
                return .pass("\(reply.code)", [reply])
            })
    }
}

private enum UserRules {
    /// Asks for a recipient in a transaction of its own.
    static func ask(_ server: ServerProbe, _ path: String) throws -> Exchange {
        let (connection, _) = try server.transaction()
        let reply = try connection.command("RCPT TO:\(path)")
        // 530 and similar codes mean that clients have to authenticate first.
        if reply.code == 530 { throw CheckError.inconclusive("the server asks for authentication first", reply) }
        if reply.isSuccess { server.note { $0.recipient = $0.recipient ?? path } }
        return reply
    }
}
