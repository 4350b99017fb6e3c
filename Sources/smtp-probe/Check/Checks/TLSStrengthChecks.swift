import SMTPKit
import SMTPTLS

extension Check {
    /// Versions and cipher suites, one handshake for each.
    static let tlsStrength: [Check] = [
        Check(
            "tls.version", .tls, "TLS 1.2 or 1.3 is offered, and nothing older", rfc: ["8996", "9325 §3.1", "8314"],
            run: { server in
                let versions = try TLSVersion.allCases.sorted().filter { version in
                    var security = ServerProbe.lenient(server.plan)
                    security.configuration.minimumVersion = version
                    security.configuration.maximumVersion = version
                    return try TLSRules.handshake(server, security).report != nil
                }
                // A server whose handshakes all fail for another reason may offer any version.
                if versions.isEmpty, let problem = server.facts.tlsProblem {
                    throw CheckError.inconclusive("no handshake succeeds: \(problem)")
                }
                return versions
            },
            judge: { (versions: [TLSVersion], role) in
                let list = versions.map(\.rawValue).joined(separator: ", ")
                guard versions.contains(where: { $0 >= .tls12 }) else {
                    return .fail(
                        "neither TLS 1.2 nor 1.3 is offered\(versions.isEmpty ? "" : ", only \(list)")",
                        fix: "Offer TLS 1.2 and 1.3.")
                }
                guard versions.contains(where: { $0 < .tls12 }) else { return .pass(list) }
                return .fault(
                    role == .submission, "old versions are offered: \(list)", fix: "Switch TLS 1.0 and 1.1 off.")
            }),
        Check(
            "tls.cipher", .tls, "No broken cipher suite is accepted", rfc: ["9325 §4.1", "7465"],
            run: { try CipherRules.accepted($0) },
            judge: { (accepted: [WeakSuites], role) in
                let broken = accepted.filter { $0 != .anonymous }
                if !broken.isEmpty {
                    return .fail(
                        "accepted: \(broken.map(\.rawValue).joined(separator: ", "))",
                        fix: "Remove these cipher suites from the server's list.")
                }
                guard accepted.isEmpty else {
                    if role == .submission {
                        return .fail(
                            "accepted: anonymous suites", fix: "Remove them: clients cannot verify the server.")
                    }
                    return .info("anonymous suites are accepted, which opportunistic TLS bears")
                }
                return .pass("none of \(WeakSuites.allCases.map(\.rawValue).joined(separator: ", "))")
            }),
    ]
}

enum CipherRules {
    /// The kinds of suites that a server accepts, each found by a handshake that offers nothing else.
    static func accepted(_ server: ServerProbe) throws -> [WeakSuites] {
        var accepted: [WeakSuites] = []
        for group in [WeakSuites.allCases.filter { $0 != .anonymous }, [.anonymous]] {
            var kinds = group
            while !kinds.isEmpty {
                guard let suite = try choose(server, kinds.flatMap(\.numbers)) else { break }
                guard let kind = kinds.first(where: { $0.numbers.contains(suite) }) else {
                    throw CheckError.inconclusive("the server chose a suite that was not offered")
                }
                accepted.append(kind)
                kinds.removeAll { $0 == kind }
            }
        }
        return accepted
    }

    /// Offers suites, and nothing else.
    ///
    /// - Returns: the one that the server chose; `nil` when it refuses all.
    private static func choose(_ server: ServerProbe, _ suites: [UInt16]) throws -> UInt16? {
        let hello = ClientHello(suites: suites, serverName: server.certificateName)
        if !server.target.isImplicitTLS { try TLSRules.requireStartTLS(server) }
        let connection = try server.connect(probing: hello.octets)
        defer { connection.drop() }
        if !server.target.isImplicitTLS {
            let greeting = try connection.reply()
            guard greeting.code == 220 else {
                throw CheckError.inconclusive("the server does not greet with 220", greeting)
            }
            _ = try connection.command(server.helloLine)
            let reply = try connection.command("STARTTLS")
            guard reply.code == 220 else { throw CheckError.inconclusive("STARTTLS is not granted", reply) }
        }
        return try ClientHello.chosenSuite(try connection.handshakeAnswer())
    }
}
