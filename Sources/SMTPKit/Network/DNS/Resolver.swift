import NIOPosix

/// Finds the hosts that take mail for a domain, and the addresses of hosts.
///
/// This library looks up names only on request: a server has no resolver unless a hook of yours uses one, and
/// a client only where a name is its endpoint. Each question is a closure, so that a test or a cache can replace it:
///
/// ```swift
/// let resolver = Resolver.system()
/// server.hooks.onSender = { request in
///     guard case .mailbox(let mailbox) = request.path, try await !resolver.acceptsMail("\(mailbox.domain)") else {
///         return .accept
///     }
///     return .reply(Reply(550, .permanent(.badSendersSystemAddress), "Nobody could answer you"))
/// }
/// ```
///
/// - SeeAlso: RFC 5321, section 5.1.
public struct Resolver: Sendable {
    /// The addresses that are wanted.
    public enum Family: Hashable, Sendable {
        /// Both, IPv6 usually first.
        case any
        /// Those of IPv4.
        case ipv4
        /// Those of IPv6.
        case ipv6

        var hasIPv4: Bool { self != .ipv6 }
        var hasIPv6: Bool { self != .ipv4 }
    }

    /// The MX records of a domain: in any order, none when the domain exists and has none.
    ///
    /// Throws ``ResolverError`` when there is no such domain, or no answer.
    public var mailExchangers: @Sendable (_ domain: String) async throws -> [MailExchanger]
    /// The addresses of a host, in numbers; a host that is an address is its own.
    ///
    /// Throws ``ResolverError``, also when there is no address.
    public var addresses: @Sendable (_ host: String, _ family: Family) async throws -> [String]

    /// Makes a resolver of your own.
    public init(
        mailExchangers: @escaping @Sendable (_ domain: String) async throws -> [MailExchanger],
        addresses: @escaping @Sendable (_ host: String, _ family: Family) async throws -> [String]
    ) {
        self.mailExchangers = mailExchangers
        self.addresses = addresses
    }

    /// The system's resolver: `/etc/hosts`, and the name servers of `resolv.conf`.
    ///
    /// - Parameter timeout: how long an MX question may take. How long the system
    ///   looks for an address is up to its own configuration.
    public static func system(timeout: Duration = .seconds(10)) -> Resolver {
        asking(DNSLookup(timeout: timeout))
    }

    /// A resolver that asks one name server, and nothing else.
    ///
    /// - Parameters:
    ///   - server: the name server.
    ///   - timeout: how long a question may take.
    public static func nameServer(_ server: NameServer, timeout: Duration = .seconds(10)) -> Resolver {
        asking(DNSLookup(server: server, timeout: timeout))
    }

    /// The lookups block, so they run where that is no harm.
    private static func asking(_ lookup: DNSLookup) -> Resolver {
        Resolver(
            mailExchangers: { domain in
                try await NIOThreadPool.singleton.runIfActive { try lookup.mailExchangers(of: domain) }
            },
            addresses: { host, family in
                // An address has nothing to wait for, also where all threads wait for name servers.
                if let own = try DNSLookup.ownAddress(of: host, family: family) { return [own] }
                return try await NIOThreadPool.singleton.runIfActive { try lookup.addresses(of: host, family: family) }
            })
    }
}

extension Resolver {
    /// The hosts that take mail for a domain, in the order in which they are to be tried.
    ///
    /// They are those of the MX records by preference, shuffled within one preference; the domain itself when there is
    /// no record. For an address literal, `[192.0.2.1]`, it is that address.
    ///
    /// - Returns: 1 to ``MailExchanger/limit`` hosts. Whether they have addresses is not looked up.
    /// - Throws: ``ResolverError``: no such domain, a null MX, or no answer.
    /// - SeeAlso: RFC 5321, section 5.1; RFC 7505.
    public func mailHosts(for domain: String) async throws -> [MailExchanger] {
        if let address = Self.literal(domain) { return [MailExchanger(preference: 0, host: address)] }
        return try MailExchanger.hosts(for: domain, among: await mailExchangers(domain))
    }

    /// Whether a domain can be sent mail: it has a mail exchanger, or at least an address, and no null MX.
    ///
    /// This is what tells an address that can be answered from one that cannot.
    ///
    /// - Returns: `false` when the DNS says that there is nothing.
    /// - Throws: ``ResolverError`` when it did not say: no answer, or an unusable one. That is no reason to refuse
    ///   anything for good.
    /// - SeeAlso: RFC 5321, section 5.1; RFC 7505.
    public func acceptsMail(_ domain: String) async throws -> Bool {
        do {
            if Self.literal(domain) != nil { return true }
            let records = try await mailExchangers(domain)
            if !records.isEmpty {
                _ = try MailExchanger.hosts(for: domain, among: records)
            } else {
                _ = try await addresses(domain, .any)
            }
            return true
        } catch let error as ResolverError where !error.isTemporary {
            return false
        }
    }

    /// The address in a literal.
    static func literal(_ domain: String) -> String? {
        guard domain.hasPrefix("["), domain.hasSuffix("]") else { return nil }
        let content = String(domain.dropFirst().dropLast())
        if content.lowercased().hasPrefix("ipv6:") {
            let address = String(content.dropFirst(5))
            return IPAddress.isIPv6(address) ? address : nil
        }
        return IPAddress.isIPv4(content) ? content : nil
    }
}
