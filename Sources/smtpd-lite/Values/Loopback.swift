import Glibc

/// The addresses that only this machine can reach.
enum Loopback {
    /// 127.0.0.1 and, if the machine has IPv6, ::1.
    static func hosts(_ family: BoundSocket.Family) -> [String] {
        switch family {
        case .any: hasIPv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"]
        case .ipv4: ["127.0.0.1"]
        case .ipv6: ["::1"]
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
