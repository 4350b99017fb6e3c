import ArgumentParser
import SMTPKit

extension AuthenticationOptions {
    /// Has a server ask clients who they are, as the options say.
    ///
    /// - Parameter asksForCertificates: whether clients may show a certificate.
    /// - Throws: ``UserDatabaseError`` for a file that cannot be used, `ValidationError` for mechanisms that
    ///   cannot work.
    func apply(to server: inout SMTPServer, asksForCertificates: Bool) throws {
        guard let auth else { return }
        let users = try UserDatabase(option: auth.text)
        if let wrong = mechanisms?.first(where: { !users.supports($0) }) {
            throw ValidationError(
                "--mechanisms \(wrong) needs the passwords themselves, which --auth does not have: any knows none, "
                    + "and in a file only plain ones will do")
        }
        let offered = mechanisms ?? SASLMechanism.allCases.filter(users.supports)
        var authentication = ServerAuthentication(
            mechanisms: offered.filter { mechanism in
                if mechanism == .external { return asksForCertificates }
                return canWork(mechanism, hasTLS: server.configuration.security.isOffered)
            })
        guard !authentication.mechanisms.isEmpty else {
            let names = offered.map(\.rawValue).joined(separator: ",")
            throw ValidationError(
                "none of the mechanisms \(names) can be used as TLS is set up here; PLAIN, LOGIN, XOAUTH2 and "
                    + "OAUTHBEARER need TLS or --auth-without-tls, EXTERNAL needs --client-ca")
        }
        authentication.isRequired = requireAuth
        authentication.allowsSecretsInClear = allowsSecretsInClear
        server.configuration.authentication = authentication
        server.hooks.authenticate = { _, question in await users.answer(question) }
    }

    /// Whether a mechanism can ever be offered by this server.
    private func canWork(_ mechanism: SASLMechanism, hasTLS: Bool) -> Bool {
        hasTLS || (!mechanism.bindsChannel && (allowsSecretsInClear || !mechanism.sendsSecret))
    }
}
