/// A host that takes mail for a domain.
///
///     example.org. MX 10 mx.example.org.
///
/// - SeeAlso: RFC 1035, section 3.3.9; RFC 5321, section 5.1.
public struct MailExchanger: Hashable, Sendable {
    /// The most hosts of a domain that are considered; those of the worst preference are left out.
    public static let limit = 50

    /// Lower is tried first. 0 to 65,535.
    public var preference: UInt16
    /// The host's name without a dot at its end, or an IP address; empty in a null MX.
    public var host: String

    /// Makes a mail exchanger.
    public init(preference: UInt16, host: String) {
        self.preference = preference
        self.host = host
    }
}

extension MailExchanger {
    /// The hosts to try for a domain, in order, made of its MX records.
    ///
    /// Without any record the domain itself is the host (an implicit MX). Hosts of one preference are shuffled.
    ///
    /// - Throws: ``ResolverError/acceptsNoMail(_:)`` for a null MX, ``ResolverError/malformedAnswer(_:)`` when
    ///   there are records and none names a host.
    /// - SeeAlso: RFC 5321, section 5.1; RFC 7505, section 3.
    package static func hosts(
        for domain: String, among records: [MailExchanger],
        using shuffle: (inout [MailExchanger]) -> Void = { $0.shuffle() }
    ) throws(ResolverError) -> [MailExchanger] {
        guard !records.isEmpty else { return [MailExchanger(preference: 0, host: domain)] }
        var hosts = records.filter { DomainName.isValid($0.host) }
        if hosts.isEmpty {
            // RFC 7505 requires a null MX to be the only record; beside real hosts it means nothing.
            guard records.contains(where: \.host.isEmpty) else { throw .malformedAnswer(domain) }
            throw .acceptsNoMail(domain)
        }
        shuffle(&hosts)
        // `sort` keeps the order of equals.
        hosts.sort { $0.preference < $1.preference }
        return Array(hosts.prefix(limit))
    }
}
