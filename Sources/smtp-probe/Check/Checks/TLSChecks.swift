import SMTPKit
import SMTPTLS

extension Check {
    /// STARTTLS: offered, granted, and without leaks of plaintext.
    static let startTLS: [Check] = [
        Check(
            "tls.offered", .tls, "TLS is offered, and works", rfc: ["3207 §4", "8314 §3"],
            run: { $0 },
            judge: { server, role in try TLSRules.judgeOffer(server.facts, role, server.target.isImplicitTLS) }),
        Check(
            "tls.required", .tls, "Whether mail in clear is refused", rfc: ["3207 §4", "8314 §3.3"],
            roles: [.mx, .submission],
            run: { server in
                try TLSRules.requireStartTLS(server)
                let connection = try server.newSession(isSecured: false)
                defer { connection.quit() }
                return try connection.command("MAIL FROM:<>")
            },
            judge: { (mail: Exchange, role) in TLSRules.judgeClear(mail, role) }),
        Check(
            "tls.reset", .tls, "Inside TLS, STARTTLS is neither offered nor granted again", rfc: ["3207 §4.2"],
            run: { server in
                try TLSRules.requireStartTLS(server)
                let connection = try server.newSession()
                guard connection.isSecured else { throw CheckError.skipped("there is no TLS") }
                let isOffered = connection.capabilities?.contains("STARTTLS") == true
                let reply = try connection.command("STARTTLS")
                if reply.isSuccess { connection.drop() } else { connection.quit() }
                return (isOffered, reply)
            },
            judge: { (observed: (isOffered: Bool, reply: Exchange), _) in
                let (isOffered, reply) = observed
                if isOffered || reply.isSuccess {
                    return .fail(
                        isOffered
                            ? "STARTTLS is still offered inside TLS" : "a second STARTTLS is answered \(reply)",
                        fix: "Do not offer or grant STARTTLS inside TLS.", [reply])
                }
                return .pass("\(reply.code)", [reply])
            }),
        Check(
            "tls.inject-server", .tls, "Commands sent in clear behind STARTTLS are discarded",
            rfc: ["3207 §4.2", "3207 §6", "CVE-2011-0411"],
            run: { try TLSRules.injectServer($0) },
            judge: { (outcome: TLSRules.Injection, _) in
                switch outcome {
                case .executed(let reply):
                    .fail(
                        "the server executes inside TLS what came in clear: \(reply)",
                        fix: "Discard the input buffer when TLS begins; update the server.", [reply])
                case .discarded(let how): .pass(how)
                }
            }),
        Check(
            "tls.inject-client", .tls, "Nothing follows the reply to STARTTLS in clear",
            rfc: ["3207 §4.2", "CVE-2021-22947"],
            run: { server in
                if !server.facts.isInjected { try TLSRules.requireStartTLS(server) }
                return server.facts
            },
            judge: { (facts: ServerFacts, _) in
                if facts.isInjected {
                    return .fail(
                        "there was plaintext after the reply to STARTTLS: someone may be injecting replies",
                        fix: "Look at the path to the server; it must not answer before the handshake.",
                        [facts.startTLS])
                }
                guard facts.startTLS?.code == 220 else { throw CheckError.skipped("STARTTLS is not granted") }
                return .pass("none", [facts.startTLS])
            }),
    ]
}

enum TLSRules {
    /// The server's treatment of a command that was sent in clear after STARTTLS.
    enum Injection: Sendable {
        case executed(Exchange)
        case discarded(String)
    }

    /// - Throws: ``CheckError/skipped(_:)`` unless STARTTLS is offered.
    static func requireStartTLS(_ server: ServerProbe) throws {
        guard !server.target.isImplicitTLS else { throw CheckError.skipped("the connection begins with TLS") }
        guard server.facts.hello != nil else {
            throw CheckError.inconclusive(server.facts.problem ?? "the extensions are not known")
        }
        guard server.facts.capabilities?.contains("STARTTLS") == true else {
            throw CheckError.skipped("STARTTLS is not offered")
        }
    }

    static func judgeOffer(_ facts: ServerFacts, _ role: Role, _ isImplicit: Bool) throws -> Finding {
        if let tls = facts.tls, facts.tlsProblem == nil, facts.securedCapabilities != nil || isImplicit {
            return .pass("\(tls.properties.version), \(tls.properties.cipherSuite)", [facts.startTLS])
        }
        guard facts.hello != nil, !isImplicit else {
            throw CheckError.inconclusive(facts.problem ?? "the extensions are not known")
        }
        guard facts.capabilities?.contains("STARTTLS") == true else {
            if role == .local { return .info("STARTTLS is not offered", [facts.hello]) }
            return .fault(
                role == .submission, "STARTTLS is not offered", fix: "Configure a certificate, and offer STARTTLS.",
                [facts.hello])
        }
        guard let reply = facts.startTLS else {
            throw CheckError.inconclusive(facts.problem ?? "STARTTLS has no answer")
        }
        if reply.isTransient { return .inconclusive("STARTTLS is answered \(reply)", [reply]) }
        guard reply.code == 220 else {
            return .fail(
                "STARTTLS is offered and refused: \(reply)", fix: "Look for the reason in the server's log.", [reply])
        }
        guard let problem = facts.tlsProblem, !problem.contains("timed out") else {
            throw CheckError.inconclusive(facts.tlsProblem ?? facts.problem ?? "the handshake has no end")
        }
        return .fail("\(problem)", fix: "Look for the reason in the server's log.", [reply])
    }

    static func judgeClear(_ mail: Exchange, _ role: Role) -> Finding {
        if mail.isTransient { return .inconclusive("MAIL in clear is deferred: \(mail)", [mail]) }
        if mail.isSuccess {
            if role == .mx { return .pass("mail in clear is accepted, as a public server has to", [mail]) }
            return .warn(
                "mail in clear is accepted", fix: "Require TLS for submission (RFC 8314).", [mail])
        }
        let text = mail.reply.lines.joined(separator: " ").lowercased()
        let asksForTLS = mail.code == 530 && (text.contains("tls") || text.contains("ssl") || text.contains("encrypt"))
        if asksForTLS, role == .mx {
            return .warn(
                "mail in clear is refused: \(mail)",
                fix: "A public server must not require TLS (RFC 3207, section 4); use MTA-STS or DANE.", [mail])
        }
        if role == .submission { return .pass("refused: \(mail)", [mail]) }
        return .info("mail in clear is refused: \(mail)", [mail])
    }

    static func injectServer(_ server: ServerProbe) throws -> Injection {
        try requireStartTLS(server)
        guard server.facts.startTLS?.code == 220 else { throw CheckError.skipped("STARTTLS is not granted") }
        if let problem = server.facts.tlsProblem { throw CheckError.inconclusive("no handshake succeeds: \(problem)") }
        let connection = try server.greeted()
        defer { connection.quit() }
        _ = try connection.command(server.helloLine)
        connection.write("STARTTLS\r\nNOOP injected\r\n")
        do {
            let reply = try connection.reply()
            guard reply.code == 220 else { return .discarded("STARTTLS is refused with a command behind it: \(reply)") }
            try connection.awaitHandshake()
        } catch CheckError.injected {
            return .discarded("the command is answered in clear, so the connection is of no use")
        }
        guard connection.isSecured else { return .discarded("the handshake fails: the command is no TLS") }
        do {
            guard let reply = try connection.reply(within: CheckPlan.silence) else {
                return .discarded("no reply inside TLS")
            }
            return .executed(reply)
        } catch CheckError.inconclusive(let reason, nil) {
            return .discarded(reason)
        }
    }

    /// Tries a handshake on a new connection.
    ///
    /// - Returns: the report, or why it failed.
    static func handshake(_ server: ServerProbe, _ security: ClientSecurity) throws -> (
        report: TLSReport?, reason: String
    ) {
        if !server.target.isImplicitTLS { try requireStartTLS(server) }
        let connection = try server.connect(security)
        defer { connection.quit() }
        if server.target.isImplicitTLS {
            try connection.awaitHandshake()
        } else {
            let greeting = try connection.reply()
            guard greeting.code == 220 else {
                throw CheckError.inconclusive("the server does not greet with 220", greeting)
            }
            _ = try connection.command(server.helloLine)
            let reply = try connection.startTLS()
            guard reply.code == 220 else { throw CheckError.inconclusive("STARTTLS is not granted", reply) }
        }
        guard connection.isSecured else {
            if connection.failure?.code == .timedOut { throw CheckError.inconclusive("the handshake timed out") }
            return (nil, connection.failure.map { "\($0)" } ?? "the handshake failed")
        }
        return (connection.tls, "")
    }
}
