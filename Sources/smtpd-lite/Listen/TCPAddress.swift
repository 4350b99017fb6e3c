import Glibc
import SMTPKit

/// An IP address and a port, as the system takes them.
struct TCPAddress {
    /// The address for messages.
    let asked: ListenAddress
    private var storage: sockaddr_storage
    private let size: socklen_t

    /// All addresses of a host, each once. ``ListenValue/anyHost`` is every address of the machine.
    ///
    /// - Throws: ``BindError`` for a host that is not known.
    static func resolve(_ host: String, _ port: Int, _ family: BoundSocket.Family) throws(BindError) -> [TCPAddress] {
        let isAny = host == ListenValue.anyHost
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        switch family {
        case .any: hints.ai_family = isAny ? (Loopback.hasIPv6 ? AF_INET6 : AF_INET) : AF_UNSPEC
        case .ipv4: hints.ai_family = AF_INET
        case .ipv6: hints.ai_family = AF_INET6
        }
        var list: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(isAny ? nil : host, "\(port)", &hints, &list)
        guard error == 0 else {
            throw BindError(.tcp(host: host, port: port), String(cString: gai_strerror(error)))
        }
        defer { freeaddrinfo(list) }
        var addresses: [TCPAddress] = []
        var next = list
        while let information = next {
            next = information.pointee.ai_next
            guard let address = TCPAddress(information.pointee, host, port) else { continue }
            if !addresses.contains(where: { $0.octets == address.octets }) { addresses.append(address) }
        }
        return addresses
    }

    private init?(_ information: addrinfo, _ host: String, _ port: Int) {
        guard let address = information.ai_addr, Int(information.ai_addrlen) <= MemoryLayout<sockaddr_storage>.size
        else {
            return nil
        }
        storage = sockaddr_storage()
        size = information.ai_addrlen
        memcpy(&storage, address, Int(size))
        var name = [CChar](repeating: 0, count: 1025)
        let isKnown =
            host != ListenValue.anyHost
            && getnameinfo(address, size, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST) == 0
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        asked = .tcp(host: isKnown ? text : host, port: port)
    }

    /// IPv4 or IPv6.
    var family: Int32 { Int32(storage.ss_family) }

    /// The same address with a port, in network order.
    func with(port: in_port_t) -> TCPAddress {
        var address = self
        // The port is at the same place in both kinds of address.
        withUnsafeMutableBytes(of: &address.storage) { $0.storeBytes(of: port, toByteOffset: 2, as: in_port_t.self) }
        return address
    }

    /// The port that a socket is bound to, in network order.
    static func port(of descriptor: Int32) -> in_port_t? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard result == 0 else { return nil }
        return withUnsafeBytes(of: &storage) { $0.loadUnaligned(fromByteOffset: 2, as: in_port_t.self) }
    }

    /// Calls something that takes an address of the system.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }

    private var octets: [UInt8] { withUnsafeBytes(of: storage) { Array($0.prefix(Int(size))) } }
}
