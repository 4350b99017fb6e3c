/// The first word of a command, as far as this library knows it.
///
/// - SeeAlso: RFC 5321, section 4.1.1, and the RFCs of the extensions.
public enum Verb: String, Hashable, Sendable, CaseIterable {
    case helo = "HELO"
    case ehlo = "EHLO"
    case lhlo = "LHLO"
    case mail = "MAIL"
    case rcpt = "RCPT"
    case data = "DATA"
    case bdat = "BDAT"
    case rset = "RSET"
    case noop = "NOOP"
    case quit = "QUIT"
    case vrfy = "VRFY"
    case expn = "EXPN"
    case help = "HELP"
    case startTLS = "STARTTLS"
    case auth = "AUTH"
    /// Known, obsolete and never served (RFC 821; RFC 5321, appendix F).
    case turn = "TURN"
    case send = "SEND"
    case soml = "SOML"
    case saml = "SAML"
    /// Known, and served to nobody here (RFC 1985).
    case etrn = "ETRN"

    /// The verb that a word spells, case aside.
    init?(_ word: Span<UInt8>) {
        guard 4...8 ~= word.count else { return nil }
        // The verbs of a transaction come by the thousand; the rest is looked for at leisure.
        switch word.count == 4 ? Self.letters(word) : 0 {
        case 0x5243_5054: self = .rcpt
        case 0x4D41_494C: self = .mail
        case 0x4441_5441: self = .data
        case _:
            guard let verb = Self.allCases.first(where: { $0.isSpelled(word) }) else { return nil }
            self = verb
        }
    }

    /// Four letters in one integer, in upper case.
    private static func letters(_ word: Span<UInt8>) -> UInt32 {
        var letters: UInt32 = 0
        for index in 0..<4 { letters = letters << 8 | UInt32(ASCII.uppercased(word[index])) }
        return letters
    }

    private func isSpelled(_ word: Span<UInt8>) -> Bool {
        let letters = rawValue.utf8
        return letters.count == word.count && zip(letters, word.indices).allSatisfy { $0 == ASCII.uppercased(word[$1]) }
    }
}
