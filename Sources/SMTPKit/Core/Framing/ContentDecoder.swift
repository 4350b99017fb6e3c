/// Reads the content of a message. After `DATA`, it finds the end and removes the stuffed dots; after `DATA` and
/// `BDAT`, it looks for bytes that are not allowed in a message.
///
/// The end is `CRLF . CRLF` and nothing else; chunks have none, and their dots are content. Bytes are passed on as they
/// arrive; the decoder keeps at most a dot and a CR back.
///
/// - SeeAlso: RFC 5321, sections 2.3.8, 4.1.1.4 and 4.5.2; RFC 3030.
struct ContentDecoder {
    /// How content is told from what follows it.
    enum Framing {
        /// `DATA`: lines, with an end.
        case dotStuffed
        /// `BDAT`: lines, whose end someone else knows.
        case chunks
        /// `BDAT` of `BODY=BINARYMIME`: after the header, any bytes.
        case binaryChunks
    }

    /// The position of the decoder in a line.
    private enum Place {
        /// After a CRLF, or at the start of the content.
        case lineStart
        /// After anything else.
        case text
        /// After a CR that may be half of a CRLF.
        case carriageReturn
        /// After a dot at the start of a line, which is kept back.
        case dot
        /// After a dot and a CR at the start of a line, both kept back.
        case dotCarriageReturn
    }

    /// The rules that the content broke. All that apply are known when the end is reached.
    struct Violations: OptionSet {
        let rawValue: UInt8
        static let bareLineFeed = Violations(rawValue: 1 << 0)
        static let bareCarriageReturn = Violations(rawValue: 1 << 1)
        static let tooLarge = Violations(rawValue: 1 << 2)
        static let lineTooLong = Violations(rawValue: 1 << 3)
        static let routingLoop = Violations(rawValue: 1 << 4)
        /// The client has its answer already.
        static let answered = Violations(rawValue: 1 << 5)
    }

    private let framing: Framing
    private let policy: BareNewlinePolicy
    private let maximumSize: Int
    private let maximumLine: Int
    private let maximumReceivedFields: Int
    private let isContentWanted: Bool

    /// How much of a line with nothing but a dot has come, where the line before ended with LF alone.
    private enum LooseEnd {
        case none, lineFeed, dot
    }

    private var place = Place.lineStart
    private var looseEnd = LooseEnd.none
    private var header = HeaderWatch()
    private var lineLength = 0
    /// How many bytes the content has had so far.
    private(set) var length = 0
    private(set) var violations: Violations = []
    /// Whether a CR or LF stood alone, whatever the policy makes of it.
    private(set) var hasBareNewlines = false
    /// The first CR or LF that stood alone, in content that has lines.
    private(set) var bareNewline: BareNewline?
    /// Whether a dot alone in a line did not end the content because a line end beside it is not CRLF.
    private(set) var hasLooseEnd = false
    /// Where in the bytes being read the content begins, if it does begin there.
    private var firstIndex: Int?

    /// - Parameter isContentWanted: whether the content is handed on; it is always counted.
    init(framing: Framing = .dotStuffed, limits: Limits, policy: BareNewlinePolicy, isContentWanted: Bool) {
        self.framing = framing
        // RFC 3030, section 3: CR and LF need not be the ends of lines there.
        self.policy = framing == .binaryChunks ? .allow : policy
        self.isContentWanted = isContentWanted
        maximumSize = limits.messageSize ?? .max
        maximumLine = framing == .binaryChunks ? .max : limits.textLine ?? .max
        maximumReceivedFields = limits.receivedFields
    }

    /// Reads on from `start`.
    ///
    /// - Returns: the index after the end of the content, or `nil` when it has not come yet, as it never does in
    ///   chunks.
    mutating func decode(_ octets: Span<UInt8>, from start: Int, into output: inout ServerOutput) -> Int? {
        octets.withUnsafeBufferPointer { decode($0, from: start, into: &output) }
    }

    /// Ends the content, as no chunk follows: a CR that was kept back for an LF is a lone CR.
    mutating func end(into output: inout ServerOutput) {
        guard place == .carriageReturn else { return }
        place = .text
        noteBareNewline(isLineFeed: false, line: nil)
        switch policy {
        case .allow: break
        case .reject: note(.bareCarriageReturn, &output)
        case .normalize: emit(ASCII.lineFeed, into: &output)
        }
    }

    private mutating func decode(
        _ octets: UnsafeBufferPointer<UInt8>, from start: Int, into output: inout ServerOutput
    ) -> Int? {
        var index = start
        firstIndex = length == 0 && place == .lineStart ? start : nil
        // What lies between here and `index` is content that has not been handed on yet.
        var run = start
        let lastBlock = octets.count - ContentScanner.reach
        if framing == .binaryChunks, !header.isInHeader { index = octets.count }
        while index < octets.count {
            if !header.isInHeader, canSkip {
                if readText(octets, &run, &index, lastBlock, &output) { return index }
            } else if canSkip, index <= lastBlock, octets[index] != ASCII.lineFeed {
                let quiet = ContentScanner.quietLength(in: octets, from: index, inHeader: header.isInHeader)
                if quiet > 0 {
                    index += quiet
                    passed(octets[index - 1], &output)
                }
            }
            // In the rest of a line, and where there is not enough for a block, only its end is of interest.
            if canSkip {
                index = ContentScanner.endOfText(in: octets, from: index)
                if header.isInHeader, index &+ 5 <= octets.count, octets[index] == ASCII.carriageReturn,
                    octets[index &+ 1] == ASCII.lineFeed
                {
                    if passLineEnd(octets, &run, &index, &output) { return index }
                    if canSkip { continue }
                }
            }
            if place == .lineStart, header.isInHeader, index < octets.count {
                passName(octets, &index, &output)
                if canSkip { continue }
            }
            // Byte by byte until the middle of a line, then the rest of it is passed over again.
            while index < octets.count {
                let octet = octets[index]
                switch place {
                case .lineStart where octet == ASCII.dot && framing == .dotStuffed:
                    emit(octets, run..<index, into: &output)
                    place = .dot
                    run = index + 1
                case .dot where octet == ASCII.carriageReturn:
                    place = .dotCarriageReturn
                    run = index + 1
                case .dotCarriageReturn where octet == ASCII.lineFeed:
                    return index + 1
                case .dotCarriageReturn:
                    // The CR belongs to the content after all, as a lone CR.
                    emit(ASCII.carriageReturn, into: &output)
                    bareNewline(.bareCarriageReturn, missing: ASCII.lineFeed, octets, &run, index, &output)
                    read(octet, octets, &run, index, &output)
                case .carriageReturn where octet == ASCII.lineFeed:
                    endOfLine(&output)
                case .carriageReturn:
                    looseEnd = .none
                    bareNewline(.bareCarriageReturn, missing: ASCII.lineFeed, octets, &run, index, &output)
                    read(octet, octets, &run, index, &output)
                case .lineStart, .text, .dot:
                    read(octet, octets, &run, index, &output)
                }
                index += 1
                if canSkip { break }
            }
        }
        emit(octets, run..<index, into: &output)
        return nil
    }

    /// Reads the text after the header from the middle of a line on, up to the first byte that has to be looked at by
    /// itself: the end of a line of another kind than CRLF, the last bytes of the input.
    ///
    /// - Returns: whether the content ends here.
    @inline(__always)
    private mutating func readText(
        _ octets: UnsafeBufferPointer<UInt8>, _ run: inout Int, _ index: inout Int, _ lastBlock: Int,
        _ output: inout ServerOutput
    ) -> Bool {
        let isStuffed = framing == .dotStuffed
        let last = octets.count &- 5
        while true {
            if index <= lastBlock, octets[index] != ASCII.lineFeed {
                let quiet = ContentScanner.quietLength(in: octets, from: index, inHeader: false)
                index &+= quiet
                if quiet > 0, octets[index &- 1] <= ASCII.carriageReturn {
                    passed(octets[index &- 1], &output)
                    return false
                }
            }
            index = ContentScanner.endOfText(in: octets, from: index)
            guard index <= last, octets[index] == ASCII.carriageReturn, octets[index &+ 1] == ASCII.lineFeed
            else { return false }
            index &+= 2
            if isStuffed, octets[index] == ASCII.dot {
                emit(octets, run..<index, into: &output)
                index &+= 1
                run = index
                if octets[index] == ASCII.carriageReturn, octets[index &+ 1] == ASCII.lineFeed {
                    index &+= 2
                    return true
                }
                if octets[index] <= ASCII.carriageReturn {
                    place = .dot
                    return false
                }
            } else if octets[index] <= ASCII.carriageReturn {
                place = .lineStart
                return false
            }
            index &+= 1
        }
    }

    /// Passes a CRLF in the header that is followed by three bytes or more, and what begins the next line: the same as
    /// byte by byte, for the lines at which no block can be passed over.
    ///
    /// - Returns: whether the content ends here.
    @inline(__always)
    private mutating func passLineEnd(
        _ octets: UnsafeBufferPointer<UInt8>, _ run: inout Int, _ index: inout Int, _ output: inout ServerOutput
    ) -> Bool {
        place = .lineStart
        header.endOfLine()
        index &+= 2
        if octets[index] == ASCII.dot, framing == .dotStuffed {
            emit(octets, run..<index, into: &output)
            index &+= 1
            run = index
            place = .dot
            guard octets[index] != ASCII.carriageReturn || octets[index &+ 1] != ASCII.lineFeed else {
                index &+= 2
                return true
            }
        }
        if header.isInHeader, octets[index] == ASCII.carriageReturn, octets[index &+ 1] == ASCII.lineFeed {
            // The empty line after the header.
            header.endOfLine()
            index &+= 2
            place = .lineStart
            if index == octets.count || octets[index] == ASCII.dot { return false }
        }
        if !header.isInHeader { passText(octets, &index) }
        return false
    }

    /// Passes the first byte of a line, unless it may be part of a line end.
    @inline(__always)
    private mutating func passText(_ octets: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
        guard octets[index] > ASCII.carriageReturn else { return }
        place = .text
        index &+= 1
    }

    /// Passes the beginning of a line of the header: the name of a field that is counted, or the first byte of any
    /// other. What else a line may begin with is left to be read byte by byte.
    private mutating func passName(
        _ octets: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ output: inout ServerOutput
    ) {
        guard maximumLine == .max, octets[index] != ASCII.dot else { return }
        let length = header.readName(octets, from: index)
        if length > 0 {
            index &+= length
            place = .text
            if header.receivedFields > maximumReceivedFields { note(.routingLoop, &output) }
        } else if header.skipsLine(beginningWith: octets[index]) {
            passText(octets, &index)
        }
    }

    /// Whether whole blocks may be passed over: in the middle of a line of which nothing is wanted.
    private var canSkip: Bool { place == .text && looseEnd == .none && header.isQuiet && maximumLine == .max }

    // MARK: Bytes

    /// One byte that is no part of a CRLF, of a stuffed dot or of the end.
    private mutating func read(
        _ octet: UInt8, _ octets: UnsafeBufferPointer<UInt8>, _ run: inout Int, _ index: Int,
        _ output: inout ServerOutput
    ) {
        if header.isInHeader {
            if octet == ASCII.lineFeed, policy == .normalize {
                header.endOfLine()
            } else if header.read(octet), header.receivedFields > maximumReceivedFields {
                note(.routingLoop, &output)
            }
        }
        lineLength += 1
        if lineLength > maximumLine { note(.lineTooLong, &output) }
        switch octet {
        case ASCII.carriageReturn:
            place = .carriageReturn
        case ASCII.lineFeed:
            if looseEnd == .dot || place == .dot { hasLooseEnd = hasLooseEnd || framing == .dotStuffed }
            place = .text
            looseEnd = .lineFeed
            lineLength = 0
            bareNewline(.bareLineFeed, missing: ASCII.carriageReturn, octets, &run, index, &output)
        case _:
            place = .text
            if looseEnd == .dot, octet == ASCII.dot, policy == .normalize, framing == .dotStuffed {
                // Some clients stuff the dots of lines that end with LF alone, others do not: of two dots one is
                // stuffed, a single one is not.
                emit(octets, run..<index, into: &output)
                run = index + 1
            }
            looseEnd = looseEnd == .lineFeed && octet == ASCII.dot ? .dot : .none
        }
    }

    /// Blocks up to and with `octet` were passed over.
    private mutating func passed(_ octet: UInt8, _ output: inout ServerOutput) {
        switch octet {
        case ASCII.carriageReturn: place = .carriageReturn
        case ASCII.lineFeed: endOfLine(&output)
        case _: place = .text
        }
    }

    private mutating func endOfLine(_ output: inout ServerOutput) {
        place = .lineStart
        if looseEnd == .dot, framing == .dotStuffed { hasLooseEnd = true }
        looseEnd = .none
        lineLength += 1
        if lineLength > maximumLine { note(.lineTooLong, &output) }
        lineLength = 0
        header.endOfLine()
    }

    // MARK: Bare newlines

    /// Half a line end was found: `missing`, its other half, belongs at `index`.
    private mutating func bareNewline(
        _ violation: Violations, missing: UInt8, _ octets: UnsafeBufferPointer<UInt8>, _ run: inout Int,
        _ index: Int, _ output: inout ServerOutput
    ) {
        noteBareNewline(
            isLineFeed: violation == .bareLineFeed,
            line: bareNewline == nil ? lineNumber(octets, index, run, output) : nil)
        switch policy {
        case .allow: break
        case .reject: note(violation, &output)
        case .normalize:
            emit(octets, run..<index, into: &output)
            run = index
            emit(missing, into: &output)
        }
    }

    private mutating func noteBareNewline(isLineFeed: Bool, line: Int?) {
        hasBareNewlines = true
        guard bareNewline == nil, framing != .binaryChunks else { return }
        bareNewline = BareNewline(line: line, isLineFeed: isLineFeed)
    }

    /// The number of the line with the byte at `index`. Lines are not counted as they pass, which would cost every
    /// message something; they are counted when there is a reason to, if what came before is still there.
    private func lineNumber(
        _ octets: UnsafeBufferPointer<UInt8>, _ index: Int, _ run: Int, _ output: ServerOutput
    ) -> Int? {
        func count(_ text: some Sequence<UInt8>) -> Int { text.reduce(1) { $0 + ($1 == ASCII.lineFeed ? 1 : 0) } }
        if let firstIndex { return count(octets[firstIndex..<index]) }
        guard isContentWanted, output.content.count == length else { return nil }
        return count(output.content) + count(octets[run..<index]) - 1
    }

    // MARK: Handing on

    private mutating func emit(
        _ octets: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into output: inout ServerOutput
    ) {
        guard !range.isEmpty else { return }
        count(range.count, &output)
        if isContentWanted, violations.isEmpty {
            output.content.append(contentsOf: UnsafeBufferPointer(rebasing: octets[range]))
        }
    }

    private mutating func emit(_ octet: UInt8, into output: inout ServerOutput) {
        count(1, &output)
        if isContentWanted, violations.isEmpty { output.content.append(octet) }
    }

    private mutating func count(_ octets: Int, _ output: inout ServerOutput) {
        length += octets
        // RFC 1870, section 6.3: the content is read to its end all the same.
        if length > maximumSize { note(.tooLarge, &output) }
    }

    /// The client was told already that the message is refused.
    mutating func refuse(_ output: inout ServerOutput) { note(.answered, &output) }

    /// The message will be refused: nothing of it is kept any longer.
    private mutating func note(_ violation: Violations, _ output: inout ServerOutput) {
        if violations.isEmpty {
            output.content.removeAll()
            output.isContentDropped = true
        }
        violations.insert(violation)
    }
}
