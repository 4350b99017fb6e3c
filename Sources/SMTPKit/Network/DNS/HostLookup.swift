import Glibc

/// Addresses by the system's own rules: `/etc/hosts`, the DNS, and the order of RFC 6724.
enum HostLookup {
    static func addresses(of host: String, family: Resolver.Family) throws(ResolverError) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_family =
            switch family {
            case .any: AF_UNSPEC
            case .ipv4: AF_INET
            case .ipv6: AF_INET6
            }
        var found: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(host, nil, &hints, &found)
        let systemError = errno
        guard error == 0 else { throw failure(of: host, error, systemError) }
        defer { freeaddrinfo(found) }
        let addresses = sequence(first: found) { $0?.pointee.ai_next }.prefix { $0 != nil }
            .compactMap { $0.flatMap { number(of: $0.pointee) } }
        guard !addresses.isEmpty else { throw .noAddress(host) }
        return addresses
    }

    private static func number(of entry: addrinfo) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { space in
            guard let base = space.baseAddress,
                getnameinfo(
                    entry.ai_addr, entry.ai_addrlen, base, socklen_t(space.count), nil, 0, Int32(NI_NUMERICHOST)) == 0
            else { return nil }
            return String(cString: base)
        }
    }

    private static func failure(of host: String, _ error: Int32, _ systemError: Int32) -> ResolverError {
        switch error {
        case EAI_NONAME: .noSuchName(host)
        // EAI_NODATA and EAI_ADDRFAMILY, which need a feature macro.
        case -5, -9: .noAddress(host)
        case EAI_AGAIN: .timedOut(host)
        case EAI_SYSTEM: .unreachable(host, reason: String(cString: strerror(systemError)))
        case _: .serverFailure(host, code: String(cString: gai_strerror(error)))
        }
    }
}
