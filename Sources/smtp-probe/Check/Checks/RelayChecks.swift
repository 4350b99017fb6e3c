import SMTPKit

extension Check {
    /// Whether the server takes mail from anyone to anyone. RCPT is as far as they go.
    static let relay: [Check] = [
        Check(
            "relay.null", .relay, "Mail from the null sender to a foreign domain is refused",
            rfc: ["2505 §2.1", "5321 §7.9"],
            roles: [.mx, .submission], run: { try RelayRules.attempt($0, from: "<>", to: "<\($0.plan.outside)>") },
            judge: { attempt, _ in RelayRules.judge([attempt]) }),
        Check(
            "relay.foreign", .relay, "Mail from a foreign domain to a foreign domain is refused",
            rfc: ["2505 §2.1", "5321 §3.6", "5321 §7.9"], roles: [.mx, .submission],
            run: { try RelayRules.attempt($0, from: "<\($0.plan.outside)>", to: "<\($0.plan.outside)>") },
            judge: { attempt, _ in RelayRules.judge([attempt]) }),
        Check(
            "relay.forms", .relay, "Mail to a foreign domain is refused in each way of writing the address",
            rfc: ["2505 §2.1", "5321 §3.6"], roles: [.mx, .submission],
            run: { try RelayRules.forms($0) },
            judge: { attempts, _ in RelayRules.judge(attempts) }),
    ]
}

enum RelayRules {
    /// One envelope, and the reply that decided it.
    struct Attempt: Sendable {
        let sender: String
        let recipient: String
        /// Whether a server that takes everything for local may mean a local user.
        var isAmbiguous = false
        let reply: Exchange
        /// The reply to DATA, with `--active`. The content is never ended, so that nothing is delivered.
        var data: Exchange?

        /// Whether the server would take the message, as far as that is known.
        var isAccepted: Bool { reply.isSuccess && data?.isPermanent != true }
    }

    static func attempt(
        _ server: ServerProbe, from sender: String, to recipient: String, isAmbiguous: Bool = false
    ) throws -> Attempt {
        let connection = try server.session()
        let mail = try connection.command("MAIL FROM:\(sender)")
        guard mail.isSuccess else { return Attempt(sender: sender, recipient: recipient, reply: mail) }
        let reply = try connection.command("RCPT TO:\(recipient)")
        var attempt = Attempt(sender: sender, recipient: recipient, isAmbiguous: isAmbiguous, reply: reply)
        if reply.isSuccess, server.plan.isActive {
            attempt.data = try connection.command("DATA")
            if attempt.data?.isIntermediate == true { connection.drop() }
        }
        if reply.isSuccess, isAmbiguous { attempt.isAmbiguous = try server.isCatchAll() }
        return attempt
    }

    /// The ways that nmap's `smtp-open-relay` tries, but the two that have checks of their own.
    static func forms(_ server: ServerProbe) throws -> [Attempt] {
        let here = try server.domain()
        let address = server.facts.address.map { literal($0) } ?? "[127.0.0.1]"
        let (user, outside) = split(server.plan.outside)
        let local = "<probe@\(here)>"
        let forms: [(String, String, Bool)] = [
            (local, "<\(user)@\(outside)>", false),
            ("<probe@\(address)>", "<\(user)@\(outside)>", false),
            (local, "<\(user)%\(outside)@\(here)>", true),
            (local, "<\(user)%\(outside)@\(address)>", true),
            (local, "<\"\(user)@\(outside)\">", true),
            (local, "<\"\(user)%\(outside)\">", true),
            (local, "<\(user)@\(outside)@\(here)>", true),
            (local, "<\"\(user)@\(outside)\"@\(here)>", true),
            (local, "<\(user)@\(outside)@\(address)>", true),
            (local, "<@\(here):\(user)@\(outside)>", false),
            (local, "<@\(address):\(user)@\(outside)>", false),
            (local, "<\(outside)!\(user)>", true),
            (local, "<\(outside)!\(user)@\(address)>", true),
            (local, "<\(outside)!\(user)@\(here)>", true),
        ]
        return try forms.map { try attempt(server, from: $0.0, to: $0.1, isAmbiguous: $0.2) }
    }

    static func judge(_ attempts: [Attempt]) -> Finding {
        let accepted = attempts.filter(\.isAccepted)
        let sure = accepted.filter { !$0.isAmbiguous }
        func list(_ attempts: [Attempt]) -> String {
            attempts.map { "MAIL FROM:\($0.sender) RCPT TO:\($0.recipient)" }.joined(separator: "; ")
        }
        if !sure.isEmpty {
            return .fail(
                "probable relay, accepted at RCPT: \(list(sure))",
                fix: "Accept foreign recipients only from clients that are trusted or logged in.", sure.map(\.reply))
        }
        if !accepted.isEmpty {
            return .inconclusive(
                "accepted, as is a random local user, so it may be taken for a local one: \(list(accepted))",
                accepted.map(\.reply))
        }
        let late = attempts.compactMap { $0.reply.isSuccess ? $0.data : nil }
        if let refusal = late.first { return .pass("accepted at RCPT, and refused at DATA: \(refusal)", late) }
        let decided = attempts.filter { $0.reply.isPermanent }
        if decided.isEmpty, let first = attempts.first {
            return .inconclusive("deferred: \(first.reply)", [first.reply])
        }
        return .pass(
            decided.count == 1 ? "refused: \(decided[0].reply)" : "\(decided.count) of \(attempts.count) are refused",
            decided.map(\.reply))
    }

    /// The address of `192.0.2.1:25` or `[2001:db8::1]:25` in brackets.
    private static func literal(_ text: String) -> String {
        if text.hasPrefix("[") { return "[IPv6:\(text.dropFirst().prefix { $0 != "]" })]" }
        return "[\(text.prefix { $0 != ":" })]"
    }

    private static func split(_ address: String) -> (user: String, domain: String) {
        guard let sign = address.lastIndex(of: "@") else { return (address, "example.com") }
        return (String(address[..<sign]), String(address[address.index(after: sign)...]))
    }
}
