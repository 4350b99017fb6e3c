import Glibc

/// Addresses that only this machine or its own network can have: loopback, link-local and private ones.
///
/// - SeeAlso: RFC 1918; RFC 3927; RFC 4193; RFC 4291, section 2.5.
enum NearbyAddress {
    /// Whether an address, in numbers, is one of them.
    static func contains(_ text: String) -> Bool {
        // An interface may follow a link-local address.
        let bare = text.split(separator: "%", omittingEmptySubsequences: false).first.map(String.init) ?? text
        // Plain bytes: the members of in_addr are another module's where SwiftNIO is imported.
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, bare, &bytes) == 1 { return contains(bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }) }
        guard inet_pton(AF_INET6, bare, &bytes) == 1 else { return false }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        if isMapped { return contains(bytes[12...].reduce(0) { $0 << 8 | UInt32($1) }) }
        let isLocal = bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] <= 1
        return isLocal || bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 || bytes[0] & 0xFE == 0xFC
    }

    private static func contains(_ address: UInt32) -> Bool {
        let networks: [(UInt32, Int)] = [
            (0x7F00_0000, 8), (0x0A00_0000, 8), (0xAC10_0000, 12), (0xC0A8_0000, 16), (0xA9FE_0000, 16), (0, 32),
        ]
        return networks.contains { network, length in (address ^ network) >> UInt32(32 - length) == 0 }
    }
}
