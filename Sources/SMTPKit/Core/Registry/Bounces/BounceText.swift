/// The text of a bounce for people, from which recipients are read where there is no delivery report.
///
/// Postfix and qmail write the address before a colon, Exim above indented lines, Sendmail above a reason and a
/// transcript, Exchange above the server's answer.
struct BounceText {
    /// The most lines and bytes that are kept.
    private static let limits = (lines: 2000, bytes: 1 << 17, recipients: 1000)
    /// The most bytes of the text for one recipient.
    private static let longest = 4096

    private var lines: [String] = []
    private var bytes = 0
    /// Whether the text says that mail could not be delivered.
    private(set) var looksLikeBounce = false
    private var isOver = false

    var isEmpty: Bool { lines.isEmpty }

    mutating func add(_ line: ArraySlice<UInt8>) {
        guard !isOver, lines.count < Self.limits.lines, bytes < Self.limits.bytes else { return }
        let text = String(decoding: line.prefix(Self.longest), as: UTF8.self)
        bytes += text.utf8.count
        let isEnd = Self.ends.contains { FoldedText.find($0, in: text) }
        if isEnd || Self.starts.contains(where: { FoldedText.starts(text, with: $0) }) {
            isOver = true
            return
        }
        if !looksLikeBounce { looksLikeBounce = Self.signs.contains { FoldedText.find($0, in: text) } }
        lines.append(text)
    }

    /// The recipients with the text about each of them.
    ///
    /// - Parameter failed: addresses that the header names.
    func recipients(_ failed: [String]) -> [BounceRecipient] {
        var found: [BounceRecipient] = []
        var current: Int?
        func select(_ address: String) {
            let known = found.firstIndex { $0.address == address }
            if known == nil, found.count < Self.limits.recipients {
                var recipient = BounceRecipient()
                recipient.address = address
                found.append(recipient)
                current = found.count - 1
            } else {
                current = known
            }
        }
        for line in lines {
            var text = Substring(line)
            if let (address, rest) = Self.leadingAddress(text) {
                select(address)
                text = rest
            } else if let mentioned = found.firstIndex(where: { line.contains("<\($0.address)>") }) {
                current = mentioned
            }
            guard let current, found[current].diagnostic.utf8.count < Self.longest else { continue }
            let words = text.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
            if words.isEmpty { continue }
            found[current].diagnostic += found[current].diagnostic.isEmpty ? words : " \(words)"
            if found[current].remoteHost == nil { found[current].remoteHost = Self.host(words) }
        }
        if found.isEmpty {
            let all = lines.joined(separator: " ")
            for address in failed {
                select(address)
                if let current { found[current].diagnostic = String(all.prefix(Self.longest)) }
            }
        }
        return found
    }

    /// An address at the start of a line, alone or before `:`, `(`, a link or a date.
    private static func leadingAddress(_ line: Substring) -> (String, Substring)? {
        var text = line.drop { $0 == " " || $0 == "\t" || $0 == "*" || $0 == "-" }
        let isQuoted = text.first == "<"
        if isQuoted { text = text.dropFirst() }
        let address = text.prefix { !" \t<>:;,()[]'\"".contains($0) }
        guard let at = address.firstIndex(of: "@"), at != address.startIndex, address[at...].contains("."),
            !address.hasSuffix("."), !address.hasSuffix("@")
        else { return nil }
        var rest = text[address.endIndex...]
        if isQuoted {
            guard rest.first == ">" else { return nil }
            rest = rest.dropFirst()
        }
        let after = rest.drop { $0 == " " || $0 == "\t" }
        guard after.isEmpty || ":(<".contains(after.first ?? " ") || after.hasPrefix("on ") || after.hasPrefix("...")
        else { return nil }
        return (String(address), after.first == ":" ? after.dropFirst() : after)
    }

    /// The host in `host mx.example.org[192.0.2.1] said` and its like.
    private static func host(_ words: String) -> String? {
        var previous: Substring = ""
        for word in words.split(separator: " ") {
            if previous == "host" || previous == "to" {
                let name = word.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }
                if previous == "host", name.contains(".") { return String(name) }
            }
            previous = word
        }
        return nil
    }

    private static let signs = [
        "could not be delivered", "couldn't be delivered", "qmail-send", "mail delivery software", "mail system at",
        "permanent fatal errors", "transient non-fatal errors", "delivery has failed", "did not reach", "undeliverable",
        "wasn't able to deliver", "delivery failed", "not be reached", "error occurred while trying to deliver",
        "unable to deliver", "unable to be delivered", "returned to sender", "transcript of session",
        "delivery to the following",
        "delivery failure",
    ]
    private static let ends = [
        "below this line is a copy", "this is a copy of", "original message follows", "original message headers",
        "message header follows", "unsent message below", "--- original message", "your original message",
    ]
    private static let starts = ["return-path:", "received: from", "reporting-mta:"]
}
