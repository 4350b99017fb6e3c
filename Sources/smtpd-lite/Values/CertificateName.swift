import CommandLineSupport
import Glibc

/// Names in a certificate: of hosts, with a `*` for the first label perhaps, and IP addresses.
enum CertificateName {
    /// The name, without the brackets that an IPv6 address may have.
    ///
    /// - Throws: ``ValueError`` for anything that no client could compare with the host it asked for.
    static func parse(_ text: String) throws -> String {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        if bare.contains(":") {
            var address = in6_addr()
            guard inet_pton(AF_INET6, bare, &address) == 1 else { throw allowed }
            return bare
        }
        let host = bare.hasPrefix("*.") ? bare.dropFirst(2) : bare[...]
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard bare.utf8.count <= 253, labels.allSatisfy(isLabel) else { throw allowed }
        return bare
    }

    private static let allowed = ValueError(
        "a host name in ASCII or an IP address is wanted, such as mail.example.org, *.example.org or 192.0.2.1")

    private static func isLabel(_ text: Substring) -> Bool {
        1...63 ~= text.utf8.count
            && text.utf8.allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                case _: false
                }
            }
    }
}
