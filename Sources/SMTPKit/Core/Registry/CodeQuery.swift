/// What somebody asks about: a code, a pattern of codes, or a pair of codes.
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

    /// Reads a code or a pattern that stands alone.
    ///
    /// Letter case does not matter, nor do blanks around it. For a whole reply or log line use ``CodePicker``.
    public init(exactly text: some StringProtocol) throws(Problem) {
        var bytes = Array(text.utf8.prefix(64))[...]
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0A || last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty else { throw .empty }
        if bytes.count > 3,
            bytes.starts(with: [UInt8(ascii: "E"), UInt8(ascii: "X"), UInt8(ascii: "_")])
                || bytes.starts(with: [UInt8(ascii: "e"), UInt8(ascii: "x"), UInt8(ascii: "_")])
        {
            guard let sysexit = Sysexit(name: String(decoding: bytes, as: UTF8.self)) else { throw .noCode }
            self = .sysexit(sysexit)
            return
        }
        guard text.utf8.count <= 64, bytes.allSatisfy(Self.isCodeByte) else { throw .noCode }
        let parts = bytes.split(separator: ASCII.dot, omittingEmptySubsequences: false)
        switch parts.count {
        case 1: self = try Self.basic(bytes)
        case 2: self = try Self.enhanced(parts[0], parts[1], [UInt8(ascii: "x")])
        case 3: self = try Self.enhanced(parts[0], parts[1], parts[2])
        case _: throw .malformed
        }
    }

    private static func basic(_ digits: ArraySlice<UInt8>) throws(Problem) -> Self {
        guard digits.contains(where: ASCII.isDigit) else { throw .noCode }
        guard let first = digits.first, ASCII.isDigit(first) else { throw .malformed }
        let values = digits.map { isPlaceholder($0) ? nil : UInt16($0 - UInt8(ascii: "0")) }
        if first == UInt8(ascii: "0") { throw .leadingZero }
        guard values.count == 3, let hundreds = values[0] else { throw values.count > 3 ? .numberTooBig : .malformed }
        switch (values[1], values[2]) {
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

    private static func enhanced(
        _ first: ArraySlice<UInt8>,
        _ second: ArraySlice<UInt8>,
        _ third: ArraySlice<UInt8>
    ) throws(Problem) -> Self {
        guard let digit = try number(first), let subject = try number(second), let detail = try number(third) else {
            throw .malformed
        }
        var `class`: EnhancedStatus.Class?
        if case .value(let value) = digit {
            guard let known = EnhancedStatus.Class(rawValue: UInt8(clamping: value)) else { throw .unknownClass }
            `class` = known
        }
        switch (subject, detail) {
        case (.value(let subject), .value(let detail)):
            let condition = EnhancedStatus.Condition(subject, detail)
            return `class`.map { .status(.init($0, condition)) } ?? .condition(condition)
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

    private static func number(_ bytes: ArraySlice<UInt8>) throws(Problem) -> Number? {
        guard let first = bytes.first else { return nil }
        if bytes.allSatisfy(isPlaceholder) { return bytes.count <= 3 ? .any : nil }
        guard bytes.allSatisfy(ASCII.isDigit) else { return nil }
        if bytes.count > 1, first == UInt8(ascii: "0") { throw .leadingZero }
        guard bytes.count <= 3 else { throw .numberTooBig }
        return .value(bytes.reduce(0) { $0 * 10 + UInt16($1 - UInt8(ascii: "0")) })
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || isPlaceholder(byte) || byte == ASCII.dot
    }

    /// `x` and `y` stand for any digits, as in the registry's own `5.XXX.YYY`.
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
