import Glibc
import SMTPKit

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

    /// Whether no other machine can reach a listener that is bound.
    static func isLocal(_ listener: ListenAddress) -> Bool {
        guard case .descriptor(let number) = listener else { return false }
        return isLocal(socket: number)
    }

    /// The same for a connection that is there already: a UNIX socket, a loopback address, or what is no socket at all.
    static func isLocal(socket number: Int32) -> Bool {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isSocket = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &size) == 0 }
        }
        guard isSocket else { return errno == ENOTSOCK }
        let family = Int32(address.ss_family)
        return withUnsafeBytes(of: &address) { bytes in
            switch family {
            case AF_UNIX: true
            case AF_INET: bytes.loadUnaligned(fromByteOffset: 4, as: UInt8.self) == 127
            case AF_INET6:
                bytes[8..<24].elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
                    || bytes[8..<21].elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127])
            case _: false
            }
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
