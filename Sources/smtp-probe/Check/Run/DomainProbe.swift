import SMTPKit

/// A domain under test: its records, and its policy.
final class DomainProbe {
    let plan: CheckPlan
    let clock: CheckClock
    let domain: String
    /// The mail exchangers, by preference; the domain itself when there is no record.
    private(set) var exchangers: [MailExchanger] = []
    /// Whether the resolver has validated the MX records (the AD bit of RFC 4035); `nil` before they were looked up.
    private(set) var isAuthenticated: Bool?
    /// Whether the domain says that it takes no mail.
    private(set) var isNullMX = false
    private(set) var policyResult: Result<STSPolicyAnswer, any Error>?
    private var texts: [String: [String]] = [:]

    init(_ plan: CheckPlan, _ clock: CheckClock, domain: String) {
        (self.plan, self.clock, self.domain) = (plan, clock, domain)
    }

    /// Looks the mail exchangers up.
    ///
    /// - Throws: ``ResolverError``.
    func findExchangers() throws {
        let answer = try records(domain, .mx)
        isAuthenticated = answer.isAuthenticated
        do {
            exchangers = try MailExchanger.hosts(for: domain, among: Self.exchangers(answer))
        } catch {
            guard error.code == .acceptsNoMail else { throw error }
            isNullMX = true
        }
    }

    private static func exchangers(_ answer: DNSLookup.Answer) -> [MailExchanger] {
        var found: [MailExchanger] = []
        for case .mailExchanger(let preference, let host) in answer.records {
            found.append(MailExchanger(preference: preference, host: host))
        }
        return found
    }

    /// The records of a name.
    ///
    /// - Throws: ``ResolverError``.
    func records(_ name: String, _ kind: DNSRecord.Kind) throws -> DNSLookup.Answer {
        let lookup = plan.lookup
        return try clock.wait { try lookup.records(of: name, kind) }
    }

    /// The TXT records of a name; none when it does not exist.
    ///
    /// - Throws: ``CheckError/inconclusive(_:)`` when the DNS did not answer.
    func text(_ name: String) throws -> [String] {
        if let known = texts[name] { return known }
        do {
            let found = try records(name, .txt).records.compactMap { data -> String? in
                guard case .text(let octets) = data else { return nil }
                return String(decoding: octets, as: UTF8.self)
            }
            texts[name] = found
            return found
        } catch let error as ResolverError where error.code == .noSuchName {
            texts[name] = []
            return []
        } catch let error as ResolverError {
            throw CheckError.inconclusive("\(error)")
        }
    }

    /// The MTA-STS policy, from the file of `--policy` or over HTTPS; fetched once.
    ///
    /// - Throws: ``PolicyError``, or a ``RecordError`` for what is wrong with it.
    func policy() throws -> STSPolicyAnswer {
        if let policyResult { return try policyResult.get() }
        do {
            let answer: STSPolicyAnswer
            if let octets = plan.policy {
                answer = STSPolicyAnswer(policy: try STSPolicy(parsing: octets), remarks: [])
            } else {
                let fetch = PolicyFetch(plan, domain: domain)
                answer = try clock.wait { try await fetch.run() }
            }
            policyResult = .success(answer)
            return answer
        } catch {
            policyResult = .failure(error)
            throw error
        }
    }
}

/// A policy, and what is not as it should be with the way in which it came.
struct STSPolicyAnswer: Sendable {
    let policy: STSPolicy
    let remarks: [String]
}
