/// Text with `format=flowed`, whose paragraphs were cut into lines for the way.
///
/// - SeeAlso: RFC 3676, section 4.
struct FlowedText {
    /// Whether the blank that marks a cut line was added by the cut (`DelSp=yes`).
    private let deletesBlanks: Bool
    private var output: [Substring] = []
    private var isFirst = true
    /// The depth of the quotation that the last line belongs to, if the paragraph continues on the next line.
    private var openDepth: Int?

    /// The text with each paragraph on one line. Quoted ones keep their `>`.
    static func joined(_ text: String, deletesBlanks: Bool) -> String {
        var flowed = FlowedText(deletesBlanks: deletesBlanks)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { flowed.append(line) }
        return flowed.output.joined()
    }

    private init(deletesBlanks: Bool) { self.deletesBlanks = deletesBlanks }

    private mutating func append(_ line: Substring) {
        let depth = line.prefix { $0 == ">" }.count
        var content = line.dropFirst(depth)
        // Section 4.4: a blank at the start was stuffed in.
        if content.first == " " { content.removeFirst() }
        let isSignature = content == "-- "
        if openDepth != depth || isSignature {
            if !isFirst { output.append("\n") }
            if depth > 0 { output += [line.prefix(depth), content.isEmpty ? "" : " "] }
        }
        isFirst = false
        let isFlowed = content.last == " " && !isSignature
        output.append(isFlowed && deletesBlanks ? content.dropLast() : content)
        openDepth = isFlowed ? depth : nil
    }
}
