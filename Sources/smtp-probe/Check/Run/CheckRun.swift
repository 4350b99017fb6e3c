import CommandLineSupport
import SMTPKit

/// One run: the checks of a domain, and those of each server.
final class CheckRun {
    private let plan: CheckPlan
    private let clock: CheckClock
    private let target: Target
    /// Whether the target is a domain, whose mail exchangers are checked.
    private let isDomain: Bool
    let record = DialogueRecord()
    private let pace = Pace()
    /// Told which check begins, and what came of the checks of a server or domain.
    private let report: any CheckReporting

    private(set) var results: [CheckResult] = []
    private(set) var servers: [ServerReport] = []
    /// Why the run ended early.
    private(set) var interruption: Int32?
    /// Why the domain or the target could not be found.
    private var failure: (any Error)?
    /// The statuses of the servers, as far as nothing could be done with them.
    private var startProblems: [ExitStatus] = []
    /// Why nothing could be done with the only server.
    private var reason: String?

    init(_ plan: CheckPlan, _ target: Target, isDomain: Bool, signals: Int32, _ report: any CheckReporting) {
        (self.plan, self.target, self.isDomain, self.report) = (plan, target, isDomain, report)
        clock = CheckClock(signals: signals, deadline: plan.deadline)
    }

    /// Why the run, or the dialogue with its only server, ended early.
    var problem: String? { failure.map { "\($0)" } ?? reason }

    /// Runs all checks.
    func run() {
        do {
            if isDomain, let domain = target.host {
                try runDomain(domain)
            } else {
                guard hasServerChecks else {
                    for check in plan.checks { skip(check, "only with --mx, for a domain", server: nil) }
                    return report.finished("\(target)", nil, results)
                }
                try runServer(try host(), domain: plan.domain, policy: nil)
            }
        } catch CheckError.interrupted(let signal) {
            interruption = signal
        } catch CheckError.deadline {
            leaveOpen()
        } catch {
            failure = error
        }
    }

    /// Gives a result to each check that has none when the time of the run is over before a server is reached.
    private func leaveOpen() {
        let done = Set(results.map(\.check.id))
        let server = isDomain ? nil : "\(target)"
        let open = plan.checks.filter { !done.contains($0.id) && !($0.isForDomain && !isDomain) }
        for check in open {
            results.append(
                CheckResult(check: check, server: server, finding: .inconclusive(overdue), time: .zero))
        }
        reason = overdue
        report.finished("\(target)", nil, Array(results.suffix(open.count)))
    }

    private var overdue: String { "the time of the run, \(plan.deadline.inSeconds), is over" }

    /// Whether a server has to be connected to at all.
    private var hasServerChecks: Bool { plan.checks.contains { !$0.isForDomain } }

    /// The only server, with its addresses.
    private func host() throws -> Candidates.Host {
        switch target.place {
        case .unix(let path): return Candidates.Host(name: "localhost", addresses: [], port: 0, path: path)
        case .host(let name, let port): return try host(name, port)
        }
    }

    /// A host with its addresses, which are looked up.
    ///
    /// - Throws: ``ResolverError``.
    private func host(_ name: String, _ port: UInt16) throws -> Candidates.Host {
        let name = try DomainName.ascii(name)
        let (lookup, family) = (plan.lookup, plan.family)
        let addresses = try clock.wait { try lookup.addresses(of: name, family: family) }
        return Candidates.Host(name: name, addresses: addresses, port: port)
    }

    // MARK: A domain

    private func runDomain(_ domain: String) throws {
        let probe = DomainProbe(plan, clock, domain: domain)
        do {
            try probe.findExchangers()
        } catch let error as ResolverError {
            failure = error
            if !error.isTemporary { throw error }
        }
        let before = results.count
        for check in plan.checks {
            guard case .domain(let body) = check.body else { continue }
            try perform(check, server: nil) { try body(probe) }
        }
        report.finished(domain, nil, Array(results[before...]))
        guard !probe.isNullMX, hasServerChecks else { return }
        var policy: STSPolicy?
        if plan.checks.contains(where: { $0.group == .mtaSTS }), case .success(let answer)? = probe.policyResult {
            policy = answer.policy
        }
        let port: UInt16 = if case .host(_, let port) = target.place { port } else { 25 }
        for exchanger in probe.exchangers {
            do {
                try runServer(
                    try host(exchanger.host, port), domain: plan.domain ?? domain, policy: policy,
                    isAuthenticated: probe.isAuthenticated)
            } catch let error as ResolverError {
                try unreachable(exchanger.host, port, SMTPError(.notResolved, stage: .connect, underlying: error))
            }
        }
    }

    /// A mail exchanger without an address.
    private func unreachable(_ host: String, _ port: UInt16, _ error: SMTPError) throws {
        try runServer(
            Candidates.Host(name: host, addresses: [], port: port), domain: plan.domain ?? target.host, policy: nil,
            problem: error)
    }

    // MARK: A server

    private func runServer(
        _ host: Candidates.Host, domain: String?, policy: STSPolicy?, isAuthenticated: Bool? = nil,
        problem: SMTPError? = nil
    ) throws {
        var place = target
        if isDomain, case .host(_, let port) = target.place { place.place = .host(host.name, port: port) }
        let server = ServerProbe(
            plan, clock, record, pace, target: place, role: plan.role ?? place.role, host: host,
            domain: domain)
        server.note { facts in
            facts.policy = policy
            facts.isExchangerAuthenticated = isAuthenticated
        }
        defer {
            server.end()
            servers.append(ServerReport(server))
        }
        if let problem {
            server.note { $0.connectProblem = problem }
        } else {
            do {
                try server.begin()
            } catch let error as CheckError {
                if case .interrupted = error { throw error }
            }
        }
        let status = ServerReport.status(server.facts)
        startProblems.append(status)
        if !isDomain, status != .done {
            let facts = server.facts
            reason = facts.connectProblem.map { "\($0)" } ?? facts.problem ?? facts.tlsProblem
        }
        let before = results.count
        for check in plan.checks {
            guard case .server(let body) = check.body else {
                if !isDomain { skip(check, "only with --mx, for a domain", server: nil) }
                continue
            }
            if check.id == "connect" {
                // A single target that cannot be reached is told by the exit status.
                guard isDomain || server.facts.address != nil else { continue }
            } else if !check.roles.contains(server.role) {
                skip(check, "not for the role \(server.role.rawValue)", server: server.name)
                continue
            } else if server.facts.address == nil {
                results.append(
                    CheckResult(
                        check: check, server: server.name, finding: .inconclusive("the server cannot be reached"),
                        time: .zero))
                continue
            }
            try perform(check, server: server.name) { try body(server) }
        }
        report.finished(server.name, server.facts.address, Array(results[before...]))
    }

    private func skip(_ check: Check, _ reason: String, server: String?) {
        results.append(CheckResult(check: check, server: server, finding: .skipped(reason), time: .zero))
    }

    /// Runs one check; whatever happens, it has a result.
    private func perform(_ check: Check, server: String?, _ body: () throws -> Finding) throws {
        guard !check.needs.contains(.active) || plan.isActive else {
            return skip(check, "only with --active", server: server)
        }
        report.began(check, server)
        let start = ContinuousClock.now
        let first = record.entries.count + 1
        var finding: Finding
        do {
            try clock.check()
            finding = try body()
        } catch CheckError.inconclusive(let reason, let number) {
            finding = .inconclusive(reason)
            if let number { finding.evidence = [number] }
        } catch CheckError.skipped(let reason) {
            finding = .skipped(reason)
        } catch CheckError.deadline {
            finding = .inconclusive(overdue)
        } catch CheckError.unavailable {
            finding = .inconclusive("the server has turned two connections away, so no more are made")
        } catch CheckError.injected {
            finding = .inconclusive("there was plaintext after the reply to STARTTLS")
        } catch let error as CheckError {
            throw error
        } catch {
            finding = .inconclusive("\(error)")
        }
        if finding.evidence.isEmpty, [.fail, .warn].contains(finding.verdict) {
            // What was said during the check is its evidence, as far as it is little.
            finding.evidence = Array((first..<(record.entries.count + 1)).prefix(20))
        }
        results.append(
            CheckResult(check: check, server: server, finding: finding, time: start.duration(to: .now)))
    }

    // MARK: The end

    /// The status by the table; with `--fail-on warn` warnings count as failures.
    func status(failsOnWarning: Bool) -> ExitStatus {
        if let interruption { return ExitStatus(signal: interruption) }
        if results.contains(where: { $0.check.id == "tls.inject-client" && $0.finding.verdict == .fail }) {
            return .protocolViolation
        }
        let isFailure = results.contains {
            $0.finding.verdict == .fail || failsOnWarning && $0.finding.verdict == .warn
        }
        if isFailure { return .expectation }
        let verdicts: Set<Verdict> = [.pass, .warn, .info]
        let hasRun = results.contains { verdicts.contains($0.finding.verdict) && $0.check.id != "connect" }
        if hasRun { return .done }
        if clock.isOver { return .timeout }
        if let problem = startProblems.first(where: { $0 != .done }) { return problem }
        if let failure { return ExitStatus(failure) }
        return .done
    }
}

extension Target {
    /// The role that a server has when nothing else says so.
    var role: Role {
        switch place {
        case .unix: .local
        case .host(_, let port):
            scheme == .lmtp ? .local : scheme == .smtps || port == 465 || port == 587 ? .submission : .mx
        }
    }
}

/// The events of a run that is under way.
protocol CheckReporting: AnyObject {
    /// A check begins.
    func began(_ check: Check, _ server: String?)
    /// All checks of a domain, or of a server with its address, are done.
    func finished(_ subject: String, _ address: String?, _ results: [CheckResult])
}
