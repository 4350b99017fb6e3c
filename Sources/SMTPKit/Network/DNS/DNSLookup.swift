import CResolv
import Glibc

/// Questions to the DNS that block until they are answered.
///
/// For threads that may block; ``Resolver`` asks the same questions from async code.
package struct DNSLookup: Sendable {
    /// How many records of an answer are read; those behind them are left out.
    static let maximumRecords = 100

    /// Whom to ask; `nil` for the system's own way, with `/etc/hosts` for addresses.
    private let server: NameServer?
    /// How long to wait for one answer, in seconds; each question is sent twice.
    private let seconds: Int32

    /// Makes a lookup.
    ///
    /// - Parameter timeout: how long a question may take; whole seconds, two at least.
    package init(server: NameServer? = nil, timeout: Duration = .seconds(10)) {
        self.server = server
        seconds = Int32(clamping: max(1, timeout.components.seconds / 2))
    }

    /// The MX records of a domain, in no order; none when it exists and has none.
    package func mailExchangers(of domain: String) throws(ResolverError) -> [MailExchanger] {
        try ask(domain, smtp_dns_mx)
    }

    /// The addresses of a host; the host itself when it is an address.
    ///
    /// - Throws: ``ResolverError/noAddress(_:)`` when there is none.
    package func addresses(of host: String, family: Resolver.Family = .any) throws(ResolverError) -> [String] {
        let isIPv4 = IPAddress.isIPv4(host)
        if isIPv4 || IPAddress.isIPv6(host) {
            guard isIPv4 ? family.hasIPv4 : family.hasIPv6 else { throw .noAddress(host) }
            return [host]
        }
        // An IPv6 address may have a scope, `fe80::1%eth0`, which the system reads.
        guard host.contains(":") || DomainName.isValid(host) else { throw .invalidName(host) }
        guard server != nil else { return try HostLookup.addresses(of: host, family: family) }
        var addresses: [String] = []
        if family.hasIPv6 { addresses += try ask(host, smtp_dns_aaaa).map(\.host) }
        if family.hasIPv4 { addresses += try ask(host, smtp_dns_a).map(\.host) }
        guard !addresses.isEmpty else { throw .noAddress(host) }
        return addresses
    }

    /// Asks for records of one type, and reads those of the answer. An address stands in the place of the host.
    private func ask(_ name: String, _ type: some BinaryInteger) throws(ResolverError) -> [MailExchanger] {
        guard DomainName.isValid(name) else { throw .invalidName(name) }
        var records = [smtp_dns_record](repeating: smtp_dns_record(), count: Self.maximumRecords)
        var code: Int32 = 0
        let count = smtp_dns_ask(
            name, Int32(type), server?.address, server?.port ?? 0, seconds, &records, Int32(records.count), &code)
        guard count >= 0 else { throw Self.failure(of: name, -count) }
        switch code {
        case 0: break
        case 3: throw .noSuchName(name)
        case _: throw .serverFailure(name, code: Self.codeName(code))
        }
        return records.prefix(Int(count)).map { record in
            MailExchanger(preference: record.preference, host: Self.text(of: record))
        }
    }

    private static func failure(of name: String, _ error: Int32) -> ResolverError {
        switch error {
        case EINVAL: .invalidName(name)
        case EBADMSG: .malformedAnswer(name)
        case ETIMEDOUT: .timedOut(name)
        case _: .unreachable(name, reason: String(cString: strerror(error)))
        }
    }

    private static func text(of record: smtp_dns_record) -> String {
        let octets = withUnsafeBytes(of: record.text) { Array($0.prefix { $0 != 0 }) }
        // The root is the empty name here.
        return octets == [UInt8(ascii: ".")] ? "" : String(decoding: octets, as: UTF8.self)
    }

    /// RFC 1035, section 4.1.1.
    private static func codeName(_ code: Int32) -> String {
        switch code {
        case 1: "FORMERR"
        case 2: "SERVFAIL"
        case 4: "NOTIMP"
        case 5: "REFUSED"
        case _: "code \(code)"
        }
    }
}
