/// Why a line is not a line of a reply.
///
///     catch let error where error.code == .lineTooLong { … }
public struct ReplySyntaxError: Error, Hashable, Sendable {
    /// A kind of error. Later versions may add kinds.
    public struct Code: Hashable, Sendable {
        /// The code as a word.
        public let name: String

        /// The line does not begin with three digits, 200 to 599, and a space or hyphen.
        public static let notAReply = Code(name: "not-a-reply")
        /// The reply code differs from that of the lines before (RFC 5321, section 4.2.1).
        public static let codesDiffer = Code(name: "codes-differ")
        /// The line is longer than ``ReplyParser/maximumLineLength``.
        public static let lineTooLong = Code(name: "line-too-long")
        /// The reply has more than ``ReplyParser/maximumLines`` lines.
        public static let tooManyLines = Code(name: "too-many-lines")
    }

    private enum Kind: Hashable, Sendable {
        case notAReply
        case codesDiffer(ReplyCode, ReplyCode)
        case lineTooLong
        case tooManyLines
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// The kind of error.
    public var code: Code {
        switch kind {
        case .notAReply: .notAReply
        case .codesDiffer: .codesDiffer
        case .lineTooLong: .lineTooLong
        case .tooManyLines: .tooManyLines
        }
    }

    /// An error of the kind ``Code/notAReply``.
    public static var notAReply: Self { Self(.notAReply) }
    /// An error of the kind ``Code/codesDiffer``, with the code of the lines before and that of the line.
    public static func codesDiffer(_ first: ReplyCode, _ second: ReplyCode) -> Self {
        Self(.codesDiffer(first, second))
    }
    /// An error of the kind ``Code/lineTooLong``.
    public static var lineTooLong: Self { Self(.lineTooLong) }
    /// An error of the kind ``Code/tooManyLines``.
    public static var tooManyLines: Self { Self(.tooManyLines) }
}

extension ReplySyntaxError.Code: CustomStringConvertible {
    public var description: String { name }
}

extension ReplySyntaxError: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .notAReply: "the server sent a line that is not an SMTP reply"
        case .codesDiffer(let first, let second):
            "the lines of one reply carry different codes, \(first) and \(second)"
        case .lineTooLong: "the server sent a reply line of more than \(ReplyParser.maximumLineLength) octets"
        case .tooManyLines: "the server sent a reply of more than \(ReplyParser.maximumLines) lines"
        }
    }
}

extension ReplySyntaxError {
    /// The longest part of a line that is quoted, in characters.
    private static let quotedLength = 60

    /// Returns the description, which quotes the line if it is no reply.
    ///
    /// - Parameter octets: the bytes of the reply, of whose lines the last one is at fault.
    package func description(of octets: [UInt8]) -> String {
        guard case .notAReply = kind else { return description }
        var octets = octets[...]
        while octets.last == ASCII.lineFeed || octets.last == ASCII.carriageReturn { octets.removeLast() }
        let line = octets.split(separator: ASCII.lineFeed).last ?? []
        guard !line.isEmpty else { return description }
        let text = String(decoding: line.prefix(4 * Self.quotedLength), as: UTF8.self)
        return "\(self), '\(text.prefix(Self.quotedLength))\(text.count > Self.quotedLength ? "…" : "")'"
    }
}
