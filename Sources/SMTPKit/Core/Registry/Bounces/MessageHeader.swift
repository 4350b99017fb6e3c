/// The few fields of a message or part that a bounce is read by, taken line by line.
struct MessageHeader {
    /// The most bytes of one field that are kept.
    private static let limit = 8192

    private(set) var type = ""
    private(set) var boundary: [UInt8] = []
    private(set) var encoding = TransferEncoding.identity
    /// Whether the sender or the subject is one of a program that returns mail.
    private(set) var looksLikeBounce = false
    /// Whether the message has no return path, as every bounce.
    private(set) var hasNullSender = false
    private(set) var failedRecipients: [String] = []
    private var field: [UInt8] = []

    /// Takes one line; an empty one ends the header.
    mutating func read(_ line: ArraySlice<UInt8>) {
        if let first = line.first, first == ASCII.space || first == 0x09 {
            if field.count < Self.limit { field += line.prefix(Self.limit) }
            return
        }
        takeField()
        field = Array(line.prefix(Self.limit))
    }

    private mutating func takeField() {
        defer { field = [] }
        guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = Array(field[(colon + 1)...])
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: field[..<colon], as: UTF8.self).lowercased() {
        case "content-type":
            let parsed = ParameterizedValue(value, CharacterSets())
            type = parsed.value
            boundary = Array((parsed.parameter("boundary") ?? "").utf8.prefix(200))
        case "content-transfer-encoding":
            encoding = TransferEncoding(String(text.drop { $0 == " " || $0 == "\t" }))
        case "from":
            for word in ["mailer-daemon", "postmaster", "mail delivery", "microsoftexchange", "mail administrator"]
            where FoldedText.find(word, in: text) { looksLikeBounce = true }
        case "subject":
            for word in Self.subjects where FoldedText.find(word, in: text) { looksLikeBounce = true }
        case "return-path":
            hasNullSender = text.filter { $0 != " " } == "<>"
        case "x-failed-recipients":
            failedRecipients += text.split { ", \t".contains($0) }.map(String.init).prefix(1000)
            looksLikeBounce = true
        case _: break
        }
    }

    private static let subjects = [
        "undeliver", "delivery status notification", "failure notice", "returned mail", "delivery failure",
        "mail delivery failed", "delivery delayed", "returned to sender", "delivery report",
    ]
}
