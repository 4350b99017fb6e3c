/// Compares what a server said, line by line, with what it should have said.
package struct ReplyReader {
    /// Hands out the next line without its CRLF, or `nil` when there is none.
    package typealias LineSource = () throws -> String?

    package init() {}

    /// Takes from `source` what `expectation` is about.
    ///
    /// - Returns: what is wrong, or `nil`.
    package func mismatch(_ expectation: Transcript.Expectation, _ source: LineSource) throws -> String? {
        guard let line = try source() else { return "\(expectation) was expected, nothing came" }
        switch expectation {
        case .line(let text):
            return line == text ? nil : "\(text) was expected, \(line) came"
        case .pattern(let pattern):
            return try line.contains(Regex(pattern)) ? nil : "/\(pattern)/ was expected, \(line) came"
        case .reply(let code, let present, let absent):
            var lines = [line]
            while lines[lines.count - 1].hasPrefix("\(code)-") {
                guard let next = try source() else { return "the reply has no last line: \(lines)" }
                lines.append(next)
            }
            guard lines[lines.count - 1].hasPrefix("\(code) ") else { return "\(code) was expected, \(lines) came" }
            let texts = lines.map { $0.dropFirst(4) }
            for word in present where !texts.contains(where: { Self.begins($0, with: word) }) {
                return "\(word) is missing in \(lines)"
            }
            for word in absent where texts.contains(where: { Self.begins($0, with: word) }) {
                return "\(word) stands in \(lines)"
            }
            return nil
        }
    }

    private static func begins(_ line: Substring, with word: String) -> Bool {
        line == word || line.hasPrefix(word + " ")
    }
}
