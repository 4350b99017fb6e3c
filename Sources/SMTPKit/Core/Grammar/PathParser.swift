/// Reads the paths of `MAIL` and `RCPT`.
///
/// Source routes are accepted and dropped, as RFC 5321, section 3.3 demands.
///
///     C: RCPT TO:<@relay.example,@other.example:"Joe Doe"@example.org>
///
/// - SeeAlso: RFC 5321, sections 4.1.1.2, 4.1.1.3 and 4.1.2.
struct PathParser {
    let policy: SyntaxPolicy
    let maximumLocalPart: Int
    let maximumDomain: Int
    let maximumPath: Int

    init(policy: SyntaxPolicy, limits: Limits) {
        self.policy = policy
        maximumLocalPart = policy == .strict ? min(64, limits.localPart) : limits.localPart
        maximumDomain = limits.domain
        maximumPath = policy == .strict ? min(256, limits.path) : limits.path
    }

    /// The kinds of path.
    enum Path: Equatable {
        case null
        case mailbox(Mailbox)
        /// A local part without a domain.
        case local(String)
    }

    /// Reads the path of a command that begins at `position`, and moves `position` to its end.
    ///
    /// The lenient policy also takes the paths that only Postfix takes (``LoosePath``).
    ///
    /// - Returns: as ``parse(_:at:)``; comments and quotes may be left out as well.
    func parseLoosely(
        _ line: Span<UInt8>, at position: inout Int
    ) throws(SyntaxError) -> (path: Path, isAltered: Bool) {
        guard policy == .lenient else { return try parse(line, at: &position) }
        let start = position
        do {
            let read = try parse(line, at: &position)
            if position == line.count || line[position] == ASCII.space { return read }
            guard let loose = LoosePath(line, at: start, self) else { return read }
            position = loose.end
            return (loose.path, true)
        } catch {
            guard let loose = LoosePath(line, at: start, self) else { throw error }
            position = loose.end
            return (loose.path, true)
        }
    }

    /// Reads a path that begins at `position`, and moves `position` to its end.
    ///
    /// - Returns: the path, and whether something was left out that is not part of it: blanks, a trailing dot, more
    ///   brackets than there should be, or a name before them.
    func parse(
        _ line: Span<UInt8>, at position: inout Int
    ) throws(SyntaxError) -> (path: Path, isAltered: Bool) {
        guard policy == .lenient else { return (try parseOne(line, at: &position).path, false) }
        let start = position
        if line.octet(at: start) == UInt8(ascii: "<") {
            // The usual case, and what most of the others are refused with.
            if let read = try? parseOne(line, at: &position) { return read }
            position = start
        }
        guard let bracket = innermostBracket(line, from: start), bracket > start else {
            return try parseOne(line, at: &position)
        }
        position = bracket
        return (try parseOne(line, at: &position).path, true)
    }

    private func parseOne(
        _ line: Span<UInt8>, at position: inout Int
    ) throws(SyntaxError) -> (path: Path, isAltered: Bool) {
        let start = position
        var isAltered = false
        let isBracketed = line.octet(at: position) == UInt8(ascii: "<")
        guard isBracketed || policy == .lenient else { throw .invalidPath }
        if isBracketed {
            position += 1
            skipBlanks(line, &position, &isAltered)
            if line.octet(at: position) == UInt8(ascii: ">") {
                position += 1
                return (.null, isAltered)
            }
            try skipSourceRoute(line, at: &position)
        }
        let path = try mailbox(line, at: &position, &isAltered, isBracketed)
        if isBracketed {
            skipBlanks(line, &position, &isAltered)
            guard line.octet(at: position) == UInt8(ascii: ">") else { throw .invalidPath }
            position += 1
        }
        skipBrackets(line, &position, &isAltered)
        guard position - start <= maximumPath else { throw .pathTooLong }
        return (path, isAltered)
    }

    private func mailbox(
        _ line: Span<UInt8>, at position: inout Int, _ isAltered: inout Bool, _ isBracketed: Bool
    ) throws(SyntaxError) -> Path {
        let localPart = try localPart(line, at: &position)
        let end = position
        if isBracketed { skipBlanks(line, &position, &isAltered) }
        guard line.octet(at: position) == UInt8(ascii: "@") else {
            position = end
            return .local(localPart)
        }
        position += 1
        if isBracketed { skipBlanks(line, &position, &isAltered) }
        let domain = try domain(line, at: &position)
        if policy == .lenient, line.octet(at: position) == ASCII.dot {
            position += 1
            isAltered = true
        }
        return .mailbox(Mailbox(localPart: localPart, domain: domain))
    }

    /// Reads an address without brackets that begins at `position`, and moves `position` to its end.
    func readMailbox(_ line: Span<UInt8>, at position: inout Int) throws(SyntaxError) -> Path {
        var isAltered = false
        return try mailbox(line, at: &position, &isAltered, false)
    }

    // MARK: Leniency

    /// Returns the bracket that begins the path, where another or a name precedes it: `Joe <joe@example.org>`.
    private func innermostBracket(_ line: Span<UInt8>, from start: Int) -> Int? {
        var bracket: Int?
        var isQuoted = false
        var index = start
        while let octet = line.octet(at: index) {
            switch octet {
            case UInt8(ascii: "\"") where index == start || line[index - 1] != UInt8(ascii: "\\"): isQuoted.toggle()
            case _ where isQuoted: break
            case UInt8(ascii: "<"): bracket = index
            // An address has begun, or a parameter.
            case UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: ">"): return bracket
            case _: break
            }
            index += 1
        }
        return bracket
    }

    private func skipBlanks(_ line: Span<UInt8>, _ position: inout Int, _ isAltered: inout Bool) {
        guard policy == .lenient, line.octet(at: position) == ASCII.space else { return }
        position = line.skippingSpaces(from: position)
        isAltered = true
    }

    /// Brackets that close what was opened more than once, or not at all.
    private func skipBrackets(_ line: Span<UInt8>, _ position: inout Int, _ isAltered: inout Bool) {
        while policy == .lenient, line.octet(at: position) == UInt8(ascii: ">") {
            position += 1
            isAltered = true
        }
    }

    // MARK: Parts alone

    /// Whether a text is a domain or an address literal, and nothing more.
    func isDomain(_ text: String) -> Bool {
        let octets = Array(text.utf8)
        guard octets.allSatisfy({ $0 < 0x80 }) else { return false }
        return wholeDomain(octets.span) != nil
    }

    /// The domain or address literal that all the bytes are, and nothing more.
    func wholeDomain(_ octets: Span<UInt8>) -> Domain? {
        var position = 0
        guard let domain = try? domain(octets, at: &position), position == octets.count else { return nil }
        return domain
    }

    /// Whether a text is an address, by the grammar.
    ///
    /// - SeeAlso: RFC 5321, section 4.1.2, `Mailbox`.
    static func isMailbox(_ text: String) -> Bool {
        let parser = PathParser(policy: .strict, limits: Limits())
        let octets = Array(text.utf8)
        var position = 0
        guard case .mailbox = try? parser.readMailbox(octets.span, at: &position) else { return false }
        return position == octets.count
    }

    /// `"@" Domain *("," "@" Domain) ":"`.
    private func skipSourceRoute(_ line: Span<UInt8>, at position: inout Int) throws(SyntaxError) {
        guard line.octet(at: position) == UInt8(ascii: "@") else { return }
        while true {
            guard line.octet(at: position) == UInt8(ascii: "@") else { throw .invalidPath }
            position += 1
            _ = try domain(line, at: &position)
            switch line.octet(at: position) {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: ":"):
                position += 1
                return
            case _: throw .invalidPath
            }
        }
    }

    // MARK: Local parts

    private func localPart(_ line: Span<UInt8>, at position: inout Int) throws(SyntaxError) -> String {
        if line.octet(at: position) == UInt8(ascii: "\"") { return try quotedString(line, at: &position) }
        let start = position
        position = ASCII.endOfRun(of: .dotString, in: line, from: start)
        guard position > start else { throw .invalidPath }
        guard position - start <= maximumLocalPart else { throw .pathTooLong }
        let text = line.extracting(start..<position)
        if policy == .strict {
            guard text.withUnsafeBufferPointer({ LocalPart.isDotString($0) }) else { throw .invalidPath }
        }
        return String(copying: text)
    }

    private func quotedString(_ line: Span<UInt8>, at position: inout Int) throws(SyntaxError) -> String {
        position += 1
        var content: [UInt8] = []
        while let octet = line.octet(at: position) {
            position += 1
            switch octet {
            case UInt8(ascii: "\""):
                // An empty quoted string is grammatical (`QcontentSMTP` may repeat zero times).
                return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = line.octet(at: position), 32...126 ~= escaped else { throw .invalidPath }
                position += 1
                content.append(escaped)
            case 32...126, 0x80...:
                content.append(octet)
            case _:
                throw .invalidPath
            }
            guard content.count <= maximumLocalPart else { throw .pathTooLong }
        }
        throw .invalidPath
    }

    // MARK: Domains

    private func domain(_ line: Span<UInt8>, at position: inout Int) throws(SyntaxError) -> Domain {
        if line.octet(at: position) == UInt8(ascii: "[") {
            return .literal(try AddressLiteral.parse(line, at: &position))
        }
        let start = position
        while true {
            let labelStart = position
            position = ASCII.endOfRun(of: .label, in: line, from: labelStart)
            try checkLabel(line, labelStart..<position)
            guard line.octet(at: position) == ASCII.dot else { break }
            // One that ends the name is not part of it.
            if policy == .lenient, position > start,
                ASCII.endOfRun(of: .label, in: line, from: position + 1) == position + 1,
                line.octet(at: position + 1) != ASCII.dot
            {
                break
            }
            position += 1
        }
        guard position - start <= maximumDomain else { throw .pathTooLong }
        return .name(String(copying: line.extracting(start..<position)))
    }

    /// The longest label by the grammar (RFC 1035, section 2.3.4), where it is that of a host name in ASCII.
    private static let longestLabel = 63

    /// A label is not empty and has no hyphen at its ends.
    private func checkLabel(_ line: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) {
        guard policy == .lenient || range.count <= Self.longestLabel else { throw .invalidPath }
        guard policy == .lenient || line.firstIndex(of: UInt8(ascii: "_"), in: range) == nil else { throw .invalidPath }
        guard !range.isEmpty, line[range.lowerBound] != UInt8(ascii: "-"),
            line[range.upperBound - 1] != UInt8(ascii: "-")
        else { throw .invalidPath }
    }
}
