import SMTPKit

extension Check {
    /// Extensions do what their offer promises.
    static let extensions: [Check] = [
        Check(
            "8bitmime", .protocol, "BODY=8BITMIME is accepted where it is offered", rfc: ["6152 §3"],
            run: { server in
                try server.require("8BITMIME")
                return try server.session().command("MAIL FROM:<> BODY=8BITMIME")
            },
            judge: { (mail: Exchange, _) in try ExtensionRules.judge(mail, "BODY=8BITMIME", "8BITMIME") }),
        Check(
            "smtputf8", .protocol, "Addresses in UTF-8 are accepted with SMTPUTF8, and only with it",
            rfc: ["6531 §3.2", "6531 §3.4"],
            run: { try ExtensionRules.unicode($0) }, judge: { observed, _ in try ExtensionRules.judge(observed) }),
        Check(
            "chunking", .protocol, "BDAT out of order is refused, and its bytes are consumed",
            rfc: ["3030 §2", "3030 §4.2"],
            run: { try ExtensionRules.chunks($0) }, judge: { observed, _ in try ExtensionRules.judge(observed) }),
        Check(
            "size", .protocol, "A message above the limit is refused at MAIL", rfc: ["1870 §6.1"],
            run: { server in
                try server.require("SIZE")
                guard let text = server.offered?["SIZE"]?.first, let limit = UInt64(text), limit > 0, limit < .max
                else {
                    throw CheckError.skipped("SIZE names no limit")
                }
                return (limit, try server.session().command("MAIL FROM:<> SIZE=\(limit + 1)"))
            },
            judge: { (observed: (limit: UInt64, reply: Exchange), _) in
                let reply = observed.reply
                if reply.isSuccess {
                    return .warn(
                        "a size of \(observed.limit + 1) is accepted, above the limit",
                        fix: "Refuse with 552 at MAIL, before the message is sent.", [reply])
                }
                if reply.isTransient, reply.code != 452 { return .inconclusive("MAIL is deferred: \(reply)", [reply]) }
                if reply.code == 530 { throw ServerProbe.refused(reply) }
                return .pass("\(reply)", [reply])
            }),
        Check(
            "params", .protocol, "An unknown parameter of MAIL is refused with 555", rfc: ["5321 §4.1.1.11"],
            run: { try $0.session().command("MAIL FROM:<> XPROBE=1") },
            judge: { (reply: Exchange, _) in
                if reply.code == 555 { return .pass("\(reply)", [reply]) }
                if reply.code == 530 { throw ServerProbe.refused(reply) }
                if reply.isTransient { return .inconclusive("MAIL is deferred: \(reply)", [reply]) }
                return .warn(
                    reply.isSuccess ? "it is accepted" : "it is refused with another code: \(reply)",
                    fix: "Refuse parameters that are not known with 555.", [reply])
            }),
    ]
}

enum ExtensionRules {
    /// Codes that say that a parameter or address is not understood.
    private static let syntaxCodes: Set<UInt16> = [500, 501, 502, 503, 504, 553, 555]

    static func judge(_ mail: Exchange, _ parameter: String, _ keyword: String) throws -> Finding {
        if mail.isSuccess { return .pass("accepted", [mail]) }
        guard mail.isPermanent, syntaxCodes.contains(mail.code) else { throw ServerProbe.refused(mail) }
        return .fail(
            "\(keyword) is offered, and \(parameter) is refused: \(mail)",
            fix: "Accept it, or do not offer \(keyword).", [mail])
    }

    // MARK: SMTPUTF8

    struct Unicode: Sendable {
        /// The reply with the parameter; `nil` where the extension is not offered.
        let with: Exchange?
        let without: Exchange
    }

    static func unicode(_ server: ServerProbe) throws -> Unicode {
        let domain = (try? server.domain()) ?? "example.com"
        var with: Exchange?
        if server.offered?.contains("SMTPUTF8") == true {
            with = try server.session().command("MAIL FROM:<ü@\(domain)> SMTPUTF8")
        }
        return Unicode(with: with, without: try server.session().command("MAIL FROM:<ü@\(domain)>"))
    }

    static func judge(_ observed: Unicode) throws -> Finding {
        if let with = observed.with, !with.isSuccess { return try judge(with, "an address with SMTPUTF8", "SMTPUTF8") }
        if observed.without.isSuccess {
            return .warn(
                "an address in UTF-8 is accepted without SMTPUTF8",
                fix: "Refuse it with 501 or 553: what comes next cannot be passed on.", [observed.without])
        }
        if observed.without.isTransient {
            return .inconclusive("MAIL is deferred: \(observed.without)", [observed.without])
        }
        if observed.without.code == 530 { throw ServerProbe.refused(observed.without) }
        let rest = observed.with == nil ? "; SMTPUTF8 is not offered" : ""
        return .pass("refused without SMTPUTF8\(rest)", [observed.with, observed.without])
    }

    // MARK: CHUNKING

    struct Chunks: Sendable {
        /// The reply to a chunk without a transaction, and what came after it.
        let early: Exchange
        let following: [Exchange]
        /// The reply to DATA after a chunk; `nil` where there was no recipient.
        var data: Exchange?
    }

    static func chunks(_ server: ServerProbe) throws -> Chunks {
        try server.require("CHUNKING")
        let connection = try server.session()
        // The bytes are a command, so that it shows when they are not consumed.
        connection.write("BDAT 6\r\nNOOP\r\n")
        let early = try connection.reply()
        connection.write("RSET\r\n")
        var following = [try connection.reply()]
        if let more = try connection.reply(within: .milliseconds(300)) { following.append(more) }
        if following.count > 1 || !connection.isInStep { connection.drop() }
        var observed = Chunks(early: early, following: following)
        guard let recipient = try? server.recipient() else { return observed }
        let (second, _) = try server.transaction()
        guard try second.command("RCPT TO:\(recipient)").isSuccess else { return observed }
        second.write("BDAT 6\r\nhello\n")
        guard try second.reply().isSuccess else { return observed }
        let data = try second.command("DATA")
        observed.data = data
        // A server that wants content now gets none. After RSET at this place, Exim 4.96 answers nothing any more.
        if data.isIntermediate { second.drop() } else { second.quit() }
        return observed
    }

    static func judge(_ observed: Chunks) throws -> Finding {
        let early = observed.early
        // Before authentication another program may answer, which knows no chunks.
        if early.code == 530 { throw ServerProbe.refused(early) }
        if early.isSuccess {
            return .fail("BDAT before MAIL is accepted: \(early)", fix: "Refuse it with 503.", [early])
        }
        if observed.following.count > 1 {
            return .fail(
                "the bytes of a refused chunk are taken for commands",
                fix: "Read and discard as many bytes as BDAT says.", observed.following)
        }
        if let data = observed.data, data.isIntermediate || data.isSuccess {
            return .fail("DATA after BDAT is accepted: \(data)", fix: "Refuse it with 503.", [data])
        }
        if early.isTransient { return .inconclusive("BDAT is deferred: \(early)", [early]) }
        let rest = observed.data == nil ? "; DATA after BDAT was not tried, for no recipient is accepted" : ""
        return .pass("\(early.code)\(rest)", [early, observed.data])
    }
}
