package import SMTPCore

/// Questions to the DNS that block until they are answered, at most for as long as they may.
///
/// For threads that may block; ``Resolver`` asks the same questions from async code.
package struct DNSLookup: Sendable {
    /// The records that a name has of one type.
    package struct Answer: Hashable, Sendable {
        /// The records, in no order; none when the name exists and has none of the type.
        package let records: [DNSRecord.Data]
        /// The names that the name was an alias of, in order.
        package let aliases: [String]
        /// Whether the server validated the answer with DNSSEC, and its word can be relied on.
        package let isAuthenticated: Bool
    }

    /// How often each server is asked before the question is given up.
    private static let attempts = 2
    /// The most aliases that are followed within one answer.
    private static let maximumAliases = 8

    /// The server to ask; `nil` for the system's servers, with `/etc/hosts` for addresses.
    private let server: NameServer?
    /// How long to wait for the answer to one question.
    private let timeout: Duration

    /// Makes a lookup.
    ///
    /// - Parameter timeout: how long a question may take.
    package init(server: NameServer? = nil, timeout: Duration = .seconds(10)) {
        self.server = server
        self.timeout = timeout
    }

    /// The MX records of a domain, in no order; none when it exists and has none.
    package func mailExchangers(of domain: String) throws(ResolverError) -> [MailExchanger] {
        try records(of: domain, .mx).records.compactMap { data in
            guard case .mailExchanger(let preference, let host) = data else { return nil }
            return MailExchanger(preference: preference, host: host)
        }
    }

    /// The addresses of a host; the host itself when it is an address.
    ///
    /// - Throws: ``ResolverError/noAddress(_:)`` when there is none.
    package func addresses(of host: String, family: Resolver.Family = .any) throws(ResolverError) -> [String] {
        if let own = try Self.ownAddress(of: host, family: family) { return [own] }
        // An IPv6 address may have a scope, `fe80::1%eth0`, which the system reads.
        guard host.contains(":") || DomainName.isValid(host) else { throw .invalidName(host) }
        guard server != nil else { return try HostLookup.addresses(of: host, family: family) }
        var addresses: [String] = []
        let kinds: [DNSRecord.Kind] = (family.hasIPv6 ? [.aaaa] : []) + (family.hasIPv4 ? [.a] : [])
        for kind in kinds {
            addresses += try records(of: host, kind).records.compactMap { data in
                if case .address(let address) = data { address } else { nil }
            }
        }
        guard !addresses.isEmpty else { throw .noAddress(host) }
        return addresses
    }

    /// The address of a host that is an address; `nil` for a name. Nothing is looked up.
    static func ownAddress(of host: String, family: Resolver.Family) throws(ResolverError) -> String? {
        let isIPv4 = IPAddress.isIPv4(host)
        guard isIPv4 || IPAddress.isIPv6(host) else { return nil }
        guard isIPv4 ? family.hasIPv4 : family.hasIPv6 else { throw .noAddress(host) }
        return host
    }

    /// The records that a name has of one type.
    ///
    /// - Throws: ``ResolverError/noSuchName(_:)`` when the name does not exist.
    package func records(of name: String, _ kind: DNSRecord.Kind) throws(ResolverError) -> Answer {
        guard DomainName.isValid(name) else { throw .invalidName(name) }
        let configuration = server == nil ? ResolverConfiguration.system : nil
        let servers = configuration?.servers ?? server.map { [$0] } ?? []
        let message = try ask(name, kind, servers)
        switch message.code {
        case 0: break
        case 3: throw .noSuchName(name)
        case _: throw .serverFailure(name, code: Self.codeName(message.code))
        }
        let isTrusted = configuration?.trustsAuthenticatedData ?? true
        return Self.answer(message, kind, isAuthenticated: isTrusted && message.isAuthenticated)
    }

    /// Asks each server in turn, and again, until one of them has an answer that can be used.
    private func ask(
        _ name: String, _ kind: DNSRecord.Kind, _ servers: [NameServer]
    ) throws(ResolverError) -> DNSMessage {
        let rounds = servers.count * Self.attempts
        let start = ContinuousClock.now
        var failure = ResolverError.timedOut(name)
        var refusal: DNSMessage?
        for round in 0..<rounds {
            let question = DNSQuestion(id: .random(in: .min ... .max), name: name, kind: kind)
            let exchange = DNSExchange(server: servers[round % servers.count], question: question)
            do throws(ResolverError) {
                let message = try exchange.ask(until: start + timeout * (round + 1) / rounds)
                // A server that fails may not be the only one; its answer is the last resort.
                if message.code == 0 || message.code == 3 { return message }
                refusal = message
                if servers.count == 1 { break }
            } catch {
                failure = error
                guard error.code == .timedOut else {
                    if servers.count == 1 { break }
                    continue
                }
            }
        }
        if let refusal { return refusal }
        throw failure
    }

    /// The records of the name that the aliases lead to.
    private static func answer(_ message: DNSMessage, _ kind: DNSRecord.Kind, isAuthenticated: Bool) -> Answer {
        var aliases: [String] = []
        var name = message.name
        while kind != .cname, aliases.count < maximumAliases {
            let alias = message.answers.first { $0.kind == .cname && isSame($0.name, name) }
            guard case .name(let next)? = alias?.data else { break }
            aliases.append(next)
            name = next
        }
        let records = message.answers.filter { $0.kind == kind && isSame($0.name, name) }.map(\.data)
        return Answer(records: records, aliases: aliases, isAuthenticated: isAuthenticated)
    }

    private static func isSame(_ a: String, _ b: String) -> Bool { a.lowercased() == b.lowercased() }

    /// RFC 1035, section 4.1.1.
    private static func codeName(_ code: UInt8) -> String {
        switch code {
        case 1: "FORMERR"
        case 2: "SERVFAIL"
        case 4: "NOTIMP"
        case 5: "REFUSED"
        case _: "code \(code)"
        }
    }
}
