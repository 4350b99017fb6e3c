import SMTPKit

extension Check {
    /// The list of extensions, and the codes of replies.
    static let capabilities: [Check] = [
        Check(
            "caps.sane", .protocol, "The list of extensions is well formed", rfc: ["5321 §4.1.1.1", "1870 §4"],
            run: { server in
                [server.facts.hello, server.facts.securedHello].compactMap { $0 }.filter(\.isSuccess)
            },
            judge: { (hellos: [Exchange], _) in
                guard !hellos.isEmpty else { throw CheckError.inconclusive("there is no list of extensions") }
                for hello in hellos { if let fault = CapabilityRules.fault(hello) { return fault } }
                return .pass("\(hellos[0].reply.lines.count - 1) extensions", hellos)
            })
    ]

    /// Last of all, for it looks at every reply that the other checks brought.
    static let replyCodes: [Check] = [
        Check(
            "enhanced.codes", .protocol, "Each 2yz, 4yz and 5yz reply has an enhanced status code of its class",
            rfc: ["2034 §4", "3463 §2"],
            run: { server in
                try server.require("ENHANCEDSTATUSCODES")
                return server.exchanges
            },
            judge: { (exchanges: [Exchange], _) in
                let replies = exchanges.filter(CapabilityRules.hasEnhancedCode)
                let wrong = replies.filter { !CapabilityRules.isEnhanced($0) }
                guard !replies.isEmpty else { throw CheckError.inconclusive("there was no reply that should have one") }
                guard let first = wrong.first else { return .pass("\(replies.count) replies have one") }
                return .warn(
                    "\(wrong.count) of \(replies.count) replies have none of their class, such as '\(first)' to "
                        + "'\((first.command ?? "").prefix(40))'",
                    fix: "Add the code, or do not offer ENHANCEDSTATUSCODES.", Array(wrong.prefix(10)))
            })
    ]
}

enum CapabilityRules {
    static func fault(_ hello: Exchange) -> Finding? {
        var seen: Set<String> = []
        for line in hello.reply.lines.dropFirst() {
            let words = line.split(separator: " ").map { $0.uppercased() }
            guard let keyword = words.first else {
                return .warn("a line of the list is empty", fix: "Send only lines that name an extension.", [hello])
            }
            // The old form "AUTH=LOGIN" is listed beside the new one for old clients.
            if keyword.hasPrefix("AUTH") { continue }
            if keyword.count > 2, keyword.allSatisfy({ $0 == "X" || $0 == "A" }), keyword.hasPrefix("XXX") {
                return .warn(
                    "'\(keyword)' stands in the place of an extension: a firewall changes the dialogue",
                    fix: "Switch the SMTP inspection of the firewall off.", [hello])
            }
            guard keyword.utf8.allSatisfy({ isKeyword($0) }), keyword.first != "-" else {
                return .fail(
                    "'\(line.prefix(60))' is not the keyword of an extension", fix: "Correct the line.", [hello])
            }
            guard seen.insert(keyword).inserted else {
                return .warn("\(keyword) is listed twice", fix: "List each extension once.", [hello])
            }
            if keyword == "SIZE", words.count > 1, !words[1].utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
                return .fail("SIZE has no number: '\(line.prefix(60))'", fix: "Give the limit in bytes, or 0.", [hello])
            }
        }
        return nil
    }

    private static func isKeyword(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        case _: false
        }
    }

    /// Whether a reply is one that has an enhanced status code: neither the greeting, nor that to a hello, nor 3yz.
    static func hasEnhancedCode(_ exchange: Exchange) -> Bool {
        let verb = exchange.command?.prefix { $0 != " " }.uppercased() ?? ""
        return !exchange.isIntermediate && exchange.command != nil && !["", "EHLO", "HELO", "LHLO"].contains(verb)
            && exchange.code != 421
    }

    /// Whether each line has an enhanced code of the class of the reply.
    static func isEnhanced(_ exchange: Exchange) -> Bool {
        let digit = UInt8(ascii: "0") + UInt8(exchange.code / 100)
        return DialoguePrinter.lines(exchange.octets).allSatisfy { line in
            let text = line.dropFirst(4)
            let parts = text.prefix { $0 != 32 }.split(separator: 46, omittingEmptySubsequences: false)
            return parts.count == 3 && parts[0].elementsEqual([digit])
                && parts.dropFirst().allSatisfy { 1...3 ~= $0.count && $0.allSatisfy { 0x30...0x39 ~= $0 } }
        }
    }
}
