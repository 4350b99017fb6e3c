/// Text cut into lines that fit into a number of columns: between words where that is possible, and without a
/// character that a terminal would act on.
package struct FoldedLines {
    /// How many columns a line may take.
    package let columns: Int
    /// The most lines that are kept.
    package let limit: Int
    /// The lines.
    package private(set) var lines: [String] = []
    /// How many lines there are beyond those that are kept.
    package private(set) var omitted = 0

    /// - Parameters:
    ///   - columns: how many columns a line may take; at least 10 are taken.
    ///   - limit: the most lines that are kept.
    package init(columns: Int, limit: Int = .max) {
        self.columns = max(10, columns)
        self.limit = limit
    }

    /// Adds a text, whose lines end in LF.
    package mutating func append(_ text: String) {
        var rest = text[...]
        while true {
            guard lines.count < limit else {
                // The rest may be long: its bytes are counted, not its characters.
                omitted += rest.utf8.count { $0 == UInt8(ascii: "\n") } + 1
                return
            }
            let end = rest.firstIndex(of: "\n")
            fold(SafeText.visible(Self.withoutTabs(rest[..<(end ?? rest.endIndex)])))
            guard let end else { return }
            rest = rest[rest.index(after: end)...]
        }
    }

    private mutating func fold(_ line: String) {
        var rest = Substring(line)
        while let end = endOfFirst(of: rest) {
            add(rest[..<end])
            rest = rest[end...].drop { $0 == " " }
            guard lines.count < limit else {
                omitted += 1
                return
            }
        }
        add(rest)
    }

    private mutating func add(_ line: Substring) {
        var line = line
        while line.last == " " { line.removeLast() }
        lines.append(String(line))
    }

    /// Returns where a line that is too long is cut: after the last blank that fits, or else at the last column.
    ///
    /// - Returns: `nil` for a line that fits.
    private func endOfFirst(of line: Substring) -> String.Index? {
        var width = 0
        var blank: String.Index?
        var index = line.startIndex
        while index < line.endIndex {
            let next = line.index(after: index)
            width += SafeText.width(String(line[index]))
            if width > columns {
                // A character wider than the line would never fit.
                return blank ?? (index == line.startIndex ? next : index)
            }
            if line[index] == " " { blank = next }
            index = next
        }
        return nil
    }

    /// The line with blanks in place of its tabs.
    private static func withoutTabs(_ line: Substring) -> String {
        guard line.utf8.contains(UInt8(ascii: "\t")) else { return String(line) }
        var column = 0
        return line.reduce(into: "") { text, character in
            let count = character == "\t" ? 8 - column % 8 : 1
            text += character == "\t" ? String(repeating: " ", count: count) : String(character)
            column += count
        }
    }

    /// A text as lines of at most so many columns, each but the first indented by `hanging`.
    ///
    /// The first `hanging` columns of the text are kept as they are.
    package static func fold(_ text: String, columns: Int, hanging: Int) -> [String] {
        guard SafeText.width(text) > columns, columns >= hanging + 10 else { return [text] }
        let head = String(text.prefix(hanging))
        var folded = FoldedLines(columns: columns - hanging)
        folded.append(String(text.dropFirst(hanging)))
        return folded.lines.enumerated().map { index, line in
            (index == 0 ? head : String(repeating: " ", count: hanging)) + line
        }
    }
}
