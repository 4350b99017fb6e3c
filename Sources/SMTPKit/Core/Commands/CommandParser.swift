/// Reads command lines.
///
/// Reading takes two steps, because whether a command may come at all is decided before its
/// arguments are looked at: ``verb(of:)`` reads the first word, ``parse(_:verb:)`` the rest.
///
/// - SeeAlso: RFC 5321, sections 2.4 and 4.1.1.
public struct CommandParser: Sendable {
    private let policy: SyntaxPolicy
    let paths: PathParser

    /// Makes a parser.
    ///
    /// - Parameters:
    ///   - policy: what to let pass that the grammar does not allow.
    ///   - limits: how long addresses may be.
    public init(policy: SyntaxPolicy = .lenient, limits: Limits = Limits()) {
        self.policy = policy
        paths = PathParser(policy: policy, limits: limits)
    }

    /// Reads a whole command line, without its CRLF.
    public func parse(_ line: Span<UInt8>) throws(SyntaxError) -> Command {
        if let plain = withPlainBlanks(line) { return try parsePlain(plain.span) }
        return try parsePlain(line)
    }

    private func parsePlain(_ line: Span<UInt8>) throws(SyntaxError) -> Command {
        let verb = try verb(of: line)
        guard let command = try parse(line, verb: verb) else { throw .unknownVerb }
        return command
    }

    /// The line as the lenient grammar reads it: without blanks before the command, and with a blank for each tab.
    ///
    /// - Returns: `nil` for a line that stays as it is.
    func withPlainBlanks(_ line: Span<UInt8>) -> [UInt8]? {
        guard policy == .lenient, let first = line.octet(at: 0) else { return nil }
        guard first == ASCII.space || line.firstIndex(of: ASCII.tab, in: 0..<line.count) != nil else { return nil }
        var octets = line.withUnsafeBufferPointer { $0.map { $0 == ASCII.tab ? ASCII.space : $0 } }
        octets.removeFirst(octets.span.skippingSpaces(from: 0))
        return octets
    }

    /// Reads the verb of a line, and refuses bytes that no command may hold.
    public func verb(of line: Span<UInt8>) throws(SyntaxError) -> Verb {
        if !line.isPrintableASCII { try checkOctets(line) }
        return try word(of: line)
    }

    /// Reads the verb of a line, whatever bytes it contains.
    func word(of line: Span<UInt8>) throws(SyntaxError) -> Verb {
        let end = line.endOfWord(from: 0)
        guard end > 0 else { throw .notACommand }
        guard let verb = Verb(line.extracting(0..<end)) else { throw .unknownVerb }
        return verb
    }

    /// Reads the arguments of a line whose verb is known.
    ///
    /// - Returns: `nil` for a verb that has no ``Command``, because it is not served.
    public func parse(_ line: Span<UInt8>, verb: Verb) throws(SyntaxError) -> Command? {
        var rawPath: String?
        return try parse(line, verb: verb, rawPath: &rawPath)
    }

    /// The same, with the path as the client wrote it, where something was left out of that.
    func parse(_ line: Span<UInt8>, verb: Verb, rawPath: inout String?) throws(SyntaxError) -> Command? {
        switch verb {
        case .helo: return .helo(try helloName(line))
        case .ehlo: return .ehlo(try helloName(line))
        case .lhlo: return .lhlo(try helloName(line))
        case .mail: return try mail(line, &rawPath)
        case .rcpt: return try rcpt(line, &rawPath)
        case .data: return try withoutArgument(line, .data)
        case .bdat: return try bdat(line)
        case .xclient: return .xclient(try xclient(line))
        case .rset: return try withoutArgument(line, .rset)
        case .quit: return try withoutArgument(line, .quit)
        case .noop: return .noop
        case .vrfy:
            let (argument, takesUTF8) = try searchArgument(line)
            return .vrfy(argument, takesUTF8: takesUTF8)
        case .expn:
            let (argument, takesUTF8) = try searchArgument(line)
            return .expn(argument, takesUTF8: takesUTF8)
        case .help: return .help(argument(line))
        case .startTLS: return try withoutArgument(line, .startTLS)
        case .auth: return try auth(line)
        case .turn, .send, .soml, .saml, .etrn: return nil
        }
    }

    // MARK: The usual case

    /// Whether ``plainMailbox(_:_:end:recentDomain:)`` may be asked: not by the strict grammar, which has more rules.
    var readsPlainPaths: Bool { policy == .lenient }

    /// The address of a `MAIL` or `RCPT` of the usual form (``PlainPath``).
    ///
    /// - Parameters:
    ///   - line: a line that begins with the verb. The text after the path is not read.
    ///   - verb: `mail` or `rcpt`.
    ///   - end: is set to the index after the path.
    ///   - recentDomain: the domain that was read last, which is not made anew where it comes again.
    /// - Returns: `nil` for a line of any other form, which ``parse(_:verb:)`` is for.
    @inline(__always)
    func plainMailbox(
        _ line: Span<UInt8>, _ verb: PathVerb, end: inout Int, recentDomain: inout String
    ) -> Mailbox? {
        line.withUnsafeBufferPointer { plainMailbox($0, verb, end: &end, recentDomain: &recentDomain) }
    }

    /// The same in a buffer, which may have more after the line.
    @inline(__always)
    func plainMailbox(
        _ octets: UnsafeBufferPointer<UInt8>, _ verb: PathVerb, end: inout Int, recentDomain: inout String
    ) -> Mailbox? {
        guard let plain = PlainPath(octets, verb, knownDomain: recentDomain, limits: paths),
            let start = octets.baseAddress
        else { return nil }
        end = plain.end
        if !plain.hasKnownDomain {
            recentDomain = String(ascii: start + plain.domainStart, plain.end &- 1 &- plain.domainStart)
        }
        return Mailbox(
            localPart: String(ascii: start + plain.localStart, plain.localEnd &- plain.localStart),
            domain: .name(recentDomain))
    }

    /// The verbs that have a path.
    enum PathVerb {
        case mail, rcpt
    }

    // MARK: Commands

    private func mail(_ line: Span<UInt8>, _ raw: inout String?) throws(SyntaxError) -> Command {
        var position = try behindKeyword("FROM:", line)
        let path = try path(line, at: &position, &raw)
        let reversePath: ReversePath
        switch path {
        case .null: reversePath = .null
        case .mailbox(let mailbox): reversePath = .mailbox(mailbox)
        // A local part alone is no `Reverse-path` (RFC 5321, section 4.1.1.2), but cron and others send it.
        case .local(let name):
            guard policy == .lenient else { throw .invalidPath }
            reversePath = .mailbox(Mailbox(localPart: name, domain: .name("")))
        }
        return .mail(reversePath, try ParameterParser.parse(line, from: position, policy: policy))
    }

    private func rcpt(_ line: Span<UInt8>, _ raw: inout String?) throws(SyntaxError) -> Command {
        var position = try behindKeyword("TO:", line)
        let path = try path(line, at: &position, &raw)
        let forwardPath: ForwardPath
        switch path {
        case .null: throw .invalidPath
        case .mailbox(let mailbox): forwardPath = .mailbox(mailbox)
        // RFC 5321, section 4.1.1.3: only the postmaster may do without a domain.
        case .local(let name):
            if name.utf8.count == 10, name.lowercased() == "postmaster" {
                forwardPath = .postmaster(name)
            } else {
                guard policy == .lenient else { throw .invalidPath }
                forwardPath = .mailbox(Mailbox(localPart: name, domain: .name("")))
            }
        }
        return .rcpt(forwardPath, try ParameterParser.parse(line, from: position, policy: policy))
    }

    /// The name after a hello. It is not verified, and a false one is no reason to refuse (RFC 5321, section 4.1.4);
    /// by the grammar it is a domain or an address literal, but many clients send other names.
    private func helloName(_ line: Span<UInt8>) throws(SyntaxError) -> String {
        guard let name = argument(line) else { throw .missingArgument }
        guard policy == .lenient || paths.isDomain(name) else { throw .invalidArgument }
        return name
    }

    /// The argument, and whether `SMTPUTF8` follows it.
    private func searchArgument(_ line: Span<UInt8>) throws(SyntaxError) -> (String, Bool) {
        guard let text = argument(line) else { throw .missingArgument }
        let keyword = " SMTPUTF8"
        guard text.utf8.count > keyword.utf8.count, text.suffix(keyword.count).uppercased() == keyword else {
            return (text, false)
        }
        return (String(text.dropLast(keyword.count)), true)
    }

    private func auth(_ line: Span<UInt8>) throws(SyntaxError) -> Command {
        let words = argument(line)?.split(separator: " ") ?? []
        guard let mechanism = words.first else { throw .missingArgument }
        guard words.count <= 2 else { throw .unexpectedArgument }
        return .auth(mechanism: String(mechanism), initialResponse: words.count == 2 ? Secret(words[1].utf8) : nil)
    }

    /// A size that does not fit an `Int` is malformed like any other.
    private func bdat(_ line: Span<UInt8>) throws(SyntaxError) -> Command {
        let words = argument(line)?.split(separator: " ") ?? []
        guard let digits = words.first else { throw .missingArgument }
        guard words.count <= 2 else { throw .unexpectedArgument }
        guard digits.utf8.allSatisfy(ASCII.isDigit), let size = Int(digits) else { throw .invalidArgument }
        guard words.count == 1 || words[1].uppercased() == "LAST" else { throw .invalidArgument }
        return .bdat(size: size, isLast: words.count == 2)
    }

    private func xclient(_ line: Span<UInt8>) throws(SyntaxError) -> [XClientAttribute] {
        guard let argument = argument(line) else { throw .missingArgument }
        var attributes: [XClientAttribute] = []
        for word in argument.split(separator: " ") { attributes.append(try XClientAttribute(word)) }
        return attributes
    }

    private func withoutArgument(_ line: Span<UInt8>, _ command: Command) throws(SyntaxError) -> Command {
        // RFC 5321, section 4.1.1: trailing white space is to be tolerated.
        let end = line.endWithoutTrailingSpaces
        guard end == command.verb.rawValue.utf8.count else { throw .unexpectedArgument }
        return command
    }

    // MARK: Pieces

    private func path(
        _ line: Span<UInt8>, at position: inout Int, _ raw: inout String?
    ) throws(SyntaxError) -> PathParser.Path {
        let start = position
        let read = try paths.parseLoosely(line, at: &position)
        if read.isAltered { raw = String(copying: line.extracting(start..<position)) }
        return read.path
    }

    /// Returns everything after the verb and its space, or `nil` when there is nothing.
    private func argument(_ line: Span<UInt8>) -> String? {
        let start = line.skippingSpaces(from: line.endOfWord(from: 0))
        let end = line.endWithoutTrailingSpaces
        guard start < end else { return nil }
        return String(copying: line.extracting(start..<end))
    }

    /// Returns the position of the path after `FROM:` or `TO:`.
    func behindKeyword(_ keyword: StaticString, _ line: Span<UInt8>) throws(SyntaxError) -> Int {
        let start = line.skippingSpaces(from: line.endOfWord(from: 0))
        guard start < line.count else { throw .missingArgument }
        guard line.hasWord(keyword, at: start) else { throw .invalidArgument }
        let end = start + keyword.utf8CodeUnitCount
        // RFC 5321, section 3.3: no space after the colon; many senders put one there.
        guard policy == .lenient else { return end }
        let path = line.skippingSpaces(from: end)
        guard path < line.count else { throw .missingArgument }
        return path
    }

    /// Refuses bytes that no command may hold.
    func checkOctets(_ line: Span<UInt8>) throws(SyntaxError) {
        var hasHighOctets = false
        for index in line.indices {
            let octet = line[index]
            if octet < 0x20 || octet == 0x7F { throw .controlCharacter }
            hasHighOctets = hasHighOctets || octet >= 0x80
        }
        guard hasHighOctets else { return }
        let isValid = line.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
        guard isValid else { throw .invalidUTF8 }
    }
}
