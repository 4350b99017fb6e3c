import ArgumentParser
import SMTPKit

/// Options for authentication.
struct AuthenticationOptions: ParsableArguments {
    // A value of --auth may be a password: unlike a transform that throws, this one never has it echoed.
    @Option(
        help: ArgumentHelp(
            "Offer AUTH: any takes everybody, user:password one user, @FILE those of an htpasswd file.",
            valueName: "users"),
        completion: .list(["any"]), transform: { Secret($0) })
    var auth: Secret?

    @Flag(help: "Refuse mail of those who have not logged in: 530 5.7.0.")
    var requireAuth = false

    @Flag(
        name: .customLong("auth-without-tls"),
        help: "Let passwords and tokens be sent in clear; on by default without TLS where only this machine listens.")
    var allowsSecretsInClear = false

    @Option(
        help: ArgumentHelp(
            "The mechanisms offered, such as PLAIN,SCRAM-SHA-256. (default: all that the users allow)",
            valueName: "mechanism,…"),
        completion: .list(SASLMechanism.allCases.map(\.rawValue)), transform: MechanismList.parse)
    var mechanisms: [SASLMechanism]?

    mutating func validate() throws {
        guard let auth else {
            let given = [
                (requireAuth, "--require-auth"), (allowsSecretsInClear, "--auth-without-tls"),
                (mechanisms != nil, "--mechanisms"),
            ]
            if let option = given.first(where: \.0)?.1 {
                throw ValidationError("\(option) needs --auth, which says who may log in")
            }
            return
        }
        guard !auth.text.hasPrefix("@") else {
            if auth.text == "@" {
                throw ValidationError("The value '@' is invalid for '--auth <users>': a file is missing")
            }
            return
        }
        do {
            _ = try UserList.parse(auth.text)
        } catch {
            throw ValidationError("The value for '--auth <users>' is invalid (and not shown): \(error)")
        }
    }
}
