/// IP addresses as text, and as the bytes that are meant.
package enum IPAddressText {
    /// Returns the 4 or 16 bytes of an address without brackets. A zone after `%` is ignored.
    ///
    /// - Returns: `nil` for anything that is no address.
    package static func octets(_ text: some StringProtocol) -> [UInt8]? {
        let address = Substring(text.prefix { $0 != "%" })
        if AddressLiteral.isIPv4(address) { return address.split(separator: ".").compactMap { UInt8($0) } }
        guard AddressLiteral.isIPv6(address) else { return nil }
        guard let gap = address.utf8.indices.first(where: { address[$0...].hasPrefix("::") }) else {
            return groups(address)
        }
        let head = groups(address[..<gap])
        let tail = groups(address[gap...].dropFirst(2))
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring) -> [UInt8] {
        text.split(separator: ":").flatMap { group -> [UInt8] in
            if group.contains(".") { return octets(group) ?? [] }
            let value = UInt16(group, radix: 16) ?? 0
            return [UInt8(value >> 8), UInt8(value & 0xFF)]
        }
    }

    /// The same, of the IPv4 address where one is mapped into IPv6 (`::ffff:192.0.2.1`), so that an address has one
    /// text.
    ///
    /// - SeeAlso: RFC 4291, section 2.5.5.2.
    static func unmappedText(_ octets: some Collection<UInt8>) -> String { text(unmapped(Array(octets))) }

    /// The 4 octets of an IPv4 address that is mapped into IPv6, and those of every other address as they are.
    static func unmapped(_ octets: [UInt8]) -> [UInt8] {
        guard octets.count == 16, octets.prefix(10).allSatisfy({ $0 == 0 }), octets[10...11] == [0xFF, 0xFF] else {
            return octets
        }
        return Array(octets.suffix(4))
    }

    /// The usual text of 4 or 16 octets.
    ///
    /// - SeeAlso: RFC 5952, section 4.
    static func text(_ octets: some Collection<UInt8>) -> String {
        let octets = Array(octets)
        guard octets.count == 16 else { return octets.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
        // The longest run of zeros, the first of several, of two groups at least.
        var best = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > max(best.count, 1) { best = start..<index }
            start = index + 1
        }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        return best.isEmpty ? text(0..<8) : "\(text(0..<best.lowerBound))::\(text(best.upperBound..<8))"
    }
}
