import CommandLineSupport
import SMTPKit

/// A host to try, with its addresses.
struct Candidate: Sendable {
    /// The name that its certificate is to hold.
    let host: String
    let addresses: [SocketTarget]

    /// The hosts that a target stands for, in the order in which they are to be tried. Asks the DNS where that is needed, which
    /// may take its time.
    ///
    /// - Throws: ``SMTPError`` or ``ResolverError``.
    static func find(_ target: Target, _ options: ConnectionOptions) throws -> [Candidate] {
        switch target.place {
        case .unix(let path):
            return [Candidate(host: "localhost", addresses: try SocketTarget.find(.unix(path: path)))]
        case .host(let name, let port):
            guard options.mx else { return [try find(name, port, options)] }
            let records = try DNSLookup(server: options.resolver).mailExchangers(of: name)
            var failure: (any Error)?
            let found = try MailExchanger.hosts(for: name, among: records).compactMap { exchanger -> Candidate? in
                do {
                    return try find(exchanger.host, port, options)
                } catch {
                    failure = failure ?? error
                    return nil
                }
            }
            if found.isEmpty, let failure { throw failure }
            return found
        }
    }

    private static func find(_ host: String, _ port: UInt16, _ options: ConnectionOptions) throws -> Candidate {
        guard let server = options.resolver else {
            return Candidate(host: host, addresses: try SocketTarget.find(.host(host, port: port), options.family))
        }
        let addresses = try DNSLookup(server: server).addresses(of: host, family: options.family)
        return Candidate(
            host: host, addresses: try addresses.flatMap { try SocketTarget.find(.host($0, port: port)) })
    }
}
