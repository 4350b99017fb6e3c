import Glibc

/// The name server that is asked in place of the system's.
public struct NameServer: Hashable, Sendable {
    /// An IP address, without brackets.
    public let address: String
    /// A port of UDP and TCP, usually 53.
    public let port: UInt16

    /// Makes a name server.
    ///
    /// - Returns: `nil` unless the address is an IP address in numbers: names cannot be resolved before there is
    ///   something to ask.
    public init?(address: String, port: UInt16 = 53) {
        guard IPAddress.isIPv4(address) || IPAddress.isIPv6(address) else { return nil }
        self.address = address
        self.port = port
    }
}

/// Addresses in numbers.
enum IPAddress {
    static func isIPv4(_ text: String) -> Bool {
        isAddress(text, AF_INET)
    }

    static func isIPv6(_ text: String) -> Bool {
        isAddress(text, AF_INET6)
    }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        // Sixteen bytes hold an address of either kind.
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 4) { inet_pton(family, text, $0.baseAddress) == 1 }
    }
}
