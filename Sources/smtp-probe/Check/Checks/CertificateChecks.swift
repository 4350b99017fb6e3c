import SMTPKit
import SMTPTLS

extension Check {
    /// The server's certificate.
    static let certificates: [Check] = [
        Check(
            "cert.trust", .cert, "A trusted authority vouches for the certificate", rfc: ["5280 §6", "8461 §4.1"],
            roles: [.mx, .submission], run: { try CertificateRules.observe($0) },
            judge: { observed, role in CertificateRules.judgeTrust(observed, role) }),
        Check(
            "cert.name", .cert, "The certificate is for the server's name", rfc: ["9525 §6", "7817 §3"],
            roles: [.mx, .submission],
            run: { server in
                guard server.certificateName != nil else {
                    throw CheckError.skipped("the server is known by an address only; --name gives a name")
                }
                return try CertificateRules.observe(server)
            },
            judge: { observed, role in CertificateRules.judgeName(observed, role) }),
        Check(
            "cert.expiry", .cert, "The certificate is valid now, and for a month", rfc: ["5280 §4.1.2.5"],
            roles: [.mx, .submission], run: { try CertificateRules.observe($0) },
            judge: { observed, _ in CertificateRules.judgeExpiry(observed, now: .now) }),
        Check(
            "cert.key", .cert, "Key and signature are strong", rfc: ["9325 §4.5"], roles: [.mx, .submission],
            run: { try CertificateRules.observe($0) },
            judge: { observed, role in CertificateRules.judgeKey(observed, role) }),
    ]
}

enum CertificateRules {
    /// The certificates of a server, and what decides how strict the rules are.
    struct Observed: Sendable {
        let report: TLSReport
        let name: String?
        /// The usages of the TLSA records that match.
        var usages: Set<UInt8> = []
        /// Whether senders insist on the certificate: MTA-STS in enforce mode, or usable TLSA records.
        var isEnforced = false
    }

    static func observe(_ server: ServerProbe) throws -> Observed {
        let facts = server.facts
        guard let report = facts.tls else {
            if let capabilities = facts.capabilities, !capabilities.contains("STARTTLS") {
                throw CheckError.skipped("there is no TLS")
            }
            throw CheckError.inconclusive(facts.tlsProblem ?? facts.problem ?? "there is no TLS")
        }
        guard !report.chain.isEmpty else { throw CheckError.inconclusive("the server shows no certificate") }
        return Observed(
            report: report, name: server.certificateName, usages: facts.matchingUsages,
            isEnforced: facts.policy?.mode == .enforce || !facts.associations.isEmpty)
    }

    static func judgeTrust(_ observed: Observed, _ role: Role) -> Finding {
        let problem = observed.report.problems.first { problem in
            switch problem.kind {
            case .untrustedIssuer, .selfSigned, .revoked, .missing, .other: true
            case .wrongName, .expired, .notYetValid, .noMatchingTLSARecord, .wrongPin: false
            }
        }
        guard let problem else { return .pass("by \(observed.report.chain[0].issuer)") }
        if !observed.usages.isEmpty { return .info("\(problem), which DANE does not need") }
        var detail = "\(problem)"
        var fix = "Get a certificate from an authority that senders trust."
        if problem.code == .untrustedIssuer, observed.report.chain.count == 1 {
            detail += "; the server sends no intermediate certificate"
            fix = "Send the intermediate certificates behind the server's own, in one file."
        }
        return .fault(role == .submission || observed.isEnforced, detail, fix: fix)
    }

    static func judgeName(_ observed: Observed, _ role: Role) -> Finding {
        for case .wrongName(let expected, let found) in observed.report.problems.map(\.kind) {
            let detail = "it is for \(found.joined(separator: ", ")), not for \(expected)"
            if observed.usages.contains(3) { return .info("\(detail), which DANE does not need") }
            return .fault(
                role == .submission || observed.isEnforced, detail,
                fix: "Get a certificate that has \(expected) among its alternative names.")
        }
        return .pass(observed.name ?? "")
    }

    static func judgeExpiry(_ observed: Observed, now: Timestamp) -> Finding {
        let day: Int64 = 86_400
        // The first that ends decides, the authorities' included.
        let first = observed.report.chain.min { $0.notAfter.seconds < $1.notAfter.seconds } ?? observed.report.chain[0]
        let left = first.notAfter.seconds - now.seconds
        let days = left / day
        let isIgnored = observed.usages.contains(3)
        let late = observed.report.chain.first { $0.notBefore.seconds > now.seconds }
        if let late {
            let detail = "the certificate of \(late.subject) is not valid before \(late.notBefore.iso8601)"
            return isIgnored
                ? .info("\(detail), which DANE does not need") : .fail(detail, fix: "Use a certificate that is valid.")
        }
        let detail =
            left < 0 ? "expired \(first.notAfter.iso8601)" : "expires in \(days) days, \(first.notAfter.iso8601)"
        if left > 30 * day { return .pass(detail) }
        if isIgnored { return .info("\(detail), which DANE does not need") }
        return .fault(
            left <= 7 * day, "the certificate of \(first.subject) \(detail)",
            fix: "Renew it, and see why it was not renewed by itself.")
    }

    static func judgeKey(_ observed: Observed, _ role: Role) -> Finding {
        for (index, certificate) in observed.report.chain.enumerated() {
            let key = "\(certificate.keyAlgorithm) of \(certificate.keyBits) bits"
            let isShort = certificate.keyBits < (certificate.keyAlgorithm.hasPrefix("RSA") ? 2048 : 224)
            if isShort, index == 0 || certificate.keyAlgorithm.hasPrefix("RSA") {
                return .fault(
                    role == .submission, "the key of \(certificate.subject) is too short: \(key)",
                    fix: "Use RSA of 2048 bits at least, or ECDSA.")
            }
            let algorithm = certificate.signatureAlgorithm.lowercased()
            // A root is trusted for itself, whatever it signed itself with.
            let isRoot = certificate.subject == certificate.issuer && index > 0
            if !isRoot, algorithm.contains("sha1") || algorithm.contains("md5") {
                return .fault(
                    role == .submission,
                    "the signature of \(certificate.subject) is weak: \(certificate.signatureAlgorithm)",
                    fix: "Get a certificate that is signed with SHA-256.")
            }
        }
        let own = observed.report.chain[0]
        return .pass("\(own.keyAlgorithm) of \(own.keyBits) bits, \(own.signatureAlgorithm)")
    }
}
