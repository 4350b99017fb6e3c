/// A reply of a server: a code, usually an enhanced status, and text for people.
///
///     S: 550 5.1.1 No such mailbox
///
/// A reply is also an `Error`, so that a hook can throw the reply that the client is to receive.
///
/// Text never breaks the framing: line ends within it begin a new line of the reply, other control
/// characters become `?`, and what would make a line longer than ``maximumLineLength`` is cut.
/// The class of the status always agrees with the code: where they differ, the code decides
/// (RFC 2034, section 4).
///
/// - SeeAlso: RFC 5321, section 4.2; RFC 2034, section 4.
public struct Reply: Error, Sendable {
    /// The longest reply line that is sent, in bytes with its CRLF.
    ///
    /// - SeeAlso: RFC 5321, section 4.5.3.1.5.
    public static let maximumLineLength = 512

    /// The contents of a reply, shared by its copies: the usual replies are made once and sent often.
    private final class Storage: Sendable {
        let code: ReplyCode
        let status: EnhancedStatus?
        let lines: [String]
        /// The reply as it is sent; `nil` for one that was received, which is rarely sent again.
        let octets: [UInt8]?

        init(_ code: ReplyCode, _ status: EnhancedStatus?, _ lines: [String], isReceived: Bool = false) {
            self.code = code
            self.status = status
            self.lines = lines
            octets = isReceived ? nil : ReplySerializer.octets(code: code, status: status, lines: lines)
        }
    }

    private let storage: Storage

    /// The three digits.
    public var code: ReplyCode { storage.code }
    /// The enhanced status, if the reply has one. Greetings, hello replies and 3yz have none.
    public var status: EnhancedStatus? { storage.status }
    /// The text, line by line, without code and status. At least one line, which may be empty.
    public var lines: [String] { storage.lines }
    /// Whether its text is ASCII, so that every client can read it.
    var isASCII: Bool { octets.allSatisfy { $0 < 0x80 } }
    /// The reply as it is sent, with its status on every line.
    package var octets: [UInt8] {
        storage.octets ?? ReplySerializer.octets(code: code, status: status, lines: lines)
    }

    /// Makes a reply of one or more lines; a line end in `text` begins the next line.
    public init(_ code: ReplyCode, _ status: EnhancedStatus?, _ text: String) {
        self.init(code, status, lines: [text])
    }

    /// Makes a reply of several lines.
    ///
    /// - Parameters:
    ///   - code: the three digits.
    ///   - status: the enhanced status; its class is made to agree with the code.
    ///   - lines: the text of each line; an empty array counts as one empty line.
    public init(_ code: ReplyCode, _ status: EnhancedStatus?, lines: [String]) {
        let clean = lines.flatMap(Self.cleanLines)
        storage = Storage(code, Self.agreeing(status, with: code), clean.isEmpty ? [""] : clean)
    }

    /// Makes a reply that was received; it is not made ready to be sent.
    ///
    /// A line stays one line: a control character in it, such as a lone CR or a form feed, becomes `?`.
    init(received code: ReplyCode, _ status: EnhancedStatus?, _ lines: [String]) {
        let clean = lines.map { Self.isClean($0) ? $0 : Self.cleanLine($0.unicodeScalars) }
        storage = Storage(code, Self.agreeing(status, with: code), clean.isEmpty ? [""] : clean, isReceived: true)
    }

    /// The same reply without its status, for a peer to whom ENHANCEDSTATUSCODES was not offered.
    var octetsWithoutStatus: [UInt8] { ReplySerializer.octets(code: code, status: nil, lines: lines) }

    private static func agreeing(_ status: EnhancedStatus?, with code: ReplyCode) -> EnhancedStatus? {
        switch code.severity {
        case .success: status.map { .success($0.condition) }
        case .intermediate: nil
        case .transient: status.map { .transient($0.condition) }
        case .permanent: status.map { .permanent($0.condition) }
        }
    }

    private static func cleanLines(_ text: String) -> [String] {
        if isClean(text) { return [text] }
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            cleanLine(line.unicodeScalars)
        }
    }

    /// Whether a text surely has no control character and no line end. Some characters beyond ASCII make it unsure.
    private static func isClean(_ text: String) -> Bool {
        // 0xC2 begins the control characters U+0080 to U+009F, 0xE2 the line ends U+2028 and U+2029.
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0xC2 && $0 != 0xE2 }
    }

    private static func cleanLine(_ text: some Sequence<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(text.map { isControl($0) ? "?" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
        case _: false
        }
    }
}

extension Reply: Hashable {
    public static func == (a: Reply, b: Reply) -> Bool {
        a.code == b.code && a.status == b.status && a.lines == b.lines
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(status)
        hasher.combine(lines)
    }
}

extension Reply: CustomStringConvertible {
    /// The reply in one line: code, status and text, lines joined by ` / `.
    public var description: String {
        let status = status.map { " \($0)" } ?? ""
        return "\(code)\(status) \(lines.joined(separator: " / "))"
    }
}
