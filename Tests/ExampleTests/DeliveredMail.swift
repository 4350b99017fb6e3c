/// A message as an mbox in the dialect mboxrd has it.
struct DeliveredMail: Hashable {
    /// The fields that were put above the message on its way: `Return-Path`, `Delivered-To`, `Received`.
    var trace: String
    /// The message, with LF line ends, as it was before it went anywhere.
    var message: String

    /// The messages of an mbox, in order.
    static func all(in mbox: String) -> [DeliveredMail] {
        var messages: [[Substring]] = []
        for line in mbox.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("From ") {
                messages.append([])
            } else if !messages.isEmpty {
                messages[messages.count - 1].append(isQuoted(line) ? line.dropFirst() : line)
            }
        }
        return messages.map(DeliveredMail.init)
    }

    private init(lines: [Substring]) {
        let names = ["Return-Path:", "Delivered-To:", "X-Original-To:", "Received:"]
        var end = 0
        while end < lines.count, names.contains(where: lines[end].hasPrefix) || lines[end].hasPrefix("\t") { end += 1 }
        trace = lines[..<end].joined(separator: "\n")
        // An mbox ends each message with an empty line.
        var body = lines[end...]
        while body.last == "" { body.removeLast() }
        message = body.map { $0 + "\n" }.joined()
    }

    /// Whether a line is `From ` after one `>` or more.
    private static func isQuoted(_ line: Substring) -> Bool {
        line.hasPrefix(">") && line.drop { $0 == ">" }.hasPrefix("From ")
    }
}
