/// A path that the grammar does not allow and Postfix takes.
///
///     C: RCPT TO:<joe@@example.org>
///     C: RCPT TO:<joe(the elder)@example.org>
///     C: RCPT TO:mailto:joe@example.org
///
/// Comments are left out, quotes and backslashes are undone, and the domain is what follows the last `@`. The local
/// part may be empty, and may have any other character but `<`, `>`, `,`, `;`, brackets and blanks.
struct LoosePath {
    let path: PathParser.Path
    /// The index after the path.
    let end: Int

    /// Reads a path.
    ///
    /// - Parameters:
    ///   - line: a command.
    ///   - start: where the path begins.
    ///   - parser: reads the domain, and knows how long the parts may be.
    /// - Returns: `nil` for a path that Postfix refuses, too.
    init?(_ line: Span<UInt8>, at start: Int, _ parser: PathParser) {
        var text = LooseText(line.extracting(start..<line.count).withUnsafeBufferPointer { Array($0) })
        guard text.readToEnd() else { return nil }
        end = start + text.index
        guard text.index <= parser.maximumPath else { return nil }
        guard let at = text.lastAt else {
            guard line[start] == UInt8(ascii: "<"), !text.content.isEmpty, text.content.count <= parser.maximumLocalPart
            else { return nil }
            path = .local(String(decoding: text.content, as: UTF8.self))
            return
        }
        var domain = Array(text.content[(at + 1)...])
        if domain.last == ASCII.dot { domain.removeLast() }
        guard at <= parser.maximumLocalPart, let read = parser.wholeDomain(domain.span) else { return nil }
        path = .mailbox(Mailbox(localPart: String(decoding: text.content[..<at], as: UTF8.self), domain: read))
    }
}

/// The text of a loose path without comments, quotes and backslashes.
private struct LooseText {
    /// The line from the path on.
    private let line: [UInt8]
    private let isBracketed: Bool
    private(set) var index: Int
    private(set) var content: [UInt8] = []
    /// The index in `content` of the last `@` that was not quoted.
    private(set) var lastAt: Int?
    /// Whether a blank follows what was read, which only an `@` or the end may follow.
    private var hasBlank = false

    init(_ line: [UInt8]) {
        self.line = line
        isBracketed = line.first == UInt8(ascii: "<")
        index = isBracketed ? 1 : 0
    }

    private func next(at index: Int) -> UInt8? { index < line.count ? line[index] : nil }

    /// Reads to the closing bracket, or, where there is none, to the next blank.
    mutating func readToEnd() -> Bool {
        while let octet = next(at: index) {
            if !isBracketed, octet == ASCII.space { return true }
            index += 1
            switch octet {
            case UInt8(ascii: ">"): return isBracketed
            case ASCII.space: hasBlank = hasBlank || !(content.isEmpty || lastAt == content.count - 1)
            case UInt8(ascii: "("): guard skipComment() else { return false }
            case UInt8(ascii: "\""): guard readQuoted() else { return false }
            case UInt8(ascii: "\\"):
                guard let escaped = next(at: index), append(escaped) else { return false }
                index += 1
            case UInt8(ascii: "@"):
                hasBlank = false
                lastAt = content.count
                content.append(octet)
            case UInt8(ascii: "["), UInt8(ascii: "]"):
                // Those of an address literal.
                guard lastAt != nil, append(octet) else { return false }
            case UInt8(ascii: "<"), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ";"): return false
            case _: guard append(octet) else { return false }
            }
        }
        return !isBracketed
    }

    private mutating func append(_ octet: UInt8) -> Bool {
        guard !hasBlank else { return false }
        content.append(octet)
        return true
    }

    /// Reads a quoted string, which is a whole word: a dot or nothing is before it.
    private mutating func readQuoted() -> Bool {
        guard content.isEmpty || content.last == ASCII.dot else { return false }
        while let octet = next(at: index) {
            index += 1
            if octet == UInt8(ascii: "\"") { return next(at: index).map { ">.@( ".utf8.contains($0) } ?? true }
            guard octet == UInt8(ascii: "\\") else {
                guard append(octet) else { return false }
                continue
            }
            guard let escaped = next(at: index), append(escaped) else { return false }
            index += 1
        }
        return false
    }

    /// Skips a comment and those in it.
    private mutating func skipComment() -> Bool {
        var depth = 1
        while depth > 0 {
            guard let octet = next(at: index) else { return false }
            index += 1
            switch octet {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "\\"): index += 1
            case _: break
            }
        }
        return true
    }
}
