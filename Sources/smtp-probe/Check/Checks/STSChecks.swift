import SMTPKit
import SMTPTLS

extension Check {
    /// MTA-STS: the record, the policy, and whether the servers fit it.
    static let stsDomain: [Check] = [
        Check(
            domain: "mta-sts.record", .mtaSTS, "There is one valid MTA-STS record", rfc: ["8461 §3.1"], needs: .dns,
            run: { probe in (try STSRules.records(probe), STSRules.hasPolicy(probe)) },
            judge: { (observed: (records: [String], hasPolicy: Bool)) in
                guard let record = observed.records.first else {
                    guard observed.hasPolicy else { throw CheckError.skipped("the domain has no MTA-STS record") }
                    return .warn(
                        "there is a policy and no record, so no sender looks for it",
                        fix: "Publish '_mta-sts' with 'v=STSv1; id=1'.")
                }
                guard observed.records.count == 1 else {
                    return .fail(
                        "there are \(observed.records.count) MTA-STS records, so none counts", fix: "Keep one of them.")
                }
                do {
                    return .pass("id \(try STSRecord(parsing: record).id)")
                } catch let error as RecordError {
                    return .fail("\(error) in '\(record)'", fix: "Correct the record.")
                }
            }),
        Check(
            domain: "mta-sts.policy", .mtaSTS, "The policy can be fetched, and is valid",
            rfc: ["8461 §3.2", "8461 §3.3"],
            needs: [.dns, .https], run: { try STSRules.policy($0) }, judge: { STSRules.judge($0) }),
        Check(
            domain: "mta-sts.mx", .mtaSTS, "The policy covers each mail exchanger", rfc: ["8461 §4.1"],
            needs: [.dns, .https],
            run: { probe in
                guard case .success(let answer) = try STSRules.policy(probe) else {
                    throw CheckError.skipped("there is no valid policy")
                }
                let policy = answer.policy
                return (policy, probe.exchangers.map(\.host).filter { !policy.covers($0) })
            },
            judge: { (observed: (policy: STSPolicy, uncovered: [String])) in
                if observed.policy.mode == .none { return .info("the mode is none") }
                guard observed.uncovered.isEmpty else {
                    return .fault(
                        observed.policy.mode == .enforce,
                        "not covered: \(observed.uncovered.joined(separator: ", ")) (mode \(observed.policy.mode.rawValue))",
                        fix: "Add them to the policy as 'mx:', and change the record's id.")
                }
                return .pass(observed.policy.patterns.joined(separator: ", "))
            }),
    ]

    static let stsServer: [Check] = [
        Check(
            "mta-sts.certificate", .mtaSTS, "The server's certificate is as the policy asks", rfc: ["8461 §4.2"],
            needs: [.dns, .https], roles: [.mx],
            run: { server in
                guard let policy = server.facts.policy else { throw CheckError.skipped("there is no policy") }
                guard policy.mode != .none else { throw CheckError.skipped("the mode of the policy is none") }
                guard policy.covers(server.host.name) else {
                    throw CheckError.skipped("the policy does not cover the server")
                }
                return (policy.mode, server.facts)
            },
            judge: { (observed: (mode: STSPolicy.Mode, facts: ServerFacts), _) in
                let facts = observed.facts
                var problem = facts.tls?.problems.first.map { "\($0)" } ?? facts.tlsProblem
                if problem == nil, facts.tls == nil {
                    guard facts.hello != nil, facts.startTLS?.isTransient != true else {
                        throw CheckError.inconclusive(facts.problem ?? "there is no TLS")
                    }
                    problem = "there is no TLS"
                }
                if let tls = facts.tls, problem == nil, tls.properties.version < "TLSv1.2" {
                    problem = "TLS is older than 1.2"
                }
                guard let problem else { return .pass("mode \(observed.mode.rawValue)", [facts.startTLS]) }
                return .fault(
                    observed.mode == .enforce, "\(problem) (mode \(observed.mode.rawValue))",
                    fix: "Use a certificate that is valid for the server's name.", [facts.startTLS])
            })
    ]
}

enum STSRules {
    static func records(_ probe: DomainProbe) throws -> [String] {
        try probe.text("_mta-sts.\(probe.domain)").filter(STSRecord.isSTS)
    }

    /// Whether there is a policy although no record says so.
    static func hasPolicy(_ probe: DomainProbe) -> Bool {
        if case .success? = try? policy(probe) { true } else { false }
    }

    /// The policy, or why it does not count.
    ///
    /// - Throws: ``CheckError/skipped(_:)`` when nothing says that there is one.
    static func policy(_ probe: DomainProbe) throws -> Result<STSPolicyAnswer, PolicyFault> {
        let isExpected = try !records(probe).isEmpty
        do {
            return .success(try probe.policy())
        } catch is PolicyError where !isExpected {
            throw CheckError.skipped("the domain has no MTA-STS record")
        } catch PolicyError.unknown(let reason) {
            throw CheckError.inconclusive(reason)
        } catch let error as PolicyError {
            return .failure(PolicyFault(reason: error.description))
        } catch let error as RecordError {
            return .failure(PolicyFault(reason: error.description))
        }
    }

    /// A policy that does not count.
    struct PolicyFault: Error {
        let reason: String
    }

    static func judge(_ outcome: Result<STSPolicyAnswer, PolicyFault>) -> Finding {
        let answer: STSPolicyAnswer
        switch outcome {
        case .success(let policy): answer = policy
        case .failure(let fault):
            return .fail(
                "senders ignore the policy: \(fault.reason)",
                fix: "Serve a valid policy at https://mta-sts.DOMAIN/.well-known/mta-sts.txt.")
        }
        let policy = answer.policy
        let detail = "mode \(policy.mode.rawValue), max_age \(policy.maximumAge)"
        guard answer.remarks.isEmpty else {
            return .warn(
                "\(detail); \(answer.remarks.joined(separator: "; "))",
                fix: "Serve the policy as text/plain, in less than 64 KiB.")
        }
        return policy.mode == .none ? .info(detail) : .pass(detail)
    }
}
