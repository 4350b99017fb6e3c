/// Finds the phrases, tags and marks of the registry in one line, in one pass.
///
/// The line is folded first: letter case, typographic quotes, runs of blanks and qmail's `_` do not matter, and the
/// code that is repeated in each line of a long reply (`550-5.7.1`) is left out. The memory is kept for the next line.
struct PhraseScanner: ~Copyable {
    /// The most bytes of a line that are looked at.
    static let limit = 1 << 16

    /// The numbers of the patterns found, each once.
    private(set) var found: [Int] = []
    /// The folded line as classes of the automaton.
    private var classes: [UInt8] = []
    /// The same line with letter case and `_` as they were.
    private var letters: [UInt8] = []
    private var stamp: UInt32 = 0
    private var patternStamps = [UInt32](repeating: 0, count: PhraseAutomaton.patternCount)
    private var slotStamps = [UInt32](repeating: 0, count: PhraseAutomaton.slotCount)
    private var slotEnds = [Int](repeating: 0, count: PhraseAutomaton.slotCount)

    /// Looks for all patterns; ``found`` has the result.
    mutating func scan(_ line: UnsafeRawBufferPointer) {
        found.removeAll(keepingCapacity: true)
        if stamp == .max { forget() }
        stamp += 1
        fold(line.prefix(Self.limit))
        // The arrays are moved out, so that the walk can read them while it changes the rest.
        let folded = classes
        classes = []
        folded.withUnsafeBufferPointer { walk($0) }
        classes = folded
    }

    private mutating func forget() {
        stamp = 0
        for index in patternStamps.indices { patternStamps[index] = 0 }
        for index in slotStamps.indices { slotStamps[index] = 0 }
    }

    // MARK: Folding

    private mutating func fold(_ line: Slice<UnsafeRawBufferPointer>) {
        classes.removeAll(keepingCapacity: true)
        letters.removeAll(keepingCapacity: true)
        classes.reserveCapacity(line.count)
        letters.reserveCapacity(line.count)
        let line = UnsafeRawBufferPointer(rebasing: line)
        var repeated: RepeatedCode?
        var previous = PhraseAutomaton.blank
        var index = 0
        while index < line.count {
            let byte = line[index]
            if previous == PhraseAutomaton.blank, byte &- UInt8(ascii: "2") < 4, let code = RepeatedCode(line, index) {
                if let first = repeated, first.isRepeated(by: code) {
                    index = code.end
                    continue
                }
                repeated = repeated ?? code
            }
            let (kind, length) = byte < 0x80 ? (UInt8(PhraseAutomaton.classes[Int(byte)]), 1) : Self.fold(line, index)
            index += length
            if kind == PhraseAutomaton.blank, previous == PhraseAutomaton.blank { continue }
            previous = kind
            classes.append(kind)
            letters.append(byte)
        }
    }

    /// The class and the length of a character beyond ASCII.
    private static func fold(_ line: UnsafeRawBufferPointer, _ index: Int) -> (UInt8, Int) {
        func like(_ byte: UInt8) -> UInt8 { UInt8(PhraseAutomaton.classes[Int(byte)]) }
        if line[index] == 0xC2, index + 1 < line.count, line[index + 1] == 0xA0 { return (PhraseAutomaton.blank, 2) }
        guard line[index] == 0xE2, index + 2 < line.count, line[index + 1] == 0x80 else { return (0, 1) }
        switch line[index + 2] {
        case 0x98, 0x99: return (like(UInt8(ascii: "'")), 3)
        case 0x9C, 0x9D, 0x9E: return (like(UInt8(ascii: "\"")), 3)
        case 0x90...0x94: return (like(UInt8(ascii: "-")), 3)
        case _: return (0, 1)
        }
    }

    // MARK: Walking the trie

    private mutating func walk(_ line: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var previous: UInt8 = 0
        while start + 1 < line.count {
            let kind = line[start]
            defer {
                previous = kind
                start += 1
            }
            if kind == PhraseAutomaton.blank || PhraseAutomaton.isWord(kind) && PhraseAutomaton.isWord(previous) {
                continue
            }
            var node = PhraseAutomaton.pairs[Int(kind) << 6 | Int(line[start + 1])]
            var end = start + 2
            while node != 0 {
                let piece = PhraseAutomaton.pieceNumbers[node]
                if piece != 0 { note(piece - 1, start, end, line) }
                guard end < line.count else { break }
                node = Self.child(of: node, Int(line[end]))
                end += 1
            }
        }
    }

    @inline(__always)
    private static func child(of node: Int, _ wanted: Int) -> Int {
        var child = PhraseAutomaton.firstChildren[node]
        let end = PhraseAutomaton.firstChildren[node + 1]
        while child < end {
            let label = PhraseAutomaton.labels[child]
            if label >= wanted { return label == wanted ? child : 0 }
            child += 1
        }
        return 0
    }

    /// Takes a piece that occurs in the line into account for every pattern that it belongs to.
    private mutating func note(_ piece: Int, _ start: Int, _ end: Int, _ line: UnsafeBufferPointer<UInt8>) {
        for use in PhraseAutomaton.useStarts[piece]..<PhraseAutomaton.useStarts[piece + 1] {
            let number = PhraseAutomaton.uses[use * 3]
            let slot = PhraseAutomaton.uses[use * 3 + 1]
            let place = PhraseAutomaton.uses[use * 3 + 2]
            guard patternStamps[number] != stamp else { continue }
            let pattern = PhraseAutomaton.Pattern(number)
            let isFirst = place & 1 != 0
            let isLast = place & 2 != 0
            if !isFirst {
                guard slotStamps[slot - 1] == stamp, follows(slotEnds[slot - 1], start, pattern) else { continue }
            }
            if !isLast {
                slotStamps[slot] = stamp
                slotEnds[slot] = end
            } else if fits(pattern, start, end, line) {
                patternStamps[number] = stamp
                found.append(number)
            }
        }
    }

    /// Whether `*` matches the gap between two pieces: inside one word for a tag.
    private func follows(_ end: Int, _ start: Int, _ pattern: PhraseAutomaton.Pattern) -> Bool {
        guard start >= end, start - end <= PhraseAutomaton.widestGap else { return false }
        return !pattern.isTag || !letters[end..<start].contains(ASCII.space)
    }

    private func fits(
        _ pattern: PhraseAutomaton.Pattern,
        _ start: Int,
        _ end: Int,
        _ line: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let next = end < line.count ? line[end] : PhraseAutomaton.blank
        if pattern.isTag {
            let rest = end < letters.count ? letters[end] : ASCII.space
            let goesOn =
                PhraseAutomaton.isWord(next) || rest == UInt8(ascii: "_")
                || pattern.isFamily && rest == UInt8(ascii: "-")
            if pattern.isFamily ? !goesOn : goesOn && pattern.endsWord { return false }
            if start > 0, letters[start - 1] == UInt8(ascii: "_"), PhraseAutomaton.isWord(line[start]) { return false }
            return !pattern.isUpperCase || !letters[start..<end].contains { $0 &- UInt8(ascii: "a") < 26 }
        }
        if pattern.kind == .host { return isHost(start, end) }
        if pattern.kind == .reason, isName(start, end) { return false }
        return !pattern.endsWord || !PhraseAutomaton.isWord(next)
    }

    /// Whether words are not text but a key (`relay=`) or part of a host name or an address (`relay.example.org`).
    private func isName(_ start: Int, _ end: Int) -> Bool {
        func byte(_ index: Int) -> UInt8 { letters.indices.contains(index) ? letters[index] : ASCII.space }
        func isWord(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) }
        switch byte(end) {
        case UInt8(ascii: "="), UInt8(ascii: "@"): return true
        case ASCII.dot where isWord(byte(end + 1)) && isWord(byte(end - 1)):
            return !letters[start..<end].contains(ASCII.dot)
        case _: break
        }
        return isWord(byte(start))
            && (byte(start - 1) == UInt8(ascii: "@") || byte(start - 1) == ASCII.dot && isWord(byte(start - 2)))
    }

    /// Whether a mark is the end of a host name: not of an address, and not of the client that sends the message.
    private func isHost(_ start: Int, _ end: Int) -> Bool {
        func byte(_ index: Int) -> UInt8 { letters.indices.contains(index) ? letters[index] : ASCII.space }
        func isName(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-") }
        if isName(byte(end)) || byte(end) == ASCII.dot && isName(byte(end + 1)) || byte(end) == UInt8(ascii: "@") {
            return false
        }
        var first = start
        if byte(start - 1) == UInt8(ascii: "-") { return false }
        while isName(byte(first - 1)) || byte(first - 1) == ASCII.dot { first -= 1 }
        if byte(first - 1) == UInt8(ascii: "@") { return false }
        return !(first >= 5 && letters[first - 5..<first].elementsEqual("from ".utf8))
    }
}

/// A code at the start of a line of a reply, `550-5.7.1 ` or `550-`.
private struct RepeatedCode {
    let reply: (UInt8, UInt8, UInt8)
    let hasStatus: Bool
    let hasHyphen: Bool
    let end: Int

    init?(_ line: UnsafeRawBufferPointer, _ start: Int) {
        guard start + 4 < line.count, ASCII.isDigit(line[start + 1]), ASCII.isDigit(line[start + 2]) else { return nil }
        hasHyphen = line[start + 3] == UInt8(ascii: "-")
        guard hasHyphen || line[start + 3] == ASCII.space else { return nil }
        reply = (line[start], line[start + 1], line[start + 2])
        var index = start + 4
        var dots = 0
        while index < line.count, ASCII.isDigit(line[index]) || line[index] == ASCII.dot {
            if line[index] == ASCII.dot { dots += 1 }
            index += 1
        }
        hasStatus = dots == 2
        end = hasStatus ? index : start + 4
    }

    func isRepeated(by other: RepeatedCode) -> Bool {
        reply == other.reply && (hasHyphen || other.hasHyphen || other.hasStatus && hasStatus)
    }
}
