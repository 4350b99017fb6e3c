import CommandLineSupport
import SMTPKit

/// Which addresses are let pass.
struct AddressPolicy: Sendable {
    /// Addresses that are refused, and how.
    struct Refusal: Sendable {
        let pattern: Pattern
        let reply: Reply?

        /// `REGEX` or `REGEX=REPLY`: the last `=` that is followed by a digit begins the reply.
        static func parse(_ text: String) throws -> Refusal {
            let sign = text.indices.last { index in
                text[index] == "=" && text[text.index(after: index)...].utf8.first.map { 0x30...0x39 ~= $0 } == true
            }
            guard let sign else { return Refusal(pattern: try Pattern(text), reply: nil) }
            let reply = try ReplyText.parse(text[text.index(after: sign)...], usual: "Refused")
            guard reply.code.rawValue >= 400 else {
                throw ValueError(
                    "a reply that refuses is 4yz or 5yz, not \(reply.code); in a regular expression write [=]")
            }
            return Refusal(pattern: try Pattern(String(text[..<sign])), reply: reply)
        }
    }

    /// When there are any, one of them has to match.
    let accepted: [Pattern]
    /// None of them may match.
    let refused: [Refusal]
    /// The reply to what is not accepted, or refused without a reply.
    let refusal: Reply

    /// Whether there is nothing that it refuses.
    var isEmpty: Bool { accepted.isEmpty && refused.isEmpty }

    /// Returns the verdict on an address; an empty one is that of bounces.
    func verdict(on address: String) -> Verdict {
        if let rule = refused.first(where: { $0.pattern.matches(address) }) { return .reply(rule.reply ?? refusal) }
        guard accepted.isEmpty || accepted.contains(where: { $0.matches(address) }) else { return .reply(refusal) }
        return .accept
    }
}
