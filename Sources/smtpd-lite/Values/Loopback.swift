import Glibc
import SMTPKit

/// The addresses that only this machine can reach.
enum Loopback {
    /// Where the tool listens when nobody says where: 127.0.0.1 and, if there is such a thing, ::1.
    static func addresses(_ family: BoundSocket.Family) -> [ListenAddress] {
        let ipv4 = ListenAddress.tcp(host: "127.0.0.1", port: 2525)
        let ipv6 = ListenAddress.tcp(host: "::1", port: 2525)
        return switch family {
        case .any: hasIPv6 ? [ipv4, ipv6] : [ipv4]
        case .ipv4: [ipv4]
        case .ipv6: [ipv6]
        }
    }

    /// Whether the machine has IPv6 at all; in many containers it has not.
    static let hasIPv6: Bool = {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
    }()
}
