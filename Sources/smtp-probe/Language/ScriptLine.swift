import CommandLineSupport

/// One line of the language that shell and scripts have in common.
enum ScriptLine: Equatable {
    /// Goes to the server as it is, followed by CRLF.
    case wire([UInt8])
    /// A command for the tool, with its arguments.
    case meta(MetaCommand, String)
    /// Is for the system's shell.
    case shell(String)
    /// A blank line or a comment.
    case nothing

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - isContent: whether the content of a message is due, in which nothing but the line itself counts.
    ///   - isResponse: whether a response of an authentication is due, which may be empty.
    ///   - hasComments: whether `#` begins a comment.
    /// - Throws: ``ValueError`` for a command that there is not.
    init(_ octets: [UInt8], isContent: Bool = false, isResponse: Bool = false, hasComments: Bool = false) throws {
        let first = octets.first { $0 != 9 && $0 != 0x20 }
        if !isContent, !isResponse, first == nil || hasComments && first == UInt8(ascii: "#") {
            self = .nothing
            return
        }
        guard !isContent, octets.first == UInt8(ascii: ":") else {
            self = .wire(octets)
            return
        }
        let rest = octets.dropFirst()
        if rest.first == UInt8(ascii: ":") {
            self = .wire(Array(rest))
            return
        }
        let text = String(decoding: rest, as: UTF8.self)
        if text.hasPrefix("!") {
            self = .shell(String(text.dropFirst()))
            return
        }
        let end = text.unicodeScalars.firstIndex { $0 == " " || $0 == "\t" } ?? text.endIndex
        let command = try MetaCommand.find(text[..<end])
        self = .meta(command, text[end...].trimmingBlanks)
    }

    /// Whether a line may hold a password: such a line is in no history, log or record.
    static func mayHoldSecret(_ octets: [UInt8]) -> Bool {
        let text = String(decoding: octets, as: UTF8.self).uppercased()
        guard let range = text.firstRange(of: "AUTH") else { return false }
        // A mechanism alone is no secret; the text after one may be.
        return text[range.upperBound...].split(whereSeparator: \.isWhitespace).count > 1
    }
}
