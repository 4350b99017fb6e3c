/// Reads replies from the wire, line by line, within fixed bounds.
///
/// A client feeds it each line that a server sends, without the CRLF. It answers when a reply is
/// whole, and refuses what is not a reply: text without a code, lines of one reply that disagree on
/// the code, and replies of more lines or bytes than any server has reason to send.
///
///     S: 250-mx.example.org
///     S: 250-PIPELINING
///     S: 250 SIZE 52428800
///
/// - SeeAlso: RFC 5321, sections 4.2 and 4.2.1.
public struct ReplyParser: Sendable {
    /// The most lines that one reply may have.
    public static let maximumLines = 1_000
    /// The longest line that is read, in bytes without its CRLF. The RFC's limit is 510; servers
    /// that say more are understood.
    public static let maximumLineLength = 4_096

    private var code: ReplyCode?
    private var lines: [String] = []

    /// Makes a parser that waits for the first line of a reply.
    public init() {}

    /// Whether some, but not all, lines of a reply have been read.
    public var isInReply: Bool { code != nil }

    /// Reads one line.
    ///
    /// - Returns: the reply when this line ended it, else `nil`.
    /// - Throws: ``ReplySyntaxError``; the parser then waits for a new reply.
    public mutating func read(line: Span<UInt8>) throws(ReplySyntaxError) -> Reply? {
        do {
            return try append(line)
        } catch {
            self = ReplyParser()
            throw error
        }
    }

    private mutating func append(_ line: Span<UInt8>) throws(ReplySyntaxError) -> Reply? {
        guard line.count <= Self.maximumLineLength else { throw .lineTooLong }
        guard let lineCode = Self.code(of: line) else { throw .notAReply }
        if let code, code != lineCode { throw .codesDiffer(code, lineCode) }
        // RFC 5321, section 4.2: a reply may be the code alone, without the space.
        let separator = line.count > 3 ? line[3] : ASCII.space
        guard separator == ASCII.space || separator == UInt8(ascii: "-") else { throw .notAReply }
        guard lines.count < Self.maximumLines else { throw .tooManyLines }
        let text = line.count > 4 ? line.extracting(4..<line.count) : line.extracting(0..<0)
        lines.append(text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        guard separator == ASCII.space else {
            code = lineCode
            return nil
        }
        let whole = lines
        self = ReplyParser()
        return Self.reply(lineCode, whole)
    }

    private static func code(of line: Span<UInt8>) -> ReplyCode? {
        guard line.count >= 3 else { return nil }
        var value: UInt16 = 0
        for index in 0..<3 {
            guard ASCII.isDigit(line[index]) else { return nil }
            value = value * 10 + UInt16(line[index] - UInt8(ascii: "0"))
        }
        return ReplyCode(rawValue: value)
    }

    /// Takes the status off the lines when every line begins with the same one.
    private static func reply(_ code: ReplyCode, _ lines: [String]) -> Reply {
        guard let status = leadingStatus(of: lines[0]), status.class.rawValue == code.rawValue / 100,
            lines.dropFirst().allSatisfy({ leadingStatus(of: $0) == status })
        else { return Reply(received: code, nil, lines) }
        return Reply(
            received: code, status,
            lines.map { line in
                let text = line.utf8
                let end = text.firstIndex(of: ASCII.space) ?? text.endIndex
                return String(line[(text[end...].firstIndex { $0 != ASCII.space } ?? text.endIndex)...])
            })
    }

    private static func leadingStatus(of line: String) -> EnhancedStatus? {
        // A status begins with a digit; a glance at it saves the rest for most lines that have none.
        guard let first = line.utf8.first, ASCII.isDigit(first) else { return nil }
        // Not by characters: a space and a combining character after it make one.
        let end = line.utf8.firstIndex(of: ASCII.space) ?? line.endIndex
        return EnhancedStatus(line[..<end].prefix(12))
    }
}
