/// The subject of a question: a code, a pattern of codes, or a pair of codes.
///
///     5.7.1    X.7.1    5.7    5.7.x    550    5xx    55x    550 5.7.1    EX_NOUSER
public enum CodeQuery: Hashable, Sendable {
    /// An enhanced code, `5.7.1`.
    case status(EnhancedStatus)
    /// An enhanced code of any class, `X.7.1`.
    case condition(EnhancedStatus.Condition)
    /// All codes of a subject, `5.7`, `5.7.x`, or in any class, `X.7.x`.
    case subject(EnhancedStatus.Class?, UInt16)
    /// All codes with a first digit, `5xx` or `5.x.x`: 2 to 5.
    case severity(ReplyCode.Severity)
    /// A basic code, `550`; 100 to 599, since a few programs print numbers below 200.
    case reply(UInt16)
    /// All basic codes with their first two digits in common, `55x`: the digits as a number, 20 to 59.
    case replyGroup(UInt16)
    /// A basic code with its enhanced code, `550 5.7.1`.
    case pair(ReplyCode, EnhancedStatus)
    /// The exit status of a delivery program, `EX_NOUSER`.
    case sysexit(Sysexit)

    /// Why a text is not a code.
    public enum Problem: Error, Hashable, Sendable {
        /// Nothing but blanks.
        case empty
        /// A number begins with a superfluous zero, as in `5.01.1`.
        case leadingZero
        /// The first number is not 2, 4 or 5, as in `6.1.1`.
        case unknownClass
        /// A number has more than three digits, or a reply code is not of three digits.
        case numberTooBig
        /// Not three digits and not two or three numbers joined by dots.
        case malformed
        /// A text without a code in it.
        case noCode
    }

    /// Reads a code or a pattern, without other text.
    ///
    /// Letter case does not matter, nor do blanks around it. For a whole reply or log line use ``CodePicker``.
    public init(exactly text: String) throws(Problem) {
        var text = text
        // A result, since the closure of withUTF8 throws untyped errors only.
        let result = text.withUTF8 { bytes -> Result<Self, Problem> in
            do throws(Problem) { return .success(try Self.read(bytes)) } catch { return .failure(error) }
        }
        self = try result.get()
    }

    /// No code or pattern is longer.
    private static let longest = 16

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(Problem) -> Self {
        var start = 0
        var end = bytes.count
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        guard start < end else { throw .empty }
        if let sysexit = try sysexit(bytes, start, end) { return .sysexit(sysexit) }

        var firstDot: Int?
        var secondDot: Int?
        for index in start..<end {
            guard isCodeByte(bytes[index]) else { throw .noCode }
            guard bytes[index] == ASCII.dot else { continue }
            guard secondDot == nil else { throw .malformed }
            if firstDot == nil { firstDot = index } else { secondDot = index }
        }
        guard let firstDot else { return try basic(bytes, start, end) }
        let first = try number(bytes, start, firstDot)
        let second = try number(bytes, firstDot + 1, secondDot ?? end)
        let third: Number = if let secondDot { try number(bytes, secondDot + 1, end) } else { .any }
        return try enhanced(first, second, third)
    }

    private static func sysexit(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ end: Int
    ) throws(Problem) -> Sysexit? {
        guard end - start > 3, ASCII.uppercased(bytes[start]) == UInt8(ascii: "E"),
            ASCII.uppercased(bytes[start + 1]) == UInt8(ascii: "X"), bytes[start + 2] == UInt8(ascii: "_")
        else { return nil }
        guard end - start <= longest else { throw .noCode }
        guard let found = Sysexit(name: String(decoding: bytes[start..<end], as: UTF8.self)) else { throw .noCode }
        return found
    }

    private static func basic(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ end: Int
    ) throws(Problem) -> Self {
        guard ASCII.isDigit(bytes[start]) else { throw end - start <= 3 ? .malformed : .noCode }
        if bytes[start] == UInt8(ascii: "0") { throw .leadingZero }
        guard end - start == 3 else { throw end - start > 3 ? .numberTooBig : .malformed }
        let hundreds = UInt16(bytes[start] - UInt8(ascii: "0"))
        let tens = isPlaceholder(bytes[start + 1]) ? nil : UInt16(bytes[start + 1] - UInt8(ascii: "0"))
        let units = isPlaceholder(bytes[start + 2]) ? nil : UInt16(bytes[start + 2] - UInt8(ascii: "0"))
        switch (tens, units) {
        case (let tens?, let units?):
            guard hundreds <= 5 else { throw .unknownClass }
            return .reply(hundreds * 100 + tens * 10 + units)
        case (let tens?, nil):
            guard 2...5 ~= hundreds else { throw .unknownClass }
            return .replyGroup(hundreds * 10 + tens)
        case (nil, nil):
            guard let severity = ReplyCode.Severity(rawValue: UInt8(hundreds)) else { throw .unknownClass }
            return .severity(severity)
        case (nil, _?):
            throw .malformed
        }
    }

    private static func enhanced(_ first: Number, _ second: Number, _ third: Number) throws(Problem) -> Self {
        var `class`: EnhancedStatus.Class?
        if case .value(let value) = first {
            guard value < 10 else { throw .malformed }
            guard let known = EnhancedStatus.Class(rawValue: UInt8(clamping: value)) else { throw .unknownClass }
            `class` = known
        }
        switch (second, third) {
        case (.value(let subject), .value(let detail)):
            let condition = EnhancedStatus.Condition(subject, detail)
            return if let `class` { .status(.init(`class`, condition)) } else { .condition(condition) }
        case (.value(let subject), .any):
            return .subject(`class`, subject)
        case (.any, .any):
            guard let `class` else { throw .malformed }
            return .severity(`class`.severity)
        case (.any, .value):
            throw .malformed
        }
    }

    private enum Number { case any, value(UInt16) }

    /// A number of at most three digits, or up to three `x`.
    private static func number(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ end: Int
    ) throws(Problem) -> Number {
        guard start < end else { throw .malformed }
        let isPattern = isPlaceholder(bytes[start])
        var value: UInt16 = 0
        for index in start..<end {
            guard isPlaceholder(bytes[index]) == isPattern else { throw .malformed }
            if isPattern { continue }
            if index > start, bytes[start] == UInt8(ascii: "0") { throw .leadingZero }
            guard index < start + 3 else { throw .numberTooBig }
            value = value * 10 + UInt16(bytes[index] - UInt8(ascii: "0"))
        }
        guard !isPattern || end - start <= 3 else { throw .malformed }
        return isPattern ? .any : .value(value)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == 0x09 || byte == ASCII.carriageReturn || byte == ASCII.lineFeed
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || isPlaceholder(byte) || byte == ASCII.dot
    }

    /// Whether a byte is `x` or `y`, which mean any digits, as in the registry's own `5.XXX.YYY`.
    private static func isPlaceholder(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower == UInt8(ascii: "x") || lower == UInt8(ascii: "y")
    }
}

extension CodeQuery: CustomStringConvertible {
    public var description: String {
        switch self {
        case .status(let status): status.description
        case .condition(let condition): condition.description
        case .subject(let `class`, let subject): "\(`class`.map { String($0.rawValue) } ?? "X").\(subject).x"
        case .severity(let severity): "\(severity.rawValue)xx"
        case .reply(let number): String(number)
        case .replyGroup(let digits): "\(digits)x"
        case .pair(let reply, let status): "\(reply) \(status)"
        case .sysexit(let sysexit): sysexit.name
        }
    }
}
