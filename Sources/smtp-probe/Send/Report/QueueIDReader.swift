import SMTPKit

/// The name that a server gave to a message, read out of its final reply.
///
/// There is no standard for it; each server has its own words:
///
///     250 2.0.0 Ok: queued as 4F3A1B2C                     Postfix, smtpd-lite
///     250 OK id=1sXyZa-000000001Ab-2CdE                    Exim
///     250 2.0.0 OK  1700000000 5b1f17b1804b1-4c2si33 - gsmtp   Gmail
///     250 2.6.0 <m@x> [InternalId=42, Hostname=mx] Queued mail for delivery    Exchange
///     250 Queued! 1a2b-3c                                  Mailtrap and others
///     250 2.6.0 Message queued for delivery, id 77
enum QueueIDReader {
    /// The name, or `nil` where the words are not known.
    static func queueID(in reply: Reply) -> String? {
        guard reply.code.severity == .success else { return nil }
        return reply.lines.lazy.compactMap { queueID(in: $0) }.first
    }

    static func queueID(in text: String) -> String? {
        let words = text.split(separator: " ")
        let lower = words.map { $0.lowercased() }
        if let id = value(behind: ["queued", "as"], words, lower) { return id }
        if let word = words.first(where: { $0.lowercased().hasPrefix("id=") }) { return checked(word.dropFirst(3)) }
        if let id = value(behind: ["queued!"], words, lower) { return id }
        // "queued for delivery, id 77"
        if lower.contains(where: { $0.hasPrefix("queued") }), let id = value(behind: ["id"], words, lower) { return id }
        if let word = words.first(where: { $0.contains("InternalId=") }) {
            return checked(word.drop { $0 != "=" }.dropFirst())
        }
        if lower.last == "gsmtp", words.count >= 3 { return checked(words[words.count - 3]) }
        // Sendmail and OpenSMTPD: "x17Ab3 Message accepted for delivery".
        if lower.dropFirst().starts(with: ["message", "accepted", "for", "delivery"]) { return checked(words[0]) }
        // qmail: "ok 1700000000 qp 12345".
        if let id = value(behind: ["qp"], words, lower), lower.first == "ok" { return id }
        // Dovecot: "<ann@example.org> 8LwCGk Saved".
        if lower.last == "saved", words.count >= 2 { return checked(words[words.count - 2]) }
        // Haraka: "Message Queued (6E9A…)".
        if lower.starts(with: ["message", "queued"]), words.count == 3, words[2].hasPrefix("(") {
            return checked(words[2])
        }
        // Amazon SES: "Ok 0100018c…-000000".
        if lower.first == "ok", words.count == 2, words[1].utf8.count >= 20, words[1].contains("-") {
            return checked(words[1])
        }
        return nil
    }

    private static func value(behind names: [String], _ words: [Substring], _ lower: [String]) -> String? {
        guard words.count > names.count else { return nil }
        for start in 0..<(words.count - names.count) where lower[start...].starts(with: names) {
            return checked(words[start + names.count])
        }
        return nil
    }

    /// The name without the marks around it.
    private static func checked(_ word: Substring) -> String? {
        let marks: Set<Character> = ["(", ")", "[", "]", "<", ">", ",", ".", ";", "\""]
        var word = word.drop { marks.contains($0) }
        while let last = word.last, marks.contains(last) { word.removeLast() }
        return word.isEmpty ? nil : String(word)
    }
}
