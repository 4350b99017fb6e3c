import SMTPKit

extension Check {
    /// Authentication: what is offered, and what happens to nonsense.
    static let authentication: [Check] = [
        Check(
            "auth.mechanisms", .auth, "The mechanisms that are offered", rfc: ["4954 §3"],
            run: { AuthenticationRules.mechanisms($0) },
            judge: { (found: AuthenticationRules.Mechanisms, role) in
                guard found.isKnown else { throw CheckError.inconclusive("the extensions are not known") }
                guard !found.clear.isEmpty || !found.secured.isEmpty else {
                    throw CheckError.skipped("AUTH is not offered")
                }
                func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: " ") }
                if !found.hasTLS { return .info("in clear: \(list(found.clear))") }
                return .info("in clear: \(list(found.clear)); inside TLS: \(list(found.secured))")
            }),
        Check(
            "auth.clear", .auth, "Passwords are not asked for in clear", rfc: ["4954 §4", "8314 §3.3"],
            roles: [.mx, .submission], run: { AuthenticationRules.mechanisms($0) },
            judge: { (found: AuthenticationRules.Mechanisms, role) in
                guard found.isKnown else { throw CheckError.inconclusive("the extensions are not known") }
                let names = found.clear.filter { $0 == "PLAIN" || $0 == "LOGIN" }
                guard names.isEmpty else {
                    return .fault(
                        role == .submission, "\(names.joined(separator: " and ")) before TLS",
                        fix: "Offer them inside TLS only.", [found.hello])
                }
                if found.clear.isEmpty, found.secured.isEmpty { throw CheckError.skipped("AUTH is not offered") }
                return .pass("neither PLAIN nor LOGIN before TLS", [found.hello])
            }),
        Check(
            "auth.unknown", .auth, "An unknown mechanism is refused with 504", rfc: ["4954 §4"],
            run: { server in
                try server.require("AUTH")
                let connection = try server.session()
                let reply = try connection.command("AUTH XPROBE")
                if reply.isIntermediate { connection.drop() }
                return reply
            },
            judge: { (reply: Exchange, _) in
                if reply.isSuccess || reply.isIntermediate {
                    return .fail(
                        "it is accepted: \(reply)", fix: "Refuse mechanisms that are not known with 504.", [reply])
                }
                if reply.isTransient { return .inconclusive("AUTH is deferred: \(reply)", [reply]) }
                return .pass("\(reply)", [reply])
            }),
        Check(
            "auth.cancel", .auth, "An exchange that the client cancels is answered 501", rfc: ["4954 §4"],
            run: { try AuthenticationRules.cancel($0) },
            judge: { (reply: Exchange, _) in
                if reply.code == 501 { return .pass("\(reply)", [reply]) }
                if reply.isSuccess {
                    return .fail("the client is logged in: \(reply)", fix: "Take '*' for a cancellation.", [reply])
                }
                if reply.isTransient { return .inconclusive("it is deferred: \(reply)", [reply]) }
                return .fail("it is answered \(reply)", fix: "Answer '*' with 501.", [reply])
            }),
        Check(
            "auth.enumeration", .auth, "Whether refusals differ between users who exist and others",
            rfc: ["4954 §4", "4954 §9"],
            run: { try AuthenticationRules.enumerate($0) }, judge: { tries, _ in try AuthenticationRules.judge(tries) }),
    ]
}

enum AuthenticationRules {
    struct Mechanisms: Sendable {
        var clear: [String] = []
        var secured: [String] = []
        var hasTLS = false
        var isKnown = false
        var hello: Exchange?
    }

    static func mechanisms(_ server: ServerProbe) -> Mechanisms {
        let facts = server.facts
        func names(_ capabilities: Capabilities?) -> [String] { (capabilities?["AUTH"] ?? []).map { $0.uppercased() } }
        return Mechanisms(
            clear: names(facts.capabilities), secured: names(facts.securedCapabilities),
            hasTLS: facts.securedCapabilities != nil, isKnown: server.knowsExtensions, hello: facts.hello)
    }

    static func cancel(_ server: ServerProbe) throws -> Exchange {
        try server.require("AUTH")
        let offered = (server.offered?["AUTH"] ?? []).map { $0.uppercased() }
        // Each of them begins with a challenge when no response comes with the command.
        guard let mechanism = ["LOGIN", "PLAIN", "CRAM-MD5"].first(where: offered.contains) else {
            throw CheckError.skipped("none of LOGIN, PLAIN and CRAM-MD5 is offered")
        }
        let connection = try server.session()
        let challenge = try connection.command("AUTH \(mechanism)")
        guard challenge.isIntermediate else {
            throw CheckError.inconclusive("AUTH \(mechanism) has no challenge", challenge)
        }
        connection.write("*\r\n")
        let reply = try connection.reply()
        if reply.isIntermediate { connection.drop() }
        return reply
    }

    /// A user, and how a wrong password was refused.
    struct Try: Sendable {
        let isKnown: Bool
        let reply: Exchange
    }

    static func enumerate(_ server: ServerProbe) throws -> [Try] {
        try server.require("AUTH")
        guard server.target.isImplicitTLS || server.facts.securedCapabilities != nil else {
            throw CheckError.skipped("there is no TLS")
        }
        guard server.offered?["AUTH"]?.contains(where: { $0.uppercased() == "PLAIN" }) == true else {
            throw CheckError.skipped("PLAIN is not offered")
        }
        let user = server.plan.recipient ?? "postmaster"
        return try [false, true, false, true, false].map { isKnown in
            let name = isKnown ? user : RandomName.user
            let response = Array("\0\(name)\0\(RandomName.user)".utf8)
            let line = "AUTH PLAIN \(String(decoding: Base64.encode(response), as: UTF8.self))"
            let connection = try server.session()
            let reply = try connection.command(line)
            if reply.isSuccess { connection.drop() }
            return Try(isKnown: isKnown, reply: reply)
        }
    }

    static func judge(_ tries: [Try]) throws -> Finding {
        if let success = tries.first(where: { $0.reply.isSuccess }) {
            return .fail(
                "a random password is accepted: \(success.reply)", fix: "See whom the server lets in.", [success.reply])
        }
        if let delay = tries.first(where: { $0.reply.isTransient }) {
            throw CheckError.inconclusive("a reply is temporary", delay.reply)
        }
        let known = tries.filter(\.isKnown), others = tries.filter { !$0.isKnown }
        let replies = tries.map(\.reply)
        guard Set(replies.map(\.code)).count == 1 else {
            return .info("the replies differ between users: \(known[0].reply); \(others[0].reply)", replies)
        }
        func mean(_ tries: [Try]) -> Int64 {
            tries.reduce(0) { $0 + $1.reply.time.milliseconds } / Int64(max(tries.count, 1))
        }
        let times = (mean(known), mean(others))
        if abs(times.0 - times.1) > max(100, min(times.0, times.1)) {
            return .info("the times differ between users: \(times.0) and \(times.1) ms", replies)
        }
        return .info("the replies are the same for all users", replies)
    }
}
