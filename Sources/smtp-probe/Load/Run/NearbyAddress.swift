import SMTPKit

/// Addresses that only this machine or its own network can have: loopback, link-local and private ones.
///
/// - SeeAlso: RFC 1918; RFC 3927; RFC 4193; RFC 4291, section 2.5.
enum NearbyAddress {
    private static let networks = [
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "0.0.0.0", "::/127",
        "fe80::/10", "fc00::/7",
    ].compactMap(CIDRBlock.init)

    /// Whether an address, in numbers, is one of them.
    static func contains(_ text: String) -> Bool {
        // An interface may follow a link-local address.
        let bare = text.split(separator: "%", omittingEmptySubsequences: false).first.map(String.init) ?? text
        return networks.contains { $0.contains(bare) }
    }
}
