/// A record that says that a domain has an MTA-STS policy.
///
///     v=STSv1; id=20260101T000000
///
/// - SeeAlso: RFC 8461, section 3.1.
struct STSRecord: Hashable {
    /// The identity of the policy, 1 to 32 letters and digits.
    let id: String

    static func isSTS(_ text: String) -> Bool { TagList.has(version: "STSv1", text) }

    /// Reads a record that ``isSTS(_:)``.
    init(parsing text: String) throws(RecordError) {
        let tags = try TagList(parsing: text)
        guard let id = tags["id"] else { throw RecordError("'id=' is missing") }
        guard 1...32 ~= id.utf8.count, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw RecordError("'id=\(id)' is not 1 to 32 letters and digits")
        }
        self.id = id
    }
}
