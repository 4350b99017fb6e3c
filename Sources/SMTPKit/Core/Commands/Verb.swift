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
        var letters: UInt64 = 0
        for index in word.indices { letters = letters << 8 | UInt64(ASCII.uppercased(word[index])) }
        for verb in Self.spellings where verb.letters == letters {
            self = verb.verb
            return
        }
        return nil
    }

    /// Each verb with its letters in one integer, the most frequent first.
    private static let spellings: [(letters: UInt64, verb: Verb)] = {
        let frequent: [Verb] = [.rcpt, .mail, .data, .ehlo, .quit, .rset]
        return (frequent + allCases.filter { !frequent.contains($0) }).map { verb in
            (verb.rawValue.utf8.reduce(0) { $0 << 8 | UInt64($1) }, verb)
        }
    }()
}
