import CommandLineSupport
import SMTPKit
import SMTPTLS

/// A server under test: its connections, and what is known of it.
///
/// A check asks for a ``session()``, which is a connection in step, in TLS where the server offers it, without a
/// transaction. One connection serves many checks. A new one is made when the server has closed it, and before the
/// server has seen more refusals on it than servers bear.
final class ServerProbe {
    /// The limits for one connection, after which a new one is made. Postfix slows down at ten refusals; Exim closes at
    /// three violations of the protocol, and at ten commands that are no mail.
    private static let limits = (refusals: 6, violations: 2, idle: 7)
    /// The ciphers for a server whose security is only observed: everything that OpenSSL has.
    private static let lenientCiphers = "ALL:!aNULL:@SECLEVEL=0"

    let plan: CheckPlan
    let clock: CheckClock
    let role: Role
    let target: Target
    /// The name that certificates have to hold, and its addresses.
    let host: Candidates.Host
    /// The domain of postmaster and the relay checks, as far as it is known without the server.
    private let givenDomain: String?
    private let record: DialogueRecord
    private let pace: Pace

    private var current: CheckConnection?
    private var closings = 0
    private(set) var facts = ServerFacts()
    /// All replies so far.
    private(set) var exchanges: [Exchange] = []

    init(
        _ plan: CheckPlan, _ clock: CheckClock, _ record: DialogueRecord, _ pace: Pace, target: Target, role: Role,
        host: Candidates.Host, domain: String?
    ) {
        (self.plan, self.clock, self.record, self.pace) = (plan, clock, record, pace)
        (self.target, self.role, self.host) = (target, role, host)
        givenDomain = domain
    }

    // MARK: Names

    var port: UInt16 { if case .host(_, let port) = target.place { port } else { 0 } }
    /// `host:port`, as it appears in results.
    var name: String {
        guard case .host = target.place else { return "\(target)" }
        return host.name.contains(":") ? "[\(host.name)]:\(port)" : "\(host.name):\(port)"
    }
    /// Whether the host is known by an address only.
    var isAddress: Bool { NameServer(address: host.name) != nil }
    /// The name that certificates have to hold; `nil` when there is none.
    var certificateName: String? { plan.certificateName ?? (isAddress || role == .local ? nil : host.name) }

    /// The domain that the server serves.
    ///
    /// - Throws: ``CheckError/inconclusive(_:)`` when nothing tells it.
    func domain() throws -> String {
        if let domain = givenDomain { return domain }
        if !isAddress, role != .local { return host.name }
        if let name = facts.bannerName { return name }
        throw CheckError.inconclusive("the domain of the server is not known; --domain tells it")
    }

    // MARK: Connections

    /// Makes the first connection, from which the server's greeting, extensions and TLS are learnt.
    ///
    /// - Throws: when the server cannot be connected to. What fails after that is kept in the ``facts``.
    func begin() throws {
        let connection = try connect()
        facts.address = connection.address
        do {
            facts.greeting = try connection.reply()
            guard facts.greeting?.code == 220 else {
                connection.quit()
                return
            }
            facts.hello = try connection.command(helloLine)
            if facts.hello?.isSuccess != true { facts.helo = try connection.command("HELO \(plan.ownName)") }
            if target.isImplicitTLS {
                facts.tls = connection.tls
                facts.securedCapabilities = connection.capabilities
            } else {
                facts.capabilities = connection.capabilities
                try learnTLS(connection)
            }
            current = connection.isInStep ? connection : nil
        } catch let error as CheckError {
            connection.quit()
            if case .inconclusive(let reason, _) = error {
                if facts.greeting == nil, closings == 0 { closings = 1 }
                facts.problem = facts.problem ?? reason
            } else {
                try keep(error)
            }
        }
    }

    private func learnTLS(_ connection: CheckConnection) throws {
        guard facts.capabilities?.contains("STARTTLS") == true else { return }
        facts.startTLS = try connection.command("STARTTLS")
        guard facts.startTLS?.code == 220 else { return }
        try connection.awaitHandshake()
        facts.tls = connection.tls
        guard connection.isSecured else {
            facts.tlsProblem = connection.failure.map { "\($0)" } ?? "the handshake failed"
            return
        }
        facts.securedHello = try connection.command(helloLine)
        facts.securedCapabilities = connection.capabilities
    }

    private func keep(_ error: CheckError) throws {
        guard case .injected = error else { throw error }
        facts.isInjected = true
        facts.tlsProblem = "there was plaintext after the reply to STARTTLS"
    }

    /// A connection that a check may send its commands on, EHLO said, in TLS where that works, without a transaction.
    func session() throws -> CheckConnection {
        if let connection = current {
            if isFresh(connection) {
                if !connection.mayHoldTransaction { return connection }
                if try connection.command("RSET").isSuccess { return connection }
            }
            connection.quit()
            current = nil
        }
        let connection = try newSession()
        current = connection
        return connection
    }

    private func isFresh(_ connection: CheckConnection) -> Bool {
        connection.isInStep && connection.refusals < Self.limits.refusals
            && connection.violations < Self.limits.violations && connection.idleCommands < Self.limits.idle
    }

    /// A new connection on which EHLO was said.
    ///
    /// - Parameter isSecured: whether TLS is used where it works.
    func newSession(isSecured: Bool = true) throws -> CheckConnection {
        let connection = try greeted()
        let hello = try connection.command(helloLine)
        if !hello.isSuccess, try !connection.command("HELO \(plan.ownName)").isSuccess {
            throw CheckError.inconclusive("the server refuses EHLO and HELO", hello)
        }
        guard isSecured, !target.isImplicitTLS, facts.securedCapabilities != nil, !facts.isInjected else {
            return connection
        }
        let reply = try connection.startTLS()
        guard connection.isSecured else {
            throw CheckError.inconclusive("TLS, which worked before, does not", reply)
        }
        _ = try connection.command(helloLine)
        return connection
    }

    /// A new connection whose greeting was good.
    func greeted() throws -> CheckConnection {
        let connection = try connect()
        let greeting: Exchange
        do {
            greeting = try connection.reply()
        } catch CheckError.inconclusive(let reason, nil) {
            // A server that does not greet is left alone after a second time, as one that answers 421.
            closings += 1
            throw CheckError.inconclusive(reason)
        }
        guard greeting.code == 220 else {
            connection.quit()
            throw CheckError.inconclusive("the server does not greet with 220", greeting)
        }
        return connection
    }

    /// A new connection, whose greeting is still to come.
    ///
    /// - Parameter hello: a message that is sent in the place of a TLS handshake.
    func connect(_ security: ClientSecurity? = nil, probing hello: [UInt8]? = nil) throws -> CheckConnection {
        guard closings < 2 else { throw CheckError.unavailable }
        try pace.wait(clock)
        var options = PollableConnection.Options()
        options.session.isRaw = true
        options.session.isTraced = true
        options.session.isLMTP = target.scheme == .lmtp
        options.session.host = host.name
        options.session.port = port
        options.security = security ?? Self.lenient(plan)
        if target.isImplicitTLS { options.security.mode = .implicit }
        options.host = certificateName ?? host.name
        options.handshakeProbe = hello
        options.source = try plan.source.map { try SocketTarget.source($0) }
        let connection = CheckConnection(clock, plan, record)
        connection.onReply = { [unowned self] exchange in
            exchanges.append(exchange)
            if exchange.code == 421 { closings += 1 }
        }
        do {
            try connection.open(host, options)
        } catch let error as SMTPError {
            facts.connectProblem = error
            throw CheckError.inconclusive("\(error)")
        }
        return connection
    }

    /// TLS with anything that the server speaks, its certificate looked at and not refused.
    static func lenient(_ plan: CheckPlan) -> ClientSecurity {
        var security = ClientSecurity(.opportunistic)
        var configuration = TLSConfiguration.client()
        configuration.peerVerification = .observe
        configuration.minimumVersion = .tls10
        configuration.securityLevel = 0
        configuration.cipherList = lenientCiphers
        if let authorities = plan.authorities { configuration.trust = .certificates(authorities) }
        security.configuration = configuration
        return security
    }

    /// Says goodbye.
    func end() {
        current?.quit()
        current = nil
    }

    var helloLine: String { "\(target.scheme == .lmtp ? "LHLO" : "EHLO") \(plan.ownName)" }

    // MARK: Envelopes

    /// Begins a transaction on a session.
    ///
    /// - Throws: ``CheckError/inconclusive(_:_:)`` when the server does not take the sender.
    func transaction(from sender: String = "<>") throws -> (CheckConnection, Exchange) {
        let connection = try session()
        let mail = try connection.command("MAIL FROM:\(sender)")
        guard mail.isSuccess else { throw Self.refused(mail) }
        return (connection, mail)
    }

    /// The error for a MAIL that was refused.
    static func refused(_ mail: Exchange) -> CheckError {
        let isLogin = mail.code == 530
        return .inconclusive(isLogin ? "the server asks for authentication first" : "MAIL is refused", mail)
    }

    /// An address that the server takes mail for, in angle brackets: `--rcpt`, or a postmaster.
    ///
    /// - Throws: ``CheckError/inconclusive(_:)`` when there is none.
    func recipient() throws -> String {
        if let known = facts.recipient { return known }
        var candidates = (try? domain()).map { ["<postmaster@\($0)>"] } ?? []
        candidates.append("<postmaster>")
        if let given = plan.recipient { candidates = ["<\(given)>"] }
        guard !facts.hasNoRecipient else { throw CheckError.inconclusive(Self.noRecipient) }
        for path in candidates {
            let (connection, _) = try transaction()
            guard try connection.command("RCPT TO:\(path)").isSuccess else { continue }
            facts.recipient = path
            return path
        }
        facts.hasNoRecipient = true
        throw CheckError.inconclusive(Self.noRecipient)
    }

    private static let noRecipient = "no recipient is accepted; --rcpt names one that exists"

    /// Whether the server takes mail for a user who does not exist.
    func isCatchAll() throws -> Bool {
        if let known = facts.isCatchAll { return known }
        let (connection, _) = try transaction()
        let reply = try connection.command("RCPT TO:<\(RandomName.user)@\(try domain())>")
        guard !reply.isTransient else { throw CheckError.inconclusive("a random user is deferred", reply) }
        facts.isCatchAll = reply.isSuccess
        return reply.isSuccess
    }

    /// The extensions that hold for a ``session()``.
    var offered: Capabilities? { facts.securedCapabilities ?? facts.capabilities }

    /// Whether the extensions of the server are known, or that it has none.
    ///
    /// They are not when the connection ended before the reply to EHLO, or that reply was a temporary refusal.
    var knowsExtensions: Bool { offered != nil || facts.hello.map { !$0.isTransient } ?? false }

    /// - Throws: ``CheckError/skipped(_:)`` unless the server offers an extension;
    ///   ``CheckError/inconclusive(_:)`` if its extensions are not known.
    func require(_ keyword: String) throws {
        guard knowsExtensions else {
            throw CheckError.inconclusive(facts.problem ?? "the extensions are not known")
        }
        guard offered?.contains(keyword) == true else { throw CheckError.skipped("\(keyword) is not offered") }
    }

    func note(_ change: (inout ServerFacts) -> Void) { change(&facts) }
}

extension Target {
    /// Whether the connection begins with TLS.
    var isImplicitTLS: Bool {
        if scheme == .smtps { return true }
        if scheme == .smtp, case .host(_, port: 465) = place { return true }
        return false
    }
}

/// Names that exist nowhere.
enum RandomName {
    /// A user.
    static var user: String { "probe-\(String(UInt64.random(in: 1 << 40..<1 << 60), radix: 36))" }
}

/// The pause between two connections.
final class Pace {
    private var last: ContinuousClock.Instant?

    func wait(_ clock: CheckClock) throws {
        if let last {
            let rest = CheckPlan.pause - last.duration(to: .now)
            if rest > .zero { try clock.sleep(rest) }
        }
        last = .now
    }
}
