/// The labels of a domain name in the DNS. A label has 1 to 63 bytes of any value, so that a dot can be in a label.
///
/// In the text form, dots divide the labels. A dot or a backslash in a label is written `\.` or `\\`. A byte that is no
/// printable character of ASCII is written `\DDD`, in decimal.
///
/// - SeeAlso: RFC 1035, sections 3.1 and 5.1; RFC 2181, section 11.
struct DNSName: Hashable, Sendable {
    /// The labels from left to right; none for the root.
    let labels: [[UInt8]]

    /// Makes a name of labels.
    init(labels: [[UInt8]]) { self.labels = labels }

    /// Reads the text form. Empty labels, such as the one after a dot at the end, are left out.
    ///
    /// A backslash that starts no escape means itself.
    init(_ text: String) {
        var labels: [[UInt8]] = []
        var label: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            switch octet {
            case ASCII.dot:
                if !label.isEmpty { labels.append(label) }
                label = []
            case UInt8(ascii: "\\"): label.append(Self.escaped(&rest) ?? octet)
            case _: label.append(octet)
            }
        }
        if !label.isEmpty { labels.append(label) }
        self.labels = labels
    }

    /// The text form, without a dot at its end; empty for the root.
    var text: String { labels.map { $0.map(Self.text).joined() }.joined(separator: ".") }

    /// The name in a message, uncompressed: each label after its length, and a zero at the end.
    var octets: [UInt8] { labels.flatMap { [UInt8(truncatingIfNeeded: $0.count)] + $0 } + [0] }

    /// Takes the byte that an escape means, from the text after its backslash.
    ///
    /// - Returns: `nil` at the end of the text, and for three digits beyond 255.
    private static func escaped(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        let digits = rest.prefix(3)
        guard digits.count == 3, digits.allSatisfy(ASCII.isDigit) else { return rest.popFirst() }
        guard let octet = UInt8(String(decoding: digits, as: UTF8.self)) else { return nil }
        rest = rest.dropFirst(3)
        return octet
    }

    private static func text(_ octet: UInt8) -> String {
        switch octet {
        case ASCII.dot, UInt8(ascii: "\\"): "\\\(Character(UnicodeScalar(octet)))"
        case 0x21...0x7E: String(UnicodeScalar(octet))
        case _: "\\" + String(repeating: "0", count: octet < 10 ? 2 : octet < 100 ? 1 : 0) + "\(octet)"
        }
    }
}
