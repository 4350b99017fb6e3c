import CommandLineSupport

/// One line of the language that shell and scripts have in common.
enum ScriptLine: Equatable {
    /// Goes to the server as it is, with CRLF behind it.
    case wire([UInt8])
    /// Is for the tool, with what stands behind the command.
    case meta(MetaCommand, String)
    /// Is for the system's shell.
    case shell(String)

    /// Reads a line.
    ///
    /// - Parameter isContent: whether the content of a message is due, in which a colon means nothing.
    /// - Throws: ``ValueError`` for a command that there is not.
    init(_ octets: [UInt8], isContent: Bool = false) throws {
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
        let word = text.prefix { $0 != " " && $0 != "\t" }
        let command = try MetaCommand.find(word)
        self = .meta(command, text[word.endIndex...].trimmed)
    }

    /// Whether a line may hold a password: such a line is in no history, log or record.
    static func mayHoldSecret(_ octets: [UInt8]) -> Bool {
        let text = String(decoding: octets, as: UTF8.self).uppercased()
        guard let range = text.firstRange(of: "AUTH") else { return false }
        // A mechanism alone is no secret; what stands behind one may be.
        return text[range.upperBound...].split(whereSeparator: \.isWhitespace).count > 1
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmed: String {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
