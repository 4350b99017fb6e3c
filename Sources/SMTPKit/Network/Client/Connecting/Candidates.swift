package import SMTPCore

/// The hosts and addresses to try for an endpoint, in order: a value without sockets, time or look-ups.
///
/// A driver asks for the next ``Request``, carries it out, and reports what came of it:
///
///     var candidates = Candidates(.mailExchange(of: "example.org"))
///     while true {
///         switch try candidates.next() {
///         case .exchangers(let domain): candidates.found(exchangers: lookUp(domain))
///         case .addresses(let host): candidates.found(addresses: lookUp(host))
///         case .connect(let host):
///             guard let error = connect(host) else { return }
///             candidates.failed(error)
///         }
///     }
///
/// - SeeAlso: RFC 5321, section 5.1.
package struct Candidates: Sendable {
    /// A host to connect to.
    package struct Host: Hashable, Sendable {
        /// Its name in ASCII, for TLS and SASL; `localhost` for a UNIX socket.
        package let name: String
        /// Its addresses in numbers; none for a UNIX socket.
        package let addresses: [String]
        /// The port; 0 for a UNIX socket.
        package let port: UInt16
        /// The path of a UNIX socket.
        package let path: String?

        package init(name: String, addresses: [String], port: UInt16, path: String? = nil) {
            self.name = name
            self.addresses = addresses
            self.port = port
            self.path = path
        }
    }

    /// The next action.
    package enum Request: Hashable, Sendable {
        /// Look up the mail exchangers of a domain.
        case exchangers(of: String)
        /// Look up the addresses of a host.
        case addresses(of: String)
        /// Connect to a host, and await its greeting.
        case connect(Host)
    }

    private enum State {
        case start
        case exchangersAwaited(String)
        case addressesAwaited(String)
        case ready(Host)
        case idle
    }

    private let port: UInt16
    /// Whether there are several hosts, so that the next one is tried after a refusal.
    package let isMailExchange: Bool
    private let endpoint: Endpoint
    private var state = State.start
    private var hosts: ArraySlice<String> = []
    private var failures: [SMTPError] = []

    /// Makes the list for an endpoint.
    package init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
        switch endpoint {
        case .host(_, let port): (self.port, isMailExchange) = (port, false)
        case .mailExchange(_, let port): (self.port, isMailExchange) = (port, true)
        case .unix: (port, isMailExchange) = (0, false)
        }
    }

    /// Returns what is to be done next.
    ///
    /// - Throws: `SMTPError` when nothing is left to try: the last failure, or all of them if none got as far as a
    ///   connection.
    package mutating func next() throws(SMTPError) -> Request {
        switch state {
        case .start: return try begin()
        case .exchangersAwaited(let domain): return .exchangers(of: domain)
        case .addressesAwaited(let host): return .addresses(of: host)
        case .ready(let host):
            state = .idle
            return .connect(host)
        case .idle:
            guard let host = hosts.popFirst() else { throw exhausted }
            state = .addressesAwaited(host)
            return .addresses(of: host)
        }
    }

    private mutating func begin() throws(SMTPError) -> Request {
        switch endpoint {
        case .unix(let path):
            state = .idle
            return .connect(Host(name: "localhost", addresses: [], port: 0, path: path))
        case .host(let name, _):
            hosts = [try Self.ascii(name)]
            state = .idle
        case .mailExchange(let domain, _):
            if let address = Resolver.literal(domain) {
                hosts = [address]
                state = .idle
            } else {
                state = .exchangersAwaited(try Self.ascii(domain))
            }
        }
        return try next()
    }

    private static func ascii(_ name: String) throws(SMTPError) -> String {
        do throws(ResolverError) {
            return try DomainName.ascii(name)
        } catch {
            throw SMTPError(.notResolved, stage: .connect, underlying: error)
        }
    }

    /// The look-up of the mail exchangers is done.
    package mutating func found(exchangers result: Result<[MailExchanger], ResolverError>) {
        guard case .exchangersAwaited(let domain) = state else { return }
        state = .idle
        do throws(ResolverError) {
            let found = try MailExchanger.hosts(for: domain, among: try result.get())
            hosts = found.map(\.host)[...]
        } catch {
            failures.append(SMTPError(.notResolved, stage: .connect, underlying: error))
        }
    }

    /// The look-up of the addresses of a host is done.
    package mutating func found(addresses result: Result<[String], ResolverError>) {
        guard case .addressesAwaited(let host) = state else { return }
        state = .idle
        do throws(ResolverError) {
            let addresses = try result.get()
            guard !addresses.isEmpty else { throw .noAddress(host) }
            state = .ready(Host(name: host, addresses: addresses, port: port, path: nil))
        } catch {
            failures.append(SMTPError(.notResolved, stage: .connect, underlying: error))
        }
    }

    /// The host did not greet with 2yz.
    ///
    /// - Returns: whether the next candidate may be tried.
    @discardableResult
    package mutating func failed(_ error: SMTPError) -> Bool {
        failures.append(error)
        return !hosts.isEmpty && error.isWorthRetryingElsewhere
    }

    private var exhausted: SMTPError {
        let last = failures.last ?? SMTPError(.connectFailed, stage: .connect, reason: "there is no address")
        guard failures.count > 1, failures.allSatisfy({ $0.code == .connectFailed }) else { return last }
        let reasons = failures.map { $0.reason ?? "\($0)" }.joined(separator: ", ")
        return SMTPError(.connectFailed, stage: .connect, reason: reasons, underlying: last.underlying)
    }
}

extension SMTPError {
    /// Whether to try the next address or host after this error: there was no connection, the server turned the client
    /// away before anything was said, or what it said is no greeting.
    package var isWorthRetryingElsewhere: Bool {
        switch code {
        case .connectFailed, .notResolved: true
        case .closed, .timedOut, .serviceClosing, .refused, .protocolViolation:
            stage == .greeting || stage == .proxy || stage == .connect
        case _: false
        }
    }
}
