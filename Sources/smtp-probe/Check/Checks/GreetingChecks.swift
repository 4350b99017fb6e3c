import SMTPKit

extension Check {
    /// The first words: greeting, EHLO and HELO.
    static let greeting: [Check] = [
        Check(
            "banner", .protocol, "The greeting is 220 with the server's domain, and comes soon",
            rfc: ["5321 §3.1", "5321 §4.3.1", "5321 §4.5.3.2"], run: { $0.facts },
            judge: { facts, _ in try Greeting.judgeBanner(facts) }),
        Check(
            "ehlo", .protocol, "EHLO is accepted soon", rfc: ["5321 §4.1.1.1"], run: { $0.facts },
            judge: { facts, _ in try Greeting.judgeHello(facts) }),
        Check(
            "helo", .protocol, "HELO is accepted", rfc: ["5321 §4.1.1.1"],
            run: { server in
                guard server.target.scheme != .lmtp else { throw CheckError.skipped("LMTP has no HELO") }
                let connection = try server.greeted()
                defer { connection.quit() }
                return try connection.command("HELO \(server.plan.ownName)")
            },
            judge: { (reply: Exchange, _) in
                if reply.isSuccess { return .pass("accepted", [reply]) }
                // RFC 3207, section 4: before TLS, all commands but a few may be answered 530.
                if reply.code == 530 { return .info("HELO is refused before TLS: \(reply)", [reply]) }
                if !reply.isPermanent { return .inconclusive("HELO is deferred: \(reply)", [reply]) }
                return .fail(
                    "HELO is refused: \(reply)", fix: "Accept HELO from clients that do not know EHLO.", [reply])
            }),
    ]
}

private enum Greeting {
    static let slow = Duration.seconds(5)

    static func judgeBanner(_ facts: ServerFacts) throws -> Finding {
        guard let greeting = facts.greeting else {
            throw CheckError.inconclusive(facts.problem ?? "there was no greeting")
        }
        guard greeting.code == 220 else {
            if greeting.isTransient { return .inconclusive("the server greets with \(greeting)", [greeting]) }
            return .fail(
                "the server greets with \(greeting)",
                fix: "See whether this client is blocked, or the server offers no service.", [greeting])
        }
        guard !greeting.octets.starts(with: "220\r\n".utf8) else {
            return .warn("the greeting has no text", fix: "Greet with '220 DOMAIN'.", [greeting])
        }
        let word = greeting.reply.lines[0].split(separator: " ").first.map(String.init) ?? ""
        guard facts.bannerName != nil || DomainText.isLiteral(word) else {
            return .warn(
                "the greeting does not begin with a domain: \(greeting)",
                fix: "Greet with the server's full domain name after the code.", [greeting])
        }
        return judgeTime(greeting) ?? .pass("\(word), after \(greeting.time.milliseconds) ms", [greeting])
    }

    static func judgeHello(_ facts: ServerFacts) throws -> Finding {
        guard let hello = facts.hello else {
            let refusal = facts.greeting.flatMap { $0.code == 220 ? nil : "the server greets with \($0)" }
            throw CheckError.inconclusive(refusal ?? facts.problem ?? "there was no reply")
        }
        if hello.isSuccess { return judgeTime(hello) ?? .pass("after \(hello.time.milliseconds) ms", [hello]) }
        if hello.isTransient { return .inconclusive("EHLO is deferred: \(hello)", [hello]) }
        let isHELORefused = facts.helo?.isPermanent == true
        return .fault(
            isHELORefused, isHELORefused ? "EHLO and HELO are refused: \(hello)" : "EHLO is refused: \(hello)",
            fix: "Accept EHLO; every server has to.", [hello, facts.helo])
    }

    private static func judgeTime(_ exchange: Exchange) -> Finding? {
        if exchange.time > .seconds(300) {
            return .fail(
                "it came after \(exchange.time.inSeconds); clients wait 300 s",
                fix: "Find what delays the reply, such as a look-up of the client.", [exchange])
        }
        guard exchange.time > slow else { return nil }
        return .warn(
            "it came after \(exchange.time.inSeconds)",
            fix: "Find what delays the reply, such as a look-up of the client.",
            [exchange])
    }
}
