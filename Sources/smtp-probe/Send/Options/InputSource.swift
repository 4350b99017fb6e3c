import CommandLineSupport

/// Where the text of an option comes from: the command line itself, `@FILE`, or `-` for standard input.
///
/// A text that begins with `@` is written with two of them.
enum InputSource: Hashable, Sendable {
    case literal(String)
    case file(String)

    static func parse(_ text: String) throws -> InputSource {
        if text == "-" { return .file("-") }
        guard text.hasPrefix("@") else { return .literal(text) }
        let rest = String(text.dropFirst())
        if rest.hasPrefix("@") { return .literal(rest) }
        return .file(try FileName.parse(rest))
    }

    /// The same with `\n` in a text of the command line read as a line end, as swaks does.
    var withLineEnds: InputSource {
        guard case .literal(let text) = self else { return self }
        return .literal(text.replacing("\\n", with: "\n"))
    }

    /// Whether standard input is read.
    var isStandardInput: Bool { self == .file("-") }

    /// All of it.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when it cannot be read, or is longer than `limit`.
    func read(limit: Int = 1 << 20) throws -> [UInt8] {
        switch self {
        case .literal(let text): Array(text.utf8)
        case .file(let path): try FileReader(path: path).readAll(limit: limit)
        }
    }

    /// Its lines, without their ends; empty ones are left out.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when it cannot be read, or is not UTF-8.
    func lines() throws -> [String] {
        guard case .file = self else { return [try text()] }
        return try text().unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { String($0) }
    }

    /// Returns all of it as text; the line end after the last line of a file is left out.
    func text() throws -> String {
        var octets = try read()
        if case .file = self {
            if octets.starts(with: [0xEF, 0xBB, 0xBF]) { octets.removeFirst(3) }
            if octets.last == 10 { octets.removeLast() }
            if octets.last == 13 { octets.removeLast() }
        }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw ValueError("text in UTF-8 is wanted for sender, recipients, subject and header")
        }
        return text
    }
}
