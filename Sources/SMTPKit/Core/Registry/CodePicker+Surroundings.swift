/// What may stand around a code: the rules that keep addresses, versions, sizes, dates and ids out.
extension CodePicker {
    /// Whether a byte before a digit makes both part of one word or number.
    @inline(__always)
    static func continuesToken(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.dot || byte == UInt8(ascii: "@") || byte >= 0x80
            || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "%")
    }

    func byte(_ index: Int) -> UInt8 { line.indices.contains(index) ? line[index] : ASCII.space }

    /// The end of a run of digits and dots.
    func endOfNumber(_ start: Int) -> Int {
        var index = start
        while index < line.count, ASCII.isDigit(line[index]) || line[index] == ASCII.dot { index += 1 }
        // `550.` ends a sentence, `550` is the number.
        while index > start, line[index - 1] == ASCII.dot { index -= 1 }
        return index
    }

    func replyCode(_ start: Int) -> ReplyCode? {
        var value: UInt16 = 0
        for index in start..<start + 3 {
            guard ASCII.isDigit(line[index]) else { return nil }
            value = value * 10 + UInt16(line[index] - UInt8(ascii: "0"))
        }
        return ReplyCode(rawValue: value)
    }

    /// The enhanced code that fills a range exactly: three numbers without superfluous zeros.
    func status(_ start: Int, _ end: Int) -> EnhancedStatus? {
        guard end - start >= 5, end - start <= 9, line[start + 1] == ASCII.dot else { return nil }
        guard let kind = EnhancedStatus.Class(rawValue: line[start] - UInt8(ascii: "0")) else { return nil }
        var index = start + 2
        guard let subject = component(&index, end), index < end, line[index] == ASCII.dot else { return nil }
        index += 1
        guard let detail = component(&index, end), index == end else { return nil }
        return EnhancedStatus(kind, .init(subject, detail))
    }

    private func component(_ index: inout Int, _ end: Int) -> UInt16? {
        let start = index
        var value: UInt16 = 0
        while index < end, ASCII.isDigit(line[index]) {
            guard index - start < 3, index == start || value > 0 else { return nil }
            value = value * 10 + UInt16(line[index] - UInt8(ascii: "0"))
            index += 1
        }
        return index > start ? value : nil
    }

    // MARK: After a code

    /// Whether an enhanced code may end here: not before a letter, a hyphen, an `@` or a mask length.
    func endsStatus(_ end: Int) -> Bool {
        let next = byte(end)
        if next == ASCII.dot { return !Self.continuesToken(byte(end + 1)) || byte(end + 1) == ASCII.dot }
        return !Self.continuesToken(next) && next != UInt8(ascii: "-") && next != UInt8(ascii: "=")
    }

    /// The same after a reply code, where a hyphen or slash does no harm.
    func endsPairedStatus(_ end: Int) -> Bool {
        let next = byte(end)
        return next == UInt8(ascii: "-") || next == UInt8(ascii: "/") || endsStatus(end)
    }

    /// Where the enhanced code that belongs to a reply code begins: `550 5.1.1`, `550-5.1.1`, `550 #5.1.1`,
    /// `554 (#5.7.1)`, and qmail's `550_5.1.1`.
    func startOfStatus(after end: Int) -> Int? {
        guard isGap(byte(end)) else { return nil }
        var index = end + 1
        while index < end + 3, isGap(byte(index)) { index += 1 }
        if byte(index) == UInt8(ascii: "(") || byte(index) == UInt8(ascii: "[") { index += 1 }
        if byte(index) == UInt8(ascii: "#") { index += 1 }
        return index < line.count && ASCII.isDigit(line[index]) ? index : nil
    }

    private func isGap(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == 0x09
    }

    // MARK: Before a code

    /// Whether a reply may begin here at all.
    func opensReply(_ start: Int) -> Bool {
        let before = byte(start - 1)
        if before == UInt8(ascii: "_") { return start < 2 || byte(start - 2) == UInt8(ascii: ":") }
        // [1.2.3.4]:550 and smtpd[550] are a port and a process
        return before != UInt8(ascii: "-") && before != UInt8(ascii: ":") && before != UInt8(ascii: "[")
            || (before == UInt8(ascii: ":") && start > 1 && ASCII.isLetter(byte(start - 2)))
    }

    /// How good the evidence is that an enhanced code without a reply code is one; `nil`: it is something else.
    func evidence(before start: Int, _ end: Int, _ status: EnhancedStatus) -> Evidence? {
        var index = start - 1
        if byte(index) == UInt8(ascii: "_") {
            guard byte(index - 1) == UInt8(ascii: ":") || byte(index - 1) == UInt8(ascii: ".") else { return nil }
        }
        let adjacent = byte(index)
        if adjacent == UInt8(ascii: "#") {
            index -= 1
        } else if adjacent == UInt8(ascii: "-") || adjacent == UInt8(ascii: "<") {
            return nil
        }
        if byte(index) == UInt8(ascii: "(") || byte(index) == UInt8(ascii: "[") { index -= 1 }
        while index >= 0, line[index] == ASCII.space || line[index] == 0x09 { index -= 1 }
        guard index >= 0 else { return isTime(after: end) ? nil : .alone }
        switch line[index] {
        case UInt8(ascii: "="), UInt8(ascii: ":"):
            let word = Word(line, endingAt: index)
            if word.isAmong(.statusKeys) { return .named }
            if line[index] == UInt8(ascii: "=") || word.isAmong(.measures) || word.isAmong(.programs) { return nil }
            // 10:4.2.1 is no code
            if index == start - 1, ASCII.isDigit(byte(index - 1)) { return nil }
        case _:
            if adjacent != UInt8(ascii: "#"), Word(line, endingAt: index + 1).namesProgram { return nil }
        }
        // An unknown subject is a version far more often than a code; a date may look like one too.
        guard status.subject <= 7, !isTime(after: end) else { return nil }
        return .alone
    }

    /// Whether a time of day follows, so that what stands before it is a date: `4.5.24 10:15`.
    private func isTime(after end: Int) -> Bool {
        var index = end
        while index < end + 2, byte(index) == ASCII.space || byte(index) == UInt8(ascii: ",") { index += 1 }
        return index > end && ASCII.isDigit(byte(index)) && ASCII.isDigit(byte(index + 1))
            && byte(index + 2) == UInt8(ascii: ":") && ASCII.isDigit(byte(index + 3))
    }

    /// Whether a reply code without an enhanced code is quoted as a reply here.
    func isQuotedReply(_ reply: ReplyCode, _ start: Int, _ end: Int) -> Bool {
        let next = byte(end)
        let isUnderscored = byte(start - 1) == UInt8(ascii: "_")
        switch next {
        case ASCII.dot:
            guard !Self.continuesToken(byte(end + 1)) else { return false }
        case UInt8(ascii: "/"), UInt8(ascii: "_"):
            guard isUnderscored else { return false }
        case UInt8(ascii: "="):
            return false
        case _:
            guard !Self.continuesToken(next) else { return false }
        }
        if next == ASCII.space || next == UInt8(ascii: "-") || next == UInt8(ascii: "_"),
            Word(line, startingAt: end + 1).isUnit
        {
            return false
        }
        var index = start - 1
        while index >= 0, line[index] == ASCII.space || line[index] == 0x09 { index -= 1 }
        guard index >= 0 else { return true }
        // Away from the start of a line, only a known code is taken for one.
        guard StatusRegistry.replyCode(reply.rawValue) != nil else { return false }
        let gap = start - 1 - index
        switch line[index] {
        case UInt8(ascii: ":"), UInt8(ascii: "="):
            let word = Word(line, endingAt: index)
            if line[index] == UInt8(ascii: "=") { return gap == 0 && word.isAmong(.replyKeys) }
            return !word.isAmong(.measures) && !word.isNumber
        case UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: ">"),
            UInt8(ascii: "<"):
            return true
        case UInt8(ascii: "_"):
            return byte(index - 1) == UInt8(ascii: ":")
        case _:
            return gap > 0 && Word(line, endingAt: index + 1).isAmong(.replyWords)
        }
    }
}
