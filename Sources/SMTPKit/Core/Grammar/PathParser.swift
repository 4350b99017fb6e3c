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

    /// What a path holds.
    enum Path: Equatable {
        case null
        case mailbox(Mailbox)
        /// A local part that stands alone.
        case local(String)
    }

    /// Reads a path that begins at `position`, and moves `position` behind it.
    func parse(_ line: Span<UInt8>, at position: inout Int) throws(SyntaxError) -> Path {
        let start = position
        let isBracketed = line.octet(at: position) == UInt8(ascii: "<")
        guard isBracketed || policy == .lenient else { throw .invalidPath }
        if isBracketed {
            position += 1
            if line.octet(at: position) == UInt8(ascii: ">") {
                position += 1
                return .null
            }
            try skipSourceRoute(line, at: &position)
        }
        let localPart = try localPart(line, at: &position)
        let path: Path
        if line.octet(at: position) == UInt8(ascii: "@") {
            position += 1
            path = .mailbox(Mailbox(localPart: localPart, domain: try domain(line, at: &position)))
        } else {
            path = .local(localPart)
        }
        if isBracketed {
            guard line.octet(at: position) == UInt8(ascii: ">") else { throw .invalidPath }
            position += 1
        }
        guard position - start <= maximumPath else { throw .pathTooLong }
        return path
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
            position += 1
        }
        guard position - start <= maximumDomain else { throw .pathTooLong }
        return .name(String(copying: line.extracting(start..<position)))
    }

    /// A label is not empty and has no hyphen at its ends.
    private func checkLabel(_ line: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) {
        guard policy == .lenient || line.firstIndex(of: UInt8(ascii: "_"), in: range) == nil else { throw .invalidPath }
        guard !range.isEmpty, line[range.lowerBound] != UInt8(ascii: "-"),
            line[range.upperBound - 1] != UInt8(ascii: "-")
        else { throw .invalidPath }
    }
}
