import SMTPKit
import SMTPTLS

extension Check {
    /// DANE, through OpenSSL's own code.
    static let dane: [Check] = [
        Check(
            "dane.records", .dane, "The TLSA records can be used, and are signed",
            rfc: ["6698 §2", "7671 §5", "7672 §2.2", "7672 §3.1"], needs: .dns, roles: [.mx, .submission],
            run: { try DANERules.records($0) }, judge: { records, _ in DANERules.judge(records) }),
        Check(
            "dane.match", .dane, "A TLSA record matches the server's certificate", rfc: ["7671 §5", "7672 §3.1"],
            needs: .dns, roles: [.mx, .submission], run: { try DANERules.match($0) },
            judge: { match, _ in DANERules.judge(match) }),
    ]
}

enum DANERules {
    /// The TLSA records of a server.
    struct Records: Sendable {
        let name: String
        let records: [TLSARecord]
        let isAuthenticated: Bool
        let hasStartTLS: Bool
        /// Whether the MX record that named the server was validated, too; `nil` without `--mx`.
        let isExchangerAuthenticated: Bool?

        var usable: [TLSARecord] { records.filter { DANERules.unusable($0) == nil } }
    }

    static func records(_ server: ServerProbe) throws -> Records {
        guard !server.isAddress else { throw CheckError.skipped("the server is known by an address only") }
        let name = "_\(server.port)._tcp.\(server.host.name)"
        let lookup = server.plan.lookup
        do {
            let answer = try server.clock.wait { try lookup.records(of: name, .tlsa) }
            let records = answer.records.compactMap { data -> TLSARecord? in
                guard case .association(let usage, let selector, let matching, let octets) = data else { return nil }
                return TLSARecord(usage: usage, selector: selector, matching: matching, data: octets)
            }
            guard !records.isEmpty else { throw CheckError.skipped("there are no TLSA records") }
            let facts = server.facts
            guard facts.hello != nil || server.target.isImplicitTLS else {
                throw CheckError.inconclusive(facts.problem ?? "the server's extensions are not known")
            }
            let found = Records(
                name: name, records: records, isAuthenticated: answer.isAuthenticated,
                hasStartTLS: server.target.isImplicitTLS || facts.capabilities?.contains("STARTTLS") == true,
                isExchangerAuthenticated: facts.isExchangerAuthenticated)
            if found.isAuthenticated { server.note { $0.associations = found.usable } }
            return found
        } catch let error as ResolverError where error.code == .noSuchName {
            throw CheckError.skipped("there are no TLSA records")
        } catch let error as ResolverError {
            throw CheckError.inconclusive("\(error)")
        }
    }

    static func judge(_ found: Records) -> Finding {
        let list = found.records.map { record in
            let text = "\(record.usage) \(record.selector) \(record.matching) \(digits(record))"
            return unusable(record).map { "\(text) (\($0))" } ?? text
        }.joined(separator: "; ")
        guard found.isAuthenticated else {
            return .inconclusive("the zone is unsigned, or the resolver does not validate: \(list)")
        }
        guard found.hasStartTLS else {
            return .fail(
                "there are TLSA records, and STARTTLS is not offered: \(list)",
                fix: "Offer STARTTLS, or remove the records at \(found.name).")
        }
        guard !found.usable.isEmpty else {
            return .warn("none of the records can be used: \(list)", fix: "Publish records 3 1 1 at \(found.name).")
        }
        guard found.isExchangerAuthenticated != false else {
            return .warn(
                "the records are signed, but the MX record that names the server is not: \(list)",
                fix:
                    "Sign the zone of the domain with DNSSEC, or senders cannot rely on DANE (RFC 7672, section 2.2.1)."
            )
        }
        return .pass(list)
    }

    /// Why a record cannot be used for mail; `nil` when it can.
    static func unusable(_ record: TLSARecord) -> String? {
        guard record.usage == 2 || record.usage == 3 else {
            return record.usage < 2 ? "usage \(record.usage) is not for SMTP" : "unknown usage"
        }
        guard record.selector < 2 else { return "unknown selector" }
        switch record.matching {
        case 0: return record.data.isEmpty ? "no data" : nil
        case 1: return record.data.count == 32 ? nil : "no SHA-256 hash"
        case 2: return record.data.count == 64 ? nil : "no SHA-512 hash"
        case _: return "unknown matching type"
        }
    }

    private static func digits(_ record: TLSARecord) -> String {
        let text = record.data.prefix(8).map(HexDigits.pair).joined()
        return record.data.count > 8 ? "\(text)…" : text
    }

    // MARK: The handshake

    struct Match: Sendable {
        let record: TLSARecord?
        let problem: String
    }

    static func match(_ server: ServerProbe) throws -> Match {
        var usable = server.facts.associations
        if usable.isEmpty {
            let found = try records(server)
            guard found.isAuthenticated else {
                throw CheckError.inconclusive("the zone is unsigned, or the resolver does not validate")
            }
            guard found.hasStartTLS else { throw CheckError.skipped("STARTTLS is not offered") }
            usable = found.usable
        }
        guard !usable.isEmpty else { throw CheckError.skipped("no TLSA record can be used") }
        var security = ServerProbe.lenient(server.plan)
        security.tlsaRecords = usable
        let (report, reason) = try TLSRules.handshake(server, security)
        let record = report?.problems.isEmpty == true ? report?.matchedAssociation : nil
        if let record { server.note { $0.matchingUsages.insert(record.usage) } }
        return Match(record: record, problem: report?.problems.first.map { "\($0)" } ?? reason)
    }

    static func judge(_ match: Match) -> Finding {
        guard let record = match.record else {
            return .fail(
                match.problem.isEmpty ? "no TLSA record matches the certificate" : match.problem,
                fix: "Publish a record for the certificate in use, before it is used.")
        }
        return .pass("\(record.usage) \(record.selector) \(record.matching) \(digits(record)) matches")
    }
}
