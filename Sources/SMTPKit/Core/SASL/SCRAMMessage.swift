/// The attributes of a message of SCRAM: `r=…,s=…,i=4096`.
///
/// - SeeAlso: RFC 5802, section 5.1.
struct SCRAMMessage: Hashable, Sendable {
    private var attributes: [(key: UInt8, value: ArraySlice<UInt8>)]

    /// - Returns: `nil` when an attribute is not a letter, `=` and a value.
    init?(_ octets: ArraySlice<UInt8>) {
        attributes = []
        for part in octets.split(separator: SCRAMName.comma, maxSplits: 16, omittingEmptySubsequences: false) {
            guard part.count >= 2, let key = part.first, ASCII.isLetter(key),
                part[part.startIndex + 1] == UInt8(ascii: "=")
            else { return nil }
            attributes.append((key, part.dropFirst(2)))
        }
    }

    /// The value of the attribute at a place, when it has this letter.
    func value(_ index: Int, _ key: Unicode.Scalar) -> ArraySlice<UInt8>? {
        guard index < attributes.count, attributes[index].key == UInt8(ascii: key) else { return nil }
        return attributes[index].value
    }

    /// The value of the last attribute, when it has this letter.
    func last(_ key: Unicode.Scalar) -> ArraySlice<UInt8>? { value(attributes.count - 1, key) }

    /// Whether bytes can be a nonce: visible, and no comma.
    static func isNonce(_ octets: ArraySlice<UInt8>) -> Bool {
        !octets.isEmpty && octets.allSatisfy { 0x21...0x7E ~= $0 && $0 != SCRAMName.comma }
    }

    static func == (a: SCRAMMessage, b: SCRAMMessage) -> Bool {
        a.attributes.elementsEqual(b.attributes) { $0.key == $1.key && $0.value == $1.value }
    }

    func hash(into hasher: inout Hasher) {
        for attribute in attributes {
            hasher.combine(attribute.key)
            hasher.combine(attribute.value)
        }
    }
}

/// The bytes of one text combined with those of another by exclusive or; as long as the shorter.
func combined(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] { zip(a, b).map { $0 ^ $1 } }
