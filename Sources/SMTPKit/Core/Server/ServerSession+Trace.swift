/// The dialogue as people may see it.
extension ServerSession {
    /// Notes a line of the client, without what it must keep to itself.
    mutating func trace(_ line: Span<UInt8>, _ output: inout ServerOutput) {
        guard configuration.isTraced else { return }
        output.trace.append(.client(shown(line)))
    }

    private mutating func shown(_ line: Span<UInt8>) -> String {
        if activity == .authenticating { return line.count == 1 && line[0] == UInt8(ascii: "*") ? "*" : "***" }
        let verbEnd = line.endOfWord(from: 0)
        let verb = Verb(line.extracting(0..<verbEnd))
        if verb == .auth {
            mayShowUnknownLines = false
            let mechanismEnd = line.endOfWord(from: line.skippingSpaces(from: verbEnd))
            let words = String(copying: line.extracting(0..<mechanismEnd))
            return mechanismEnd < line.endWithoutTrailingSpaces ? words + " ***" : words
        }
        // A malformed AUTH may hold a password as well as one that is not.
        if verb == nil, line.hasWord("AUTH", at: line.firstLetter) {
            mayShowUnknownLines = false
            return "***"
        }
        // After a refused AUTH, a client that does not look at replies sends its password as if it were asked to.
        return verb == nil && !mayShowUnknownLines ? "***" : String(copying: line)
    }
}

extension Span<UInt8> {
    /// The index of the first byte that is a letter, or the end.
    fileprivate var firstLetter: Int {
        var index = 0
        while index < count, !ASCII.isLetter(self[index]) { index += 1 }
        return index
    }
}
