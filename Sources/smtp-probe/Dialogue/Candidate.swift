import CommandLineSupport
import SMTPKit

/// A host to try, with its addresses.
struct Candidate: Sendable {
    /// The name that its certificate is to hold.
    let host: String
    let addresses: [SocketTarget]

    /// The hosts that a target stands for, in the order in which they are to be tried.
    ///
    /// - Throws: ``SMTPError`` or ``ResolverError``.
    static func find(_ target: Target, _ options: ConnectionOptions) async throws -> [Candidate] {
        switch target.place {
        case .unix(let path):
            return [Candidate(host: "localhost", addresses: try SocketTarget.find(.unix(path: path)))]
        case .host(let name, let port):
            guard options.mx else { return [try await find(name, port, options)] }
            var found: [Candidate] = []
            var failure: (any Error)?
            for exchanger in try await options.questioned.mailHosts(for: name) {
                do {
                    found.append(try await find(exchanger.host, port, options))
                } catch {
                    failure = failure ?? error
                }
            }
            if found.isEmpty, let failure { throw failure }
            return found
        }
    }

    private static func find(_ host: String, _ port: UInt16, _ options: ConnectionOptions) async throws -> Candidate {
        guard options.resolver != nil else {
            return Candidate(host: host, addresses: try SocketTarget.find(.host(host, port: port), options.family))
        }
        let addresses = try await options.questioned.addresses(host, options.family)
        return Candidate(
            host: host, addresses: try addresses.flatMap { try SocketTarget.find(.host($0, port: port)) })
    }
}
