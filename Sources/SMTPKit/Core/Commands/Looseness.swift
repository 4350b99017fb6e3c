/// How a command that is accepted breaks the grammar.
///
///     C: RCPT TO:< ann@example.net. >
///     …  blanks in the angle brackets
///
/// A command that breaks several rules has the first of them, in the order of these cases.
///
/// - SeeAlso: ``SyntaxPolicy/lenient``.
public enum Looseness: Hashable, Sendable, CaseIterable {
    /// A blank before the command.
    case leadingBlank
    /// A tab in the place of a space.
    case tab
    /// Blanks in the name of a hello.
    case blankInName
    /// A name in a hello that is no domain and no address literal.
    case nameNotADomain
    /// A blank after the colon of `FROM:` or `TO:`.
    case blankAfterColon
    /// A name before the angle brackets.
    case nameBeforePath
    /// No angle brackets around the address.
    case noBrackets
    /// More angle brackets than one pair.
    case doubledBrackets
    /// A comment in the address.
    case comment
    /// Blanks in the angle brackets.
    case blankInPath
    /// An address without a domain.
    case noDomain
    /// More than one `@` in the address.
    case severalAts
    /// An address without a local part.
    case noLocalPart
    /// A dot at the end of the domain.
    case trailingDot
    /// A domain that the grammar does not allow, for instance with an underscore or a label of more than 63 bytes.
    case looseDomain
    /// Dots at the ends of the local part, or two in a row.
    case looseDots
    /// A local part with characters that need quotes.
    case unquotedLocalPart
    /// An address that is longer than RFC 5321, section 4.5.3.1 grants.
    case longPath
    /// More blanks than one between parameters.
    case looseParameters
}

extension Looseness: CustomStringConvertible {
    public var description: String {
        switch self {
        case .leadingBlank: "a blank before the command"
        case .tab: "a tab in the place of a space"
        case .blankInName: "a blank in the name"
        case .nameNotADomain: "the name is not a domain and not an address literal"
        case .blankAfterColon: "a blank after the colon"
        case .nameBeforePath: "a name before the angle brackets"
        case .noBrackets: "no angle brackets around the address"
        case .doubledBrackets: "more than one pair of angle brackets"
        case .comment: "a comment in the address"
        case .blankInPath: "a blank in the angle brackets"
        case .noDomain: "an address without a domain"
        case .severalAts: "more than one @ in the address"
        case .noLocalPart: "an address without a local part"
        case .trailingDot: "a dot at the end of the domain"
        case .looseDomain: "the domain is malformed"
        case .looseDots: "a dot at an end of the local part, or two in a row"
        case .unquotedLocalPart: "a local part that needs quotes"
        case .longPath: "a local part of more than 64 bytes, or an address of more than 256"
        case .looseParameters: "more than one blank between parameters"
        }
    }

    /// The section of RFC 5321 with the rule.
    public var section: String {
        switch self {
        case .leadingBlank, .tab: "4.1.1"
        case .blankInName, .nameNotADomain: "4.1.1.1"
        case .blankAfterColon: "3.3"
        case .nameBeforePath, .noBrackets, .doubledBrackets, .comment, .blankInPath, .noDomain, .severalAts,
            .noLocalPart, .trailingDot, .looseDomain, .looseDots, .unquotedLocalPart, .looseParameters:
            "4.1.2"
        case .longPath: "4.5.3.1"
        }
    }
}

extension Looseness {
    /// Finds the rule that a line breaks; `nil` for other commands than hellos, `MAIL` and `RCPT`.
    ///
    /// - Parameters:
    ///   - line: a command that the lenient grammar allows, and the strict one does not. Its blanks are spaces.
    ///   - verb: its verb.
    ///   - parser: the lenient parser.
    init?(of line: Span<UInt8>, _ verb: Verb, _ parser: CommandParser) {
        switch verb {
        case .helo, .ehlo, .lhlo:
            let name = line.skippingSpaces(from: line.endOfWord(from: 0))
            let hasBlank = line.endOfWord(from: name) < line.endWithoutTrailingSpaces
            self = hasBlank ? .blankInName : .nameNotADomain
        case .mail: self = Self.path(line, "FROM:", parser) ?? .looseParameters
        case .rcpt: self = Self.path(line, "TO:", parser) ?? .looseParameters
        case _: return nil
        }
    }

    private static func path(_ line: Span<UInt8>, _ keyword: StaticString, _ parser: CommandParser) -> Looseness? {
        guard let start = try? parser.behindKeyword(keyword, line) else { return nil }
        if line[start - 1] == ASCII.space { return .blankAfterColon }
        var end = start
        guard let read = try? parser.paths.parseLoosely(line, at: &end) else { return nil }
        let text = line.extracting(start..<end).withUnsafeBufferPointer { Array($0) }
        if let looseness = brackets(text) { return looseness }
        let address = text.dropFirst().dropLast()
        if hasUnquoted(UInt8(ascii: "("), address) { return .comment }
        if hasUnquoted(ASCII.space, address) { return .blankInPath }
        switch read.path {
        case .null: return nil
        case .local: return .noDomain
        case .mailbox(let mailbox): return Self.mailbox(mailbox, address)
        }
    }

    private static func brackets(_ text: [UInt8]) -> Looseness? {
        let (opening, closing) = (UInt8(ascii: "<"), UInt8(ascii: ">"))
        guard text.first == opening else { return text.contains(opening) ? .nameBeforePath : .noBrackets }
        let isDoubled = text.dropFirst().first == opening || text.dropLast().last == closing
        return isDoubled ? .doubledBrackets : nil
    }

    private static func mailbox(_ mailbox: Mailbox, _ address: ArraySlice<UInt8>) -> Looseness? {
        let strict = PathParser(policy: .strict, limits: Limits())
        if mailbox.localPart.isEmpty, address.first != UInt8(ascii: "\"") { return .noLocalPart }
        if address.last == ASCII.dot { return .trailingDot }
        if case .name(let name) = mailbox.domain, name.utf8.allSatisfy({ $0 < 0x80 }), !strict.isDomain(name) {
            return .looseDomain
        }
        if mailbox.localPart.utf8.count > strict.maximumLocalPart || address.count + 2 > strict.maximumPath {
            return .longPath
        }
        guard address.first != UInt8(ascii: "\"") else { return nil }
        if mailbox.localPart.contains("@") { return .severalAts }
        let withoutDots = mailbox.localPart.utf8.filter { $0 != ASCII.dot }
        if LocalPart.isDotString(withoutDots) {
            return LocalPart.isDotString(mailbox.localPart.utf8) ? nil : .looseDots
        }
        return .unquotedLocalPart
    }

    private static func hasUnquoted(_ octet: UInt8, _ text: ArraySlice<UInt8>) -> Bool {
        var isQuoted = false
        var isEscaped = false
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == octet, !isQuoted {
                return true
            }
        }
        return false
    }
}
