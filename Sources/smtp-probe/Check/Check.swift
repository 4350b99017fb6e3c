/// One check of the catalogue: an identifier, the rule that it is about, and the code that looks whether the rule is
/// kept.
///
/// The table ``catalogue`` holds all of them; selection, order, manual page and documents derive from it.
struct Check: Sendable {
    /// The part of a server or domain that a check is about.
    enum Group: String, CaseIterable, Sendable {
        case `protocol`
        case dns
        case tls
        case cert
        case dane
        case mtaSTS = "mta-sts"
        case relay
        case smuggle
        case auth
    }

    /// The needs of a check beside a server.
    struct Needs: OptionSet, Sendable {
        let rawValue: Int
        /// `--active`: it sends malformed input, talks before the greeting, or goes into the content of a message.
        static let active = Needs(rawValue: 1)
        /// `--rcpt`: a recipient that exists; postmaster serves where it is accepted.
        static let recipient = Needs(rawValue: 2)
        static let dns = Needs(rawValue: 4)
        static let https = Needs(rawValue: 8)
    }

    /// The code of a check.
    enum Body: Sendable {
        /// For each server.
        case server(@Sendable (ServerProbe) throws -> Finding)
        /// Once for a domain.
        case domain(@Sendable (DomainProbe) throws -> Finding)
    }

    /// `family.member`, or a word.
    let id: String
    let group: Group
    /// The rule in a few words.
    let title: String
    /// Where the rule is written: `5321 §3.1`.
    let rfc: [String]
    let needs: Needs
    /// The roles of servers that the rule is for.
    let roles: Set<Role>
    let body: Body

    /// A check of each server.
    ///
    /// - Parameters:
    ///   - run: gathers what there is to know, by talking to the server.
    ///   - judge: judges that by the rules, without talking to anyone.
    init<Observed>(
        _ id: String, _ group: Group, _ title: String, rfc: [String], needs: Needs = [],
        roles: Set<Role> = Set(Role.allCases), run: @escaping @Sendable (ServerProbe) throws -> Observed,
        judge: @escaping @Sendable (Observed, Role) throws -> Finding
    ) {
        (self.id, self.group, self.title, self.rfc, self.needs, self.roles) = (id, group, title, rfc, needs, roles)
        body = .server { try judge(try run($0), $0.role) }
    }

    /// A check of a domain.
    init<Observed>(
        domain id: String, _ group: Group, _ title: String, rfc: [String], needs: Needs,
        run: @escaping @Sendable (DomainProbe) throws -> Observed,
        judge: @escaping @Sendable (Observed) throws -> Finding
    ) {
        (self.id, self.group, self.title, self.rfc, self.needs) = (id, group, title, rfc, needs)
        roles = Set(Role.allCases)
        body = .domain { try judge(try run($0)) }
    }

    /// The part of the identifier before the dot, or all of it.
    var family: String { String(id.prefix { $0 != "." }) }

    /// Whether it is about a domain, and not about each of its servers.
    var isForDomain: Bool { if case .domain = body { true } else { false } }
}

/// The role of a server, which decides some of the rules.
enum Role: String, CaseIterable, Sendable {
    /// A mail exchanger: anyone may send to its own domains, and TLS is opportunistic.
    case mx
    /// A submission server: its users log in.
    case submission
    /// A server of this machine or network: LMTP, or a UNIX socket.
    case local
}
