/// The text that may surround a code: the rules that keep addresses, versions, sizes, dates and ids out.
extension CodePicker {
    /// Whether a byte before a digit makes both part of one word or number.
    @inline(__always)
    static func continuesToken(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.dot || byte == UInt8(ascii: "@") || byte >= 0x80
            || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "%")
    }

    /// The length of the separator beyond ASCII that ends before an index, 0 if there is none: a no-break space, a byte
    /// order mark, a typographic quote or bracket, a dash.
    func separator(before index: Int) -> Int {
        if index >= 2, line[index - 2] == 0xC2, [0xA0, 0xAB, 0xBB].contains(line[index - 1]) { return 2 }
        return index >= 3 && isWideSeparator(index - 3) ? 3 : 0
    }

    /// The length of the separator beyond ASCII that begins at an index, 0 if there is none.
    func separator(at index: Int) -> Int {
        if index + 1 < line.count, line[index] == 0xC2, [0xA0, 0xAB, 0xBB].contains(line[index + 1]) { return 2 }
        return index + 2 < line.count && isWideSeparator(index) ? 3 : 0
    }

    private func isWideSeparator(_ index: Int) -> Bool {
        switch (line[index], line[index + 1]) {
        case (0xE2, 0x80): line[index + 2] <= 0xAF
        case (0xE3, 0x80): line[index + 2] <= 0x9F
        case (0xEF, 0xBB): line[index + 2] == 0xBF
        case _: false
        }
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
        if next >= 0x80 { return separator(at: end) > 0 }
        if next == ASCII.dot { return !Self.continuesToken(byte(end + 1)) || byte(end + 1) == ASCII.dot }
        return !Self.continuesToken(next) && next != UInt8(ascii: "-") && next != UInt8(ascii: "=")
    }

    /// The same after a reply code, where a hyphen or slash does no harm.
    func endsPairedStatus(_ end: Int) -> Bool {
        let next = byte(end)
        return next == UInt8(ascii: "-") || next == UInt8(ascii: "/") || endsStatus(end)
    }

    /// Where the enhanced code that belongs to a reply code begins: `550 5.1.1`, `550-5.1.1`, `550 #5.1.1`,
    /// `554 (#5.7.1)`, `550-'5.7.1`, and qmail's `550_5.1.1`.
    func startOfStatus(after end: Int) -> Int? {
        var index = end
        for _ in 0..<3 {
            if isGap(byte(index)) { index += 1 } else { index += byte(index) >= 0x80 ? separator(at: index) : 0 }
        }
        if index == end, byte(end) == UInt8(ascii: ",") { index = startOfPythonText(end + 1) }
        guard index > end else { return nil }
        if [UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(byte(index)) {
            index += 1
        }
        if byte(index) == UInt8(ascii: "#") { index += 1 }
        return index < line.count && ASCII.isDigit(line[index]) ? index : nil
    }

    /// Where the text begins in Python's `(550, b'5.1.1 …')`.
    private func startOfPythonText(_ start: Int) -> Int {
        var index = start
        if byte(index) == ASCII.space { index += 1 }
        if byte(index) == UInt8(ascii: "b") { index += 1 }
        return byte(index) == UInt8(ascii: "'") || byte(index) == UInt8(ascii: "\"") ? index : start - 1
    }

    private func isGap(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == 0x09
    }

    /// The index of the last byte before an index that is no blank; -1 at the start of the line.
    private func indexBeforeBlanks(_ start: Int) -> Int {
        var index = start - 1
        while index >= 0 {
            if line[index] == ASCII.space || line[index] == 0x09 {
                index -= 1
            } else if line[index] >= 0x80, case let length = separator(before: index + 1), length > 0 {
                index -= length
            } else {
                break
            }
        }
        return index
    }

    // MARK: Before a code

    /// Whether a reply may begin here at all.
    func opensReply(_ start: Int) -> Bool {
        let before = byte(start - 1)
        switch before {
        case UInt8(ascii: "_"): return start < 2 || byte(start - 2) == UInt8(ascii: ":")
        case UInt8(ascii: "-"): return false
        // smtpd[550] is a process, [550 5.1.1 no such user] a reply
        case UInt8(ascii: "["): return byte(start + 3) == ASCII.space
        // [192.0.2.1]:550 is a port
        case UInt8(ascii: ":"):
            let label = byte(start - 2)
            return ASCII.isLetter(label) || label == ASCII.space || label == UInt8(ascii: ">")
                || label == UInt8(ascii: "\"")
        case _: return true
        }
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
        index = indexBeforeBlanks(index + 1)
        if Word(line, startingAt: end + 1).isAmong(.versionWords) { return nil }
        guard index >= 0 else { return isTime(after: end) ? nil : .alone }
        switch line[index] {
        case UInt8(ascii: "="), UInt8(ascii: ":"):
            let word = Word(line, endingAt: endOfLabel(index))
            if word.isAmong(.statusKeys) { return .named }
            if line[index] == UInt8(ascii: "=") || word.isAmong(.measures) || word.isAmong(.programs)
                || word.namesVersion
            {
                return nil
            }
            // 10:4.2.1 is no code
            if index == start - 1, ASCII.isDigit(byte(index - 1)) { return nil }
        case _:
            let word = Word(line, endingAt: index + 1)
            if adjacent != UInt8(ascii: "#"), word.namesProgram { return nil }
            // A number at the end of a sentence can be anything: "changed from 5 to 4.5.1".
            let isAfterProtocol =
                line[index] == UInt8(ascii: ";") && Word(line, endingAt: index).isAmong(.protocols)
            if isLast(end), adjacent == ASCII.space, !isAfterProtocol, !word.isAmong(.statusKeys),
                !word.isAmong(.replyWords)
            {
                return nil
            }
            // (Acme SMTP 2.2.22) is a version, SMTP 5.1.1 is not
            if status.class == .success, word.isAmong(.protocols) { return nil }
        }
        // An unknown subject is a version far more often than a code; a date may look like one too.
        let isMarked = adjacent == UInt8(ascii: "#") || line[index] == UInt8(ascii: ";")
        guard status.subject <= 7 || isMarked, !isTime(after: end) else { return nil }
        return .alone
    }

    /// Whether a time of day follows, so that the text before it is a date: `4.5.24 10:15`.
    private func isTime(after end: Int) -> Bool {
        var index = end
        while index < end + 2, byte(index) == ASCII.space || byte(index) == UInt8(ascii: ",") { index += 1 }
        return index > end && ASCII.isDigit(byte(index)) && ASCII.isDigit(byte(index + 1))
            && byte(index + 2) == UInt8(ascii: ":") && ASCII.isDigit(byte(index + 3))
    }

    // MARK: A reply code alone

    /// Whether a reply code without an enhanced code is quoted as a reply here.
    func isQuotedReply(_ reply: ReplyCode, _ start: Int, _ end: Int) -> Bool {
        guard endsReply(start, end) else { return false }
        let index = indexBeforeBlanks(start)
        guard index >= 0, line[index] != ASCII.lineFeed else { return beginsLine(reply, end) }
        let gap = start - 1 - index
        let isKnown = StatusRegistry.isKnown(reply)
        switch line[index] {
        case UInt8(ascii: ":"), UInt8(ascii: "="):
            let word = Word(line, endingAt: endOfLabel(index))
            if line[index] == UInt8(ascii: "=") { return isKnown && gap == 0 && word.isAmong(.replyKeys) }
            return isLabelled(word, index, gap, isKnown, end)
        case UInt8(ascii: ";"):
            // After `smtp;` even an unknown code is one.
            return Word(line, endingAt: index).isAmong(.protocols) || isKnown && !countsSomething(end)
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            // The quote opens the reply: after a closing one comes the status of an HTTP request.
            guard isKnown, gap == 0 else { return false }
            let closes = byte(end) == line[index]
            let before = byte(index - 1)
            // smtpmsg='550 no such user' is a reply, height="250" and name="500-from" are not.
            guard closes || (before == UInt8(ascii: "=") || before == UInt8(ascii: "D")) && byte(end) != ASCII.space
            else { return true }
            let key = Word(
                line, endingAt: before == UInt8(ascii: ":") && byte(index - 2) == line[index] ? index - 2 : index - 1)
            return key.isAmong(.replyKeys)
        case UInt8(ascii: "("):
            // A number alone in parentheses needs a word for what it is.
            guard isKnown, !countsSomething(end) else { return false }
            return byte(end) != UInt8(ascii: ")") || Word(line, endingAt: endOfLabel(index)).isAmong(.replyWords)
        case UInt8(ascii: ">"), UInt8(ascii: "<"):
            return isKnown && !countsSomething(end)
        case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: "-"):
            return isKnown && gap > 0 && endsDialogueMark(index) && !countsSomething(end)
        case UInt8(ascii: "["):
            return isKnown && gap == 0 && ASCII.isLetter(byte(end + 1)) && !countsSomething(end)
        case UInt8(ascii: "]"):
            // H=mx.example.org [192.0.2.1] 535 Sorry
            return isKnown && gap == 1 && reply.rawValue >= 400 && ASCII.isDigit(byte(index - 1))
                && byte(end) == ASCII.space && !ASCII.isDigit(byte(end + 1)) && !countsSomething(end)
        case UInt8(ascii: "_"):
            return isKnown && byte(index - 1) == UInt8(ascii: ":")
        case _:
            let word = Word(line, endingAt: index + 1)
            guard isKnown, gap > 0, word.isAmong(.replyWords), !countsSomething(end) else { return false }
            // "the server returned 440" tells of any server; what a mail server says has a text.
            return !isLast(end) || word.isAmong(.replyKeys)
        }
    }

    /// Whether a mark of a server's line ends here, as dialogues have it: `<-  550`, `<~* 550`, `<** 550`, `<-- 550`.
    private func endsDialogueMark(_ end: Int) -> Bool {
        var index = end
        while index > end - 2, "*~-".utf8.contains(byte(index)) { index -= 1 }
        guard byte(index) == UInt8(ascii: "<") else { return false }
        // At the start of the line, or after the time and a colon that a log puts before it.
        return index == 0 || byte(index - 1) == ASCII.space && byte(index - 2) == UInt8(ascii: ":")
    }

    /// Whether a reply code may end here: not inside a number, a name or a path.
    private func endsReply(_ start: Int, _ end: Int) -> Bool {
        let next = byte(end)
        let isUnderscored = byte(start - 1) == UInt8(ascii: "_")
        switch next {
        case ASCII.dot: return !Self.continuesToken(byte(end + 1))
        case UInt8(ascii: "/"), UInt8(ascii: "_"): return isUnderscored
        case UInt8(ascii: "="): return false
        // 501:mail.php
        case UInt8(ascii: ":"): return !ASCII.isLetter(byte(end + 1)) && !ASCII.isDigit(byte(end + 1))
        case UInt8(ascii: "-"):
            // 211-75-6-133.example.org is a host, 250-8BITMIME a reply
            var index = end + 1
            while ASCII.isDigit(byte(index)) { index += 1 }
            return index == end + 1 || byte(index) != UInt8(ascii: "-") && byte(index) != ASCII.dot
        case 0x80...: return separator(at: end) > 0
        case _: return !Self.continuesToken(next)
        }
    }

    /// Whether a code that begins a line is the code of a reply: `550 no such user`, `250-SIZE`, `421`.
    private func beginsLine(_ reply: ReplyCode, _ end: Int) -> Bool {
        guard byte(end) != UInt8(ascii: ")"), !countsSomething(end) else { return false }
        guard !StatusRegistry.isKnown(reply) else {
            return byte(end) != ASCII.space || !isNumberWithDots(end + 1)
        }
        if end >= line.count { return true }
        return (byte(end) == ASCII.space || byte(end) == UInt8(ascii: "-")) && ASCII.isLetter(byte(end + 1))
    }

    /// The end of the label before a colon or another mark, without blanks and the quotes of JSON: `"code": 550`.
    private func endOfLabel(_ mark: Int) -> Int {
        let last = indexBeforeBlanks(mark)
        return byte(last) == UInt8(ascii: "\"") || byte(last) == UInt8(ascii: "'") ? last : last + 1
    }

    /// Whether only blanks follow.
    private func isLast(_ end: Int) -> Bool {
        end >= line.count || line[end] <= ASCII.space && line[end...].allSatisfy { $0 <= ASCII.space }
    }

    private func isNumberWithDots(_ start: Int) -> Bool {
        var index = start
        var dots = 0
        while ASCII.isDigit(byte(index)) || byte(index) == ASCII.dot {
            dots += byte(index) == ASCII.dot ? 1 : 0
            index += 1
        }
        return dots == 3
    }

    /// Whether a code after `label: ` is the code of a reply.
    private func isLabelled(_ word: Word, _ colon: Int, _ gap: Int, _ isKnown: Bool, _ end: Int) -> Bool {
        // after RCPT TO:<ann@example.org>: 599, after DATA: 440
        if byte(colon - 1) == UInt8(ascii: ">") || word.isAmong(.dialogue) { return true }
        guard isKnown, !word.isAmong(.measures), !isPath(colon), !countsSomething(end) else { return false }
        if word.isNumber {
            // A port or a size ends what the code is the answer to: `[192.0.2.1]:55379: 535`, `SIZE=2022: 550`.
            var index = colon - 1
            while ASCII.isDigit(byte(index)) { index -= 1 }
            let isPort = byte(index) == UInt8(ascii: ":") && byte(index - 1) == UInt8(ascii: "]")
            return gap > 0 && (isPort || byte(index) == UInt8(ascii: "="))
        }
        let isJSON = byte(colon - 1) == UInt8(ascii: "\"")
        return gap > 0 && !isJSON || word.isAmong(.replyKeys) || word.isAmong(.replyWords)
    }

    /// Whether a label is a path, as in `/api/login: 403`.
    private func isPath(_ colon: Int) -> Bool {
        var index = colon
        while index > 0, line[index - 1] != ASCII.space, colon - index < 200 { index -= 1 }
        return line[index] == UInt8(ascii: "/")
    }

    /// Whether the number before an index counts something: `250 bytes`, `334 (3.8%)`.
    private func countsSomething(_ end: Int) -> Bool {
        let next = byte(end)
        guard next == ASCII.space || next == UInt8(ascii: "-") || next == UInt8(ascii: "_") else { return false }
        if byte(end + 1) == UInt8(ascii: "("), ASCII.isDigit(byte(end + 2)) {
            var index = end + 2
            while ASCII.isDigit(byte(index)) || byte(index) == ASCII.dot { index += 1 }
            return byte(index) == UInt8(ascii: "%")
        }
        return Word(line, startingAt: end + 1).isUnit
    }

    /// Whether the line is of a web server or its filter, whose status codes look like reply codes.
    var isOfWebServer: Bool {
        guard let bytes = line.baseAddress, line.count >= 5 else { return false }
        for index in 0..<line.count - 4 {
            // The first two bytes tell nearly every word apart from all marks.
            switch (bytes[index], bytes[index + 1]) {
            case (UInt8(ascii: "H"), UInt8(ascii: "T")), (UInt8(ascii: "h"), UInt8(ascii: "t")),
                (UInt8(ascii: "M"), UInt8(ascii: "o")), (UInt8(ascii: "U"), UInt8(ascii: "s")),
                (UInt8(ascii: "u"), UInt8(ascii: "s")), (UInt8(ascii: "s"), UInt8(ascii: "t")),
                (UInt8(ascii: "\""), UInt8(ascii: "G")), (UInt8(ascii: "\""), UInt8(ascii: "P")),
                (ASCII.space, UInt8(ascii: "G")), (ASCII.space, UInt8(ascii: "P")):
                if isWebMark(index) { return true }
            case _: break
            }
        }
        return false
    }

    private func isWebMark(_ index: Int) -> Bool {
        Self.webMarks.contains { mark in
            mark.withUTF8Buffer { wanted in
                line.count - index >= wanted.count && wanted.indices.allSatisfy { line[index + $0] == wanted[$0] }
            }
        }
    }

    private static let webMarks: [StaticString] = [
        "HTTP/", "http_", "HTTP ", "http status", "ModSecurity", "\"GET ", "\"POST ", "status_code", "user_agent",
        "user-agent", "User-Agent", "HTTPError", "http: ", " GET /", " POST /", " PUT /",
    ]
}
