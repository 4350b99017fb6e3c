/// Finds the phrases, tags and marks of the registry in one line, in one pass.
///
/// The line is folded first: letter case, typographic quotes, runs of blanks and qmail's `_` do not matter, and the
/// code that is repeated in each line of a long reply (`550-5.7.1`) is left out. The memory is kept for the next line.
struct PhraseScanner: ~Copyable {
    /// The most bytes of a line that are looked at.
    static let limit = 1 << 16

    /// A pattern that occurs in the line.
    struct Match {
        /// The number of the pattern.
        let pattern: Int
        /// Whether the reply has it: it begins after the reply code, not in what the log says about the dialogue.
        let isInReply: Bool
    }

    /// The patterns found; one that the log and the reply have may be there twice.
    private(set) var found: [Match] = []
    /// The folded line as classes of the automaton.
    private var classes = FoldedLine()
    /// The same line with letter case and `_` as they were.
    private var letters = FoldedLine()
    /// The first code of the reply at hand.
    private var repeated: RepeatedCode?
    private var stamp: UInt32 = 0
    private var patternStamps = Numbers(PhraseAutomaton.patternCount)
    private var slotStamps = Numbers(PhraseAutomaton.slotCount)
    private var slotEnds = Numbers(PhraseAutomaton.slotCount)
    /// Where the first piece in each slot's pattern begins.
    private var slotStarts = Numbers(PhraseAutomaton.slotCount)
    /// Where the reply begins in the folded line; 0 if that is not known.
    private var replyStart = 0

    /// Looks for all patterns; ``found`` has the result.
    ///
    /// - Parameter reply: the reply code that was picked from the line.
    mutating func scan(_ line: UnsafeRawBufferPointer, _ reply: ReplyCode?) {
        found.removeAll(keepingCapacity: true)
        if stamp >= .max - 2 { forget() }
        stamp += 2
        fold(UnsafeRawBufferPointer(rebasing: line.prefix(Self.limit)))
        replyStart = reply.flatMap { letters.position(of: $0) } ?? 0
        walk(classes.bytes)
    }

    private mutating func forget() {
        stamp = 0
        patternStamps.clear()
        slotStamps.clear()
    }

    // MARK: Folding

    private mutating func fold(_ line: UnsafeRawBufferPointer) {
        classes.count = 0
        letters.count = 0
        guard let start = line.baseAddress, !line.isEmpty else { return }
        let kinds = classes.space(for: line.count)
        let bytes = letters.space(for: line.count)
        repeated = nil
        var count = 0
        var index = 0
        // Sums cannot overflow: the length of the line bounds them.
        while index < line.count {
            let byte = start.load(fromByteOffset: index, as: UInt8.self)
            var kind = PhraseAutomaton.fold(byte)
            if kind >= PhraseAutomaton.blankMark {
                let isAfterBlank = count == 0 || kinds[count &- 1] == PhraseAutomaton.blank
                if kind == PhraseAutomaton.digitMark {
                    if isAfterBlank, case let end = endOfRepeatedCode(line, index), end > index {
                        index = end
                        continue
                    }
                    kind = PhraseAutomaton.firstDigit &+ (byte & 0xF)
                } else {
                    var length = 1
                    if kind == PhraseAutomaton.blankMark {
                        kind = PhraseAutomaton.blank
                    } else {
                        (kind, length) = Self.fold(line, index)
                        index &+= length &- 1
                    }
                    if isAfterBlank, kind == PhraseAutomaton.blank {
                        index &+= 1
                        continue
                    }
                }
            }
            kinds[count] = kind
            bytes[count] = byte
            count &+= 1
            index &+= 1
        }
        classes.count = count
        letters.count = count
    }

    /// Where the line goes on after a code that an earlier line of the reply has; the index itself for anything else.
    @inline(never)
    private mutating func endOfRepeatedCode(_ line: UnsafeRawBufferPointer, _ index: Int) -> Int {
        guard let code = RepeatedCode(line, index) else { return index }
        if let first = repeated, first.isRepeated(by: code) { return code.end }
        repeated = repeated ?? code
        return index
    }

    /// The class and the length of a character beyond ASCII.
    @inline(never)
    private static func fold(_ line: UnsafeRawBufferPointer, _ index: Int) -> (UInt8, Int) {
        func like(_ byte: UInt8) -> UInt8 { PhraseAutomaton.fold(byte) }
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
        guard line.count > 1, let kinds = line.baseAddress else { return }
        let last = line.count - 1
        var start = 0
        var isAfterWord = false
        while start < last {
            let kind = kinds[start]
            let isWord = PhraseAutomaton.isWord(kind)
            let isInside = isWord && isAfterWord
            isAfterWord = isWord
            start &+= 1
            if isInside || kind == PhraseAutomaton.blank { continue }
            // The line ends in front of `last + 1`; a piece of two classes may end there.
            let third = start < last ? kinds[start &+ 1] : 0
            guard PhraseAutomaton.begins(kind, kinds[start], third) else { continue }
            var number = PhraseAutomaton.node(kind, kinds[start])
            var end = start &+ 1
            while number != 0 {
                let node = PhraseAutomaton.Node(number)
                if node.isTail {
                    if let end = node.endOfTail(in: line, from: end) { note(node.piece - 1, start - 1, end, line) }
                    break
                }
                if node.piece != 0 { note(node.piece - 1, start - 1, end, line) }
                guard end <= last else { break }
                number = node.child(kinds[end])
                end &+= 1
            }
        }
    }

    /// Takes a piece that occurs in the line into account for every pattern that it belongs to.
    private mutating func note(_ piece: Int, _ start: Int, _ end: Int, _ line: UnsafeBufferPointer<UInt8>) {
        for number in PhraseAutomaton.useStarts[piece]..<PhraseAutomaton.useStarts[piece + 1] {
            let use = PhraseAutomaton.Use(number)
            // One more than the stamp of the line: the reply itself has the pattern.
            guard patternStamps[use.pattern] <= stamp else { continue }
            var first = start
            if !use.isFirst {
                guard slotStamps[use.slot - 1] == stamp, follows(Int(slotEnds[use.slot - 1]), start, use.pattern) else {
                    continue
                }
                first = Int(slotStarts[use.slot - 1])
            }
            if !use.isLast {
                slotStamps[use.slot] = stamp
                slotEnds[use.slot] = UInt32(truncatingIfNeeded: end)
                slotStarts[use.slot] = UInt32(truncatingIfNeeded: first)
                continue
            }
            let isInReply = first >= replyStart
            guard isInReply || patternStamps[use.pattern] < stamp else { continue }
            if fits(PhraseAutomaton.Pattern(use.pattern), start, end, line) {
                patternStamps[use.pattern] = isInReply ? stamp + 1 : stamp
                found.append(Match(pattern: use.pattern, isInReply: isInReply))
            }
        }
    }

    /// Whether the gap between two pieces is one that `*` matches: inside one word for a tag.
    private func follows(_ end: Int, _ start: Int, _ pattern: Int) -> Bool {
        guard start >= end, start - end <= PhraseAutomaton.widestGap else { return false }
        return !PhraseAutomaton.Pattern(pattern).isTag || !letters.bytes[end..<start].contains(ASCII.space)
    }

    private func fits(
        _ pattern: PhraseAutomaton.Pattern,
        _ start: Int,
        _ end: Int,
        _ line: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let next = end < line.count ? line[end] : PhraseAutomaton.blank
        if pattern.isTag {
            let rest = letters.byte(end)
            let goesOn =
                PhraseAutomaton.isWord(next) || rest == UInt8(ascii: "_")
                || pattern.isFamily && rest == UInt8(ascii: "-")
            if pattern.isFamily ? !goesOn : goesOn && pattern.endsWord { return false }
            if start > 0, letters.byte(start - 1) == UInt8(ascii: "_"), PhraseAutomaton.isWord(line[start]) {
                return false
            }
            return !pattern.isUpperCase || !letters.bytes[start..<end].contains { $0 &- UInt8(ascii: "a") < 26 }
        }
        if pattern.kind == .host { return isHost(start, end) }
        if pattern.kind == .reason, isName(start, end) || pattern.isHint && !isRunningText(start, end) { return false }
        return !pattern.endsWord || !PhraseAutomaton.isWord(next)
    }

    /// Whether words are not text but a key (`relay=`) or part of a host name or an address (`relay.example.org`).
    private func isName(_ start: Int, _ end: Int) -> Bool {
        func byte(_ index: Int) -> UInt8 { letters.byte(index) }
        func isWord(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) }
        switch byte(end) {
        case UInt8(ascii: "="), UInt8(ascii: "@"): return true
        case ASCII.dot where isWord(byte(end + 1)) && isWord(byte(end - 1)):
            return !letters.bytes[start..<end].contains(ASCII.dot)
        case _: break
        }
        return isWord(byte(start))
            && (byte(start - 1) == UInt8(ascii: "@") || byte(start - 1) == ASCII.dot && isWord(byte(start - 2)))
    }

    /// Whether words are running text: after a blank, and before a blank or a mark that ends a part of a sentence.
    private func isRunningText(_ start: Int, _ end: Int) -> Bool {
        guard letters.byte(start - 1) == ASCII.space else { return false }
        switch letters.byte(end) {
        case ASCII.space: return true
        case ASCII.dot, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: ")"):
            return letters.byte(end + 1) == ASCII.space
        case _: return false
        }
    }

    /// Whether a mark is the end of a host name: not of an address, and not of the client that sends the message.
    private func isHost(_ start: Int, _ end: Int) -> Bool {
        func byte(_ index: Int) -> UInt8 { letters.byte(index) }
        func isName(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-") }
        if isName(byte(end)) || byte(end) == ASCII.dot && isName(byte(end + 1)) || byte(end) == UInt8(ascii: "@") {
            return false
        }
        var first = start
        if byte(start - 1) == UInt8(ascii: "-") { return false }
        while isName(byte(first - 1)) || byte(first - 1) == ASCII.dot { first -= 1 }
        if byte(first - 1) == UInt8(ascii: "@") { return false }
        return !(first >= 5 && letters.bytes[first - 5..<first].elementsEqual("from ".utf8))
    }
}

/// Numbers by pattern or slot, all 0 at first. The generated tables bound the indices.
private struct Numbers: ~Copyable {
    private let memory: UnsafeMutableBufferPointer<UInt32>

    init(_ count: Int) {
        memory = .allocate(capacity: count)
        memory.initialize(repeating: 0)
    }
    deinit { memory.deallocate() }

    subscript(_ index: Int) -> UInt32 {
        get { memory[index] }
        nonmutating set { memory[index] = newValue }
    }

    func clear() { memory.update(repeating: 0) }
}

/// Memory for a folded line, which grows to the longest line met.
private struct FoldedLine: ~Copyable {
    private var memory = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
    /// The number of bytes of the line at hand.
    var count = 0

    init() {}
    deinit { memory.deallocate() }

    /// The line at hand.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: memory.baseAddress, count: count) }

    /// The byte at an index; a blank before the start and after the end.
    func byte(_ index: Int) -> UInt8 { index >= 0 && index < count ? memory[index] : ASCII.space }

    /// Where a reply code is first met as a number of its own.
    func position(of reply: ReplyCode) -> Int? {
        let number = Int(reply.rawValue)
        let first = UInt8(truncatingIfNeeded: 48 + number / 100)
        let second = UInt8(truncatingIfNeeded: 48 + number / 10 % 10)
        let third = UInt8(truncatingIfNeeded: 48 + number % 10)
        var index = 0
        while index &+ 3 <= count {
            if memory[index] == first, memory[index &+ 1] == second, memory[index &+ 2] == third,
                !isWord(index &- 1), !isWord(index &+ 3)
            {
                return index
            }
            index &+= 1
        }
        return nil
    }

    /// Whether a byte makes a number beside it part of a word, a name or another number.
    private func isWord(_ index: Int) -> Bool {
        let byte = byte(index)
        return ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.dot
    }

    /// Memory for a line of so many bytes; its content is not kept.
    mutating func space(for length: Int) -> UnsafeMutableBufferPointer<UInt8> {
        if length > memory.count {
            memory.deallocate()
            memory = .allocate(capacity: max(1024, length * 2))
        }
        return memory
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
