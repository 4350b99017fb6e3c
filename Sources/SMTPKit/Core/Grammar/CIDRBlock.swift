/// A network: all addresses that begin with the same bits.
///
///     192.0.2.0/24   2001:db8::/32   127.0.0.1
///
/// - SeeAlso: RFC 4632, section 3.1; RFC 4291, section 2.3.
public struct CIDRBlock: Hashable, Sendable {
    private let octets: [UInt8]
    private let length: Int

    /// Reads an address with the number of bits after a slash, or one address without.
    ///
    /// - Returns: `nil` for anything else, also where bits are set after the prefix.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let octets = IPAddressText.octets(parts[0]) else { return nil }
        var length = octets.count * 8
        if parts.count == 2 {
            guard 1...3 ~= parts[1].utf8.count, parts[1].utf8.allSatisfy(ASCII.isDigit), let bits = Int(parts[1]),
                bits <= length
            else { return nil }
            length = bits
        }
        guard octets.indices.allSatisfy({ octets[$0] & ~Self.mask(of: $0, length) == 0 }) else { return nil }
        self.octets = octets
        self.length = length
    }

    /// Whether an address, in its usual text form, is in the network. An IPv4 address may be written as an IPv6 one
    /// (`::ffff:192.0.2.1`), and so may its network.
    public func contains(_ address: String) -> Bool {
        guard let other = IPAddressText.octets(address).map(IPAddressText.unmapped) else { return false }
        return contains(other)
            || (other.count == 4 && length >= 96 && contains([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + other))
    }

    private func contains(_ other: [UInt8]) -> Bool {
        other.count == octets.count && octets.indices.allSatisfy { octets[$0] == other[$0] & Self.mask(of: $0, length) }
    }

    /// The bits of a byte that belong to a prefix.
    private static func mask(of index: Int, _ length: Int) -> UInt8 {
        let bits = min(max(length - index * 8, 0), 8)
        return UInt8(truncatingIfNeeded: 0xFF00 >> bits)
    }
}

extension CIDRBlock: CustomStringConvertible {
    public var description: String { "\(IPAddressText.text(octets))/\(length)" }
}

extension [CIDRBlock] {
    /// Whether one of the networks holds an address; a UNIX socket is in none.
    package func contains(_ address: Peer.Address) -> Bool {
        guard case .ip(let text, _) = address else { return false }
        return contains { $0.contains(text) }
    }
}
