/// The first word of a command, as far as this library knows it.
///
/// - SeeAlso: RFC 5321, section 4.1.1, and the RFCs of the extensions.
public enum Verb: String, Hashable, Sendable, CaseIterable {
    /// Hello, without extensions (RFC 5321, section 4.1.1.1).
    case helo = "HELO"
    /// Hello, with extensions (RFC 5321, section 4.1.1.1).
    case ehlo = "EHLO"
    /// Hello in LMTP (RFC 2033, section 4.1).
    case lhlo = "LHLO"
    /// Begins a transaction with its sender (RFC 5321, section 4.1.1.2).
    case mail = "MAIL"
    /// Names a recipient (RFC 5321, section 4.1.1.3).
    case rcpt = "RCPT"
    /// Begins the content (RFC 5321, section 4.1.1.4).
    case data = "DATA"
    /// Brings a chunk of the content (RFC 3030, section 2).
    case bdat = "BDAT"
    /// Gives up the transaction (RFC 5321, section 4.1.1.5).
    case rset = "RSET"
    /// Does nothing (RFC 5321, section 4.1.1.9).
    case noop = "NOOP"
    /// Ends the session (RFC 5321, section 4.1.1.10).
    case quit = "QUIT"
    /// Asks about an address (RFC 5321, section 4.1.1.6).
    case vrfy = "VRFY"
    /// Asks for the members of a list (RFC 5321, section 4.1.1.7).
    case expn = "EXPN"
    /// Asks for help (RFC 5321, section 4.1.1.8).
    case help = "HELP"
    /// Begins TLS (RFC 3207, section 4).
    case startTLS = "STARTTLS"
    /// Proves who the client is (RFC 4954, section 4).
    case auth = "AUTH"
    /// Postfix, `XCLIENT_README`.
    case xclient = "XCLIENT"
    /// Known, obsolete and never served (RFC 821; RFC 5321, appendix F).
    case turn = "TURN"
    /// As ``turn``.
    case send = "SEND"
    /// As ``turn``.
    case soml = "SOML"
    /// As ``turn``.
    case saml = "SAML"
    /// Known, and not served here (RFC 1985).
    case etrn = "ETRN"

    /// The verb that a word spells, case aside.
    init?(_ word: Span<UInt8>) {
        guard 4...8 ~= word.count else { return nil }
        if let verb = Self.usual(word) ?? Self.ofSession(word) {
            self = verb
        } else {
            guard let verb = Self.allCases.first(where: { $0.isSpelled(word) }) else { return nil }
            self = verb
        }
    }

    /// `mail`, `rcpt` or `data`, if that is the first word of a line: the verbs of a transaction come by the thousand,
    /// and the rest is looked for at leisure.
    @inline(__always)
    static func usual(_ line: Span<UInt8>) -> Verb? {
        guard line.count == 4 || line.count > 4 && line[4] == ASCII.space else { return nil }
        // Four bytes in one word; without bit 5, each letter is in upper case, and nothing else becomes one.
        let word = line.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self)) }
        switch word & 0xDFDF_DFDF {
        case 0x5243_5054: return .rcpt
        case 0x4D41_494C: return .mail
        case 0x4441_5441: return .data
        case _: return nil
        }
    }

    /// `ehlo`, `quit`, `helo` or `lhlo`, which most sessions have, if that is the word.
    @inline(__always)
    private static func ofSession(_ word: Span<UInt8>) -> Verb? {
        guard word.count == 4 else { return nil }
        let letters = word.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self)) }
        switch letters & 0xDFDF_DFDF {
        case 0x4548_4C4F: return .ehlo
        case 0x5155_4954: return .quit
        case 0x4845_4C4F: return .helo
        case 0x4C48_4C4F: return .lhlo
        case _: return nil
        }
    }

    private func isSpelled(_ word: Span<UInt8>) -> Bool {
        let letters = rawValue.utf8
        return letters.count == word.count && zip(letters, word.indices).allSatisfy { $0 == ASCII.uppercased(word[$1]) }
    }
}
