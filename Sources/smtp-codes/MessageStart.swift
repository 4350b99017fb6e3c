/// Tells a message or a mailbox from a log by its first line.
enum MessageStart {
    /// Whether a line begins a mailbox (`From …`) or is a field that messages begin with.
    static func matches(_ line: UnsafeRawBufferPointer) -> Bool {
        let start = Array(line.prefix(64))
        if start.starts(with: "From ".utf8) { return true }
        guard let colon = start.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let name = String(decoding: start[..<colon], as: UTF8.self).lowercased()
        if name.hasPrefix("x-") || name.hasPrefix("arc-") {
            return name.utf8.allSatisfy {
                $0 == 0x2D || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39
            }
        }
        return fields.contains(name)
    }

    private static let fields: Set = [
        "return-path", "received", "delivered-to", "envelope-to", "from", "to", "subject", "date", "message-id",
        "mime-version", "content-type", "reporting-mta", "auto-submitted", "authentication-results", "dkim-signature",
        "received-spf", "delivery-date", "sender", "reply-to", "content-transfer-encoding", "thread-topic",
    ]
}
