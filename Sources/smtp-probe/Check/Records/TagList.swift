/// The `name=value` pairs of a TXT record, separated by semicolons.
///
///     v=DMARC1; p=reject; rua=mailto:reports@example.net
///
/// - SeeAlso: RFC 7489, section 6.4; RFC 8460, section 3; RFC 8461, section 3.1.
struct TagList: Hashable {
    /// The pairs in their order.
    let pairs: [(name: String, value: String)]

    /// Reads the pairs. A name may occur once.
    init(parsing text: String) throws(RecordError) {
        var pairs: [(name: String, value: String)] = []
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let part = part.trimmingBlanks
            if part.isEmpty {
                // A semicolon at the end is common; two in a row are a mistake.
                guard index == parts.count - 1 else { throw RecordError("a tag is empty") }
                continue
            }
            guard let sign = part.firstIndex(of: "=") else { throw RecordError("'\(part)' is not NAME=VALUE") }
            let name = part[..<sign].trimmingBlanks
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else {
                throw RecordError("'\(name)' is not the name of a tag")
            }
            guard !pairs.contains(where: { $0.name == name }) else { throw RecordError("'\(name)' occurs twice") }
            pairs.append((name, part[part.index(after: sign)...].trimmingBlanks))
        }
        self.pairs = pairs
    }

    /// The value of a name.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// Whether a text begins with the tag that names a version, which may have blanks around its `=`.
    static func has(version: String, _ text: String) -> Bool {
        let first = text.prefix { $0 != ";" }
        guard let sign = first.firstIndex(of: "=") else { return false }
        return first[..<sign].trimmingBlanks == "v" && first[first.index(after: sign)...].trimmingBlanks == version
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        case _: false
        }
    }

    static func == (a: TagList, b: TagList) -> Bool { a.pairs.elementsEqual(b.pairs, by: { $0 == $1 }) }

    func hash(into hasher: inout Hasher) { for pair in pairs { hasher.combine(pair.name) } }
}
