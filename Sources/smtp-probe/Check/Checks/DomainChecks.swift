import SMTPKit

extension Check {
    /// The records of a domain.
    static let domain: [Check] = [
        Check(
            domain: "dns.mx", .dns, "The domain's mail exchangers exist", rfc: ["5321 §5.1", "2181 §10.3", "7505"],
            needs: .dns, run: { try DomainRules.exchangers($0) }, judge: { DomainRules.judge($0) }),
        Check(
            domain: "dns.spf", .dns, "There is one valid SPF record, and it is not open to all",
            rfc: ["7208 §3.2", "7208 §4.6.4"], needs: .dns, run: { try DomainRules.spf($0) },
            judge: { DomainRules.judge($0) }),
        Check(
            domain: "dns.dmarc", .dns, "There is one valid DMARC record with a policy",
            rfc: ["9989 §4", "7489 §6.3", "7489 §7.1"],
            needs: .dns, run: { try DomainRules.dmarc($0) }, judge: { DomainRules.judge($0) }),
        Check(
            domain: "dns.tlsrpt", .dns, "There is one valid record for reports on TLS", rfc: ["8460 §3"], needs: .dns,
            run: { try $0.text("_smtp._tls.\($0.domain)").filter(TLSReportRecord.isTLSReport) },
            judge: { (records: [String]) in
                guard let record = records.first else {
                    return .warn(
                        "there is no TLSRPT record", fix: "Publish '_smtp._tls' with 'v=TLSRPTv1; rua=mailto:ADDRESS'.")
                }
                guard records.count == 1 else {
                    return .fail("there are \(records.count) TLSRPT records", fix: "Keep one of them.")
                }
                do {
                    return .pass(try TLSReportRecord(parsing: record).addresses.joined(separator: ", "))
                } catch let error as RecordError {
                    return .fail("\(error) in '\(record)'", fix: "Correct the record.")
                }
            }),
    ]

    /// The names of a server's address.
    static let names: [Check] = [
        Check(
            "dns.ptr", .dns, "The server's address has a name, which leads back to it", rfc: ["1912 §2.1"], needs: .dns,
            roles: [.mx, .submission], run: { try PointerRules.observe($0) },
            judge: { observed, _ in PointerRules.judge(observed) })
    ]
}

enum DomainRules {
    // MARK: MX

    /// The mail exchangers, and the faults of each.
    struct Exchangers: Sendable {
        var isNull = false
        /// Whether there is a null MX beside others.
        var isNullAmongOthers = false
        var isImplicit = false
        /// Whether the resolver has validated the records.
        var isAuthenticated = false
        var hosts: [String] = []
        var faults: [String] = []
    }

    static func exchangers(_ probe: DomainProbe) throws -> Exchangers {
        var found = Exchangers()
        let records: [(preference: UInt16, host: String)]
        do {
            let answer = try probe.records(probe.domain, .mx)
            found.isAuthenticated = answer.isAuthenticated
            records = answer.records.compactMap { data in
                if case .mailExchanger(let preference, let host) = data { (preference, host) } else { nil }
            }
        } catch let error as ResolverError where error.isTemporary {
            throw CheckError.inconclusive("\(error)")
        }
        found.isNull = records.count == 1 && records[0].host.isEmpty
        found.isNullAmongOthers = records.count > 1 && records.contains { $0.host.isEmpty }
        found.isImplicit = records.isEmpty
        let sorted = records.filter { !$0.host.isEmpty }.sorted { ($0.preference, $0.host) < ($1.preference, $1.host) }
        found.hosts = records.isEmpty ? [probe.domain] : sorted.map(\.host)
        for host in found.hosts { if let fault = try fault(host, probe) { found.faults.append(fault) } }
        return found
    }

    private static func fault(_ host: String, _ probe: DomainProbe) throws -> String? {
        guard NameServer(address: host) == nil else { return "\(host) is an address, not a name" }
        var hasAddress = false
        for kind in [DNSRecord.Kind.aaaa, .a] {
            do {
                let answer = try probe.records(host, kind)
                if let alias = answer.aliases.first, host != probe.domain { return "\(host) is an alias of \(alias)" }
                hasAddress = hasAddress || !answer.records.isEmpty
            } catch let error as ResolverError where error.code == .noSuchName {
                return "\(host) does not exist"
            } catch let error as ResolverError where error.code == .invalidName {
                return "\(host) cannot be the name of a host"
            } catch let error as ResolverError {
                throw CheckError.inconclusive("\(error)")
            }
        }
        return hasAddress ? nil : "\(host) has no address"
    }

    static func judge(_ found: Exchangers) -> Finding {
        if found.isNull { return .info("the domain accepts no mail (null MX)") }
        if found.isNullAmongOthers {
            return .fail("there is a null MX beside others", fix: "Remove the null MX, or all others.")
        }
        guard found.faults.isEmpty else {
            return .fail(
                found.faults.joined(separator: "; "), fix: "Let MX records name hosts that have addresses of their own."
            )
        }
        if found.isImplicit {
            return .warn("there is no MX record, so mail goes to the domain itself", fix: "Publish an MX record.")
        }
        let security = found.isAuthenticated ? "validated by DNSSEC" : "not validated by DNSSEC"
        return .pass("\(found.hosts.joined(separator: ", ")); \(security)")
    }

    // MARK: SPF

    struct SPF: Sendable {
        var records: [String] = []
        var syntax: RecordError?
        var passesAll = false
        var lookups = 0
        var fault: String?
    }

    static func spf(_ probe: DomainProbe) throws -> SPF {
        var found = SPF(records: try probe.text(probe.domain).filter(SPFRecord.isSPF))
        guard found.records.count == 1 else { return found }
        do {
            let record = try SPFRecord(parsing: found.records[0])
            found.passesAll = record.passesAll
            let evaluation = try SPFEvaluation(record, of: probe.domain) { try probe.records($0, $1).records }
            (found.lookups, found.fault) = (evaluation.lookups, evaluation.fault)
        } catch let error as RecordError {
            found.syntax = error
        } catch let error as ResolverError {
            throw CheckError.inconclusive("\(error)")
        }
        return found
    }

    static func judge(_ found: SPF) -> Finding {
        guard let record = found.records.first else {
            return .warn("there is no SPF record", fix: "Publish a TXT record such as 'v=spf1 mx -all'.")
        }
        guard found.records.count == 1 else {
            return .fail("there are \(found.records.count) SPF records, so none counts", fix: "Join them into one.")
        }
        if let syntax = found.syntax { return .fail("\(syntax) in '\(record)'", fix: "Correct the record.") }
        if found.passesAll {
            return .fail("'\(record)' lets everyone send", fix: "End the record with '-all' or '~all'.")
        }
        if let fault = found.fault {
            return .fail("\(fault): '\(record)'", fix: "Remove or replace the terms at fault.")
        }
        return .pass("'\(record)', \(found.lookups) of \(SPFEvaluation.maximumLookups) look-ups")
    }

    // MARK: DMARC

    struct DMARC: Sendable {
        var records: [String] = []
        /// The domain whose record it is: the domain itself, or one above it.
        var owner = ""
        var parsed: DMARCRecord?
        var syntax: RecordError?
        /// The domains that did not agree to get the reports.
        var unauthorised: [String] = []
    }

    static func dmarc(_ probe: DomainProbe) throws -> DMARC {
        var found = DMARC()
        // RFC 9989, section 4.10: the tree is walked up, at most eight steps.
        var labels = probe.domain.split(separator: ".")[...]
        if labels.count > 8 { labels = labels.suffix(8) }
        var name = probe.domain
        while true {
            do {
                found.records = try probe.text("_dmarc.\(name)").filter(DMARCRecord.isDMARC)
            } catch CheckError.inconclusive where !name.contains(".") {
                // Whether a top-level domain speaks for all below it is of little weight, and few resolvers in use know
                // none.
                found.records = []
            }
            found.owner = name
            guard found.records.isEmpty, labels.count > 1 else { break }
            labels = labels.dropFirst()
            name = labels.joined(separator: ".")
        }
        guard found.records.count == 1 else { return found }
        do {
            let record = try DMARCRecord(parsing: found.records[0])
            found.parsed = record
            for domain in Set(record.reportDomains).sorted() where !isRelated(domain, found.owner) {
                let permits = try probe.text("\(found.owner)._report._dmarc.\(domain)")
                if !permits.contains(where: DMARCRecord.isDMARC) { found.unauthorised.append(domain) }
            }
        } catch let error as RecordError {
            found.syntax = error
        }
        return found
    }

    /// Whether two domains are the same, or one is below the other.
    private static func isRelated(_ a: String, _ b: String) -> Bool {
        let (a, b) = (a.lowercased(), b.lowercased())
        return a == b || a.hasSuffix(".\(b)") || b.hasSuffix(".\(a)")
    }

    static func judge(_ found: DMARC) -> Finding {
        guard let record = found.records.first else {
            return .warn(
                "there is no DMARC record", fix: "Publish '_dmarc' with 'v=DMARC1; p=reject; rua=mailto:ADDRESS'.")
        }
        guard found.records.count == 1 else {
            return .fail("there are \(found.records.count) DMARC records, so none counts", fix: "Keep one of them.")
        }
        guard let parsed = found.parsed else {
            return .fail("\(found.syntax?.description ?? "it is malformed") in '\(record)'", fix: "Correct the record.")
        }
        guard found.unauthorised.isEmpty else {
            return .warn(
                "\(found.unauthorised.joined(separator: ", ")) did not agree to get the reports",
                fix: "Publish '\(found.owner)._report._dmarc' there, with 'v=DMARC1'.")
        }
        if parsed.policy == "none" {
            return .warn("'\(record)' asks receivers for nothing", fix: "Change p=none to quarantine or reject.")
        }
        return .pass("'\(record)'")
    }
}

enum PointerRules {
    struct Observed: Sendable {
        let address: String
        let names: [String]
        /// The names that lead back to the address.
        let confirmed: [String]
        let banner: String?
    }

    static func observe(_ server: ServerProbe) throws -> Observed {
        guard let address = server.facts.address.map(bare) else {
            throw CheckError.inconclusive(server.facts.problem ?? "there is no connection")
        }
        let lookup = server.plan.lookup
        let name = reversed(address)
        do {
            let names = try server.clock.wait { try lookup.records(of: name, .ptr) }.records.compactMap { data in
                if case .name(let name) = data { name } else { nil }
            }
            let confirmed = names.prefix(5).filter { name in
                let found = try? server.clock.wait { try lookup.addresses(of: name) }
                return found?.contains(address) == true
            }
            return Observed(address: address, names: names, confirmed: confirmed, banner: server.facts.bannerName)
        } catch let error as ResolverError where error.code == .noSuchName {
            return Observed(address: address, names: [], confirmed: [], banner: server.facts.bannerName)
        } catch let error as ResolverError {
            throw CheckError.inconclusive("\(error)")
        }
    }

    static func judge(_ observed: Observed) -> Finding {
        guard let name = observed.names.first else {
            return .warn("\(observed.address) has no name", fix: "Have a PTR record made that names the server.")
        }
        guard let confirmed = observed.confirmed.first else {
            return .warn(
                "\(observed.address) is named \(name), which does not lead back to it",
                fix: "Let the name have the address, or the PTR record name another.")
        }
        if let banner = observed.banner?.lowercased(),
            !observed.confirmed.contains(where: { $0.lowercased() == banner })
        {
            return .warn(
                "\(observed.address) is named \(confirmed), and the server calls itself \(banner)",
                fix: "Let the server use the name of its address.")
        }
        return .pass("\(observed.address) is \(confirmed)")
    }

    /// The address of `192.0.2.1:25` or `[2001:db8::1]:25`.
    static func bare(_ text: String) -> String {
        text.hasPrefix("[") ? String(text.dropFirst().prefix { $0 != "]" }) : String(text.prefix { $0 != ":" })
    }

    /// `1.2.0.192.in-addr.arpa`.
    static func reversed(_ address: String) -> String {
        guard address.contains(":") else {
            return address.split(separator: ".").reversed().joined(separator: ".") + ".in-addr.arpa"
        }
        let digits = (IPAddressText.octets(address) ?? []).flatMap { [$0 >> 4, $0 & 15] }
        return digits.reversed().map { String($0, radix: 16) }.joined(separator: ".") + ".ip6.arpa"
    }
}
