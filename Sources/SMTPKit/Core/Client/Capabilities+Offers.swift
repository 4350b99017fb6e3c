/// Values that a client reads from a server's list.
extension Capabilities {
    /// The mechanisms of `AUTH` that are known here, in the server's order; both forms of the line count.
    public var mechanisms: [SASLMechanism] {
        var found: [SASLMechanism] = []
        for entry in entries where entry.keyword == "AUTH" {
            for mechanism in entry.parameters.compactMap({ SASLMechanism(name: $0) }) where !found.contains(mechanism) {
                found.append(mechanism)
            }
        }
        return found
    }

    /// The largest message that the server takes, in bytes; `nil` when it names no limit (RFC 1870, section 4).
    public var sizeLimit: UInt64? {
        guard let text = self["SIZE"]?.first, let limit = UInt64(text), limit > 0 else { return nil }
        return limit
    }
}
