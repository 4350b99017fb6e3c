import ArgumentParser
import SMTPKit

extension AuthenticationOptions {
    /// Has a server ask clients who they are, as the options say.
    ///
    /// - Parameters:
    ///   - asksForCertificates: whether clients may show a certificate.
    ///   - isLocal: whether no other machine can reach the listeners that begin in clear. Without TLS, passwords may be
    ///     sent in clear there.
    /// - Throws: ``UserDatabaseError`` for a file that cannot be used, `ValidationError` for mechanisms that
    ///   cannot work.
    func apply(to server: inout SMTPServer, asksForCertificates: Bool, isLocal: Bool) throws {
        guard let auth else { return }
        let users = try UserList.parse(auth.text)
        if let wrong = mechanisms?.first(where: { !users.supports($0) }) {
            throw ValidationError(
                "--mechanisms \(wrong) needs the passwords themselves, which --auth does not have: any knows none, "
                    + "and in a file only plain ones will do")
        }
        let offered = mechanisms ?? SASLMechanism.allCases.filter(users.supports)
        let hasTLS = server.configuration.security.isOffered
        let inClear = allowsSecretsInClear || (!hasTLS && isLocal)
        if !hasTLS, !inClear, let mechanism = offered.first(where: \.sendsSecret) {
            throw ValidationError(
                "--auth would let \(mechanism) send passwords in clear to a listener that other machines can reach: "
                    + "give --tls, or --auth-without-tls to allow it")
        }
        var authentication = ServerAuthentication(
            mechanisms: offered.filter { mechanism in
                if mechanism == .external { return asksForCertificates }
                return hasTLS || (!mechanism.bindsChannel && (inClear || !mechanism.sendsSecret))
            })
        guard !authentication.mechanisms.isEmpty else {
            let names = offered.map(\.rawValue).joined(separator: ",")
            throw ValidationError(
                "none of the mechanisms \(names) can be used without TLS; give --tls, or --client-ca for EXTERNAL")
        }
        authentication.isRequired = requireAuth
        authentication.allowsSecretsInClear = inClear
        server.configuration.authentication = authentication
        server.hooks.authenticate = { request in await users.answer(request.question) }
    }
}
