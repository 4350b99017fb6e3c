/// Finds the status code in a reply, a log line or a line of a bounce.
///
///     … dsn=5.1.1, status=bounced (host mx.example said: 550 5.1.1 <a@b.example> unknown)  →  550 5.1.1
///     … delivery 7: failure: …/Remote_host_said:_553_sorry_(#5.7.1)/                        →  553 5.7.1
///
/// A reply code with its enhanced code comes first, then what follows `Status:` or `dsn=`, then an enhanced
/// code by itself, then a reply code where a reply is quoted. Of several, the one whose class fits the
/// reply wins, and a definite code beats X.0.0 of its class. IP addresses, versions, sizes, dates and ids are
/// never codes. One pass over the bytes, no allocation.
public struct CodePicker {
    /// The result: a reply code, an enhanced code, or both.
    public struct Pick: Hashable, Sendable {
        /// The three-digit code, if there was one that belongs to the status.
        public let reply: ReplyCode?
        /// The enhanced code, if there was one.
        public let status: EnhancedStatus?

        /// The pick as a question to the registry.
        public var query: CodeQuery? {
            switch (reply, status) {
            case (let reply?, let status?): .pair(reply, status)
            case (nil, let status?): .status(status)
            case (let reply?, nil): .reply(reply.rawValue)
            case (nil, nil): nil
            }
        }
    }

    /// Picks the code from a text.
    public static func pick(in text: some StringProtocol) -> Pick? {
        let bytes = Array(text.utf8)
        return pick(in: bytes.span)
    }

    /// Picks the code from the bytes of one line; they need not be valid UTF-8.
    public static func pick(in line: Span<UInt8>) -> Pick? {
        line.withUnsafeBufferPointer { run(on: $0) }
    }

    /// Picks the code from the bytes of one line, for a program that reads into memory of its own.
    package static func pick(inBytes line: UnsafeRawBufferPointer) -> Pick? {
        line.withMemoryRebound(to: UInt8.self) { run(on: $0) }
    }

    private static func run(on line: UnsafeBufferPointer<UInt8>) -> Pick? {
        var picker = CodePicker(line)
        picker.scan()
        return picker.choose()
    }

    /// How an enhanced code was met; the greater is the better evidence.
    enum Evidence: UInt8 { case alone = 1, named, paired }

    struct Candidate {
        var status: EnhancedStatus
        var evidence: Evidence
        var reply: ReplyCode?

        var isDefinite: Bool { status.condition != .otherUndefinedStatus }

        func beats(_ other: Candidate) -> Bool {
            if isDefinite != other.isDefinite { return isDefinite }
            return evidence.rawValue > other.evidence.rawValue
        }
    }

    /// The line; valid only while ``pick(in:)`` runs, which is the only maker of a picker.
    let line: UnsafeBufferPointer<UInt8>
    private var success: Candidate?
    private var transient: Candidate?
    private var permanent: Candidate?
    private var first: Candidate?
    private var pairedReply: ReplyCode?
    /// The first lone code; in a text of several lines, the first that is a failure.
    private var loneReply: ReplyCode?
    /// A code that is not in the table and only begins the line.
    private var unknownReply: ReplyCode?

    private init(_ line: UnsafeBufferPointer<UInt8>) { self.line = line }

    private mutating func scan() {
        guard let bytes = line.baseAddress else { return }
        let count = line.count
        var index = 0
        while true {
            // 2, 3, 4 or 5, not inside a word or a number
            index = Self.skipOthers(bytes, index, count)
            while index < count, bytes[index] &- UInt8(ascii: "2") >= 4 { index &+= 1 }
            guard index < count else { return }
            let previous = index == 0 ? ASCII.space : bytes[index - 1]
            if !Self.continuesToken(previous) || previous >= 0x80 && separator(before: index) > 0 {
                index = examine(index)
            } else {
                index += 1
            }
        }
    }

    /// Passes over eight bytes at a time while none of them is a digit from 0 to 7.
    @inline(__always)
    private static func skipOthers(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int {
        var index = start
        while index &+ 8 <= count {
            let word = UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // A byte from 0x30 to 0x37 becomes 0, and the subtraction sets its highest bit.
            let others = (word & 0xF8F8_F8F8_F8F8_F8F8) ^ 0x3030_3030_3030_3030
            guard (others &- 0x0101_0101_0101_0101) & ~others & 0x8080_8080_8080_8080 == 0 else { break }
            index &+= 8
        }
        return index
    }

    /// Whether a line ends before an index, as in a whole dialogue.
    private func hasLines(before end: Int) -> Bool { line[..<end].contains(ASCII.lineFeed) }

    /// Looks at the number that begins at an index, and answers where to go on.
    private mutating func examine(_ start: Int) -> Int {
        let end = endOfNumber(start)
        guard line[start] != UInt8(ascii: "3") || end - start == 3 else { return end }
        if end - start == 3, let reply = replyCode(start) {
            return examine(reply, start, end)
        }
        if let status = status(start, end) {
            if endsStatus(end), let evidence = evidence(before: start, end, status) {
                note(Candidate(status: status, evidence: evidence, reply: nil))
            }
        }
        return end
    }

    private mutating func examine(_ reply: ReplyCode, _ start: Int, _ end: Int) -> Int {
        guard opensReply(start) else { return end }
        if let following = startOfStatus(after: end) {
            let stop = endOfNumber(following)
            if let status = status(following, stop), endsPairedStatus(stop) {
                pairedReply = pairedReply ?? reply
                note(Candidate(status: status, evidence: .paired, reply: reply))
                return stop
            }
        }
        let isBetter = loneReply.map { $0.rawValue < 400 && reply.rawValue >= 400 && hasLines(before: start) } ?? true
        if isBetter, isQuotedReply(reply, start, end) {
            if !StatusRegistry.isKnown(reply), !line[..<start].contains(where: { $0 > ASCII.space }) {
                unknownReply = reply
            } else {
                loneReply = reply
            }
        }
        return end
    }

    private mutating func note(_ candidate: Candidate) {
        func keep(_ slot: inout Candidate?) {
            if slot.map(candidate.beats) ?? true { slot = candidate }
        }
        if first.map({ candidate.evidence.rawValue > $0.evidence.rawValue }) ?? true { first = candidate }
        switch candidate.status.class {
        case .success: keep(&success)
        case .transient: keep(&transient)
        case .permanent: keep(&permanent)
        }
    }

    private func choose() -> Pick? {
        var reply = pairedReply ?? loneReply ?? unknownReply
        guard let first else {
            guard let reply, !isOfWebServer else { return nil }
            return Pick(reply: reply, status: nil)
        }
        // In a whole dialogue, the failure matters and not the successes before it.
        if reply.map({ $0.rawValue < 400 }) ?? true, let failure = permanent ?? transient, failure.reply != nil,
            hasLines(before: line.count)
        {
            reply = failure.reply
        }
        // Of several, the one whose class fits the reply; without a reply, the class of the best evidence.
        let fitting = reply.flatMap { best(in: $0.severity) }
        let chosen = fitting ?? best(in: first.status.class.severity) ?? first
        if let own = chosen.reply { return Pick(reply: own, status: chosen.status) }
        return Pick(reply: fitting == nil ? nil : reply, status: chosen.status)
    }

    private func best(in severity: ReplyCode.Severity) -> Candidate? {
        switch severity {
        case .success: success
        case .intermediate: nil
        case .transient: transient
        case .permanent: permanent
        }
    }
}
