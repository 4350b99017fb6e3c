import Glibc
import SMTPCore

/// One address that can be connected to.
package struct SocketTarget: Hashable, Sendable {
    /// The address as the system takes it.
    let octets: [UInt8]
    /// `AF_INET`, `AF_INET6` or `AF_UNIX`.
    let family: Int32
    /// `192.0.2.1:25`, `[2001:db8::1]:25` or `unix:/run/smtp.sock`.
    package let text: String

    /// Returns the addresses of a host that are in numbers, or its path. Never blocks.
    ///
    /// - Throws: `SMTPError.Code.notResolved`.
    package static func find(_ host: Candidates.Host) throws(SMTPError) -> [SocketTarget] {
        if let path = host.path { return [try unix(path)] }
        var targets: [SocketTarget] = []
        for address in host.addresses { targets += try look(address, "\(host.port)") }
        return targets
    }

    /// A numeric address of this end, to connect from.
    package static func source(_ address: String) throws(SMTPError) -> SocketTarget {
        guard let target = try look(address, nil).first else {
            throw SMTPError(.notResolved, stage: .connect, reason: address)
        }
        return target
    }

    private static func unix(_ path: String) throws(SMTPError) -> SocketTarget {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SMTPError(.notResolved, stage: .connect, reason: "the path is too long: \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let octets = withUnsafeBytes(of: &address) { Array($0) }
        return SocketTarget(octets: octets, family: AF_UNIX, text: "unix:\(path)")
    }

    private static func look(_ address: String, _ port: String?) throws(SMTPError) -> [SocketTarget] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(address, port, &hints, &list)
        guard result == 0 else {
            let reason = result == EAI_SYSTEM ? strerror(errno) : UnsafeMutablePointer(mutating: gai_strerror(result))
            throw SMTPError(
                .notResolved, stage: .connect, reason: "\(address): \(reason.map { String(cString: $0) } ?? "")")
        }
        defer { freeaddrinfo(list) }
        var targets: [SocketTarget] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = entry.ai_addr else { continue }
            let octets = Array(UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen)))
            let text = Self.text(octets, isIPv6: entry.ai_family == AF_INET6)
            targets.append(SocketTarget(octets: octets, family: entry.ai_family, text: text))
        }
        return targets
    }

    private static func text(_ octets: [UInt8], isIPv6: Bool) -> String {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let result = octets.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: sockaddr.self) { address in
                getnameinfo(
                    address.baseAddress, socklen_t(octets.count), &host, socklen_t(host.count), &port,
                    socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV)
            }
        }
        guard result == 0 else { return "" }
        func string(_ text: [CChar]) -> String {
            String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return isIPv6 ? "[\(string(host))]:\(string(port))" : "\(string(host)):\(string(port))"
    }
}
