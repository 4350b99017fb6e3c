import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Options for authentication.
struct AuthenticationOptions: ParsableArguments {
    @Option(
        name: .customLong("auth-user"), parsing: .unconditional,
        help: ArgumentHelp("The user to log in as.", valueName: "user"))
    var user: String?

    @Option(
        name: .customLong("auth-password-file"), parsing: .unconditional,
        help: ArgumentHelp("A file whose first line is the password, or the token.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var passwordFile: String?

    @Option(
        name: .customLong("auth-password-fd"), parsing: .unconditional,
        help: ArgumentHelp("The descriptor to read the password from, opened by the shell.", valueName: "number"),
        transform: WholeNumber.parseDescriptor)
    var passwordDescriptor: Int32?

    // Unlike a transform that throws, this one never has the value echoed.
    @Option(
        name: .customLong("auth-password"), parsing: .unconditional,
        help: ArgumentHelp(
            "The password itself. Others on this machine can read it in the process list; better use a file.",
            valueName: "password"),
        transform: { Secret($0) })
    var password: Secret?

    @Option(
        name: .customLong("auth-mechanism"), parsing: .unconditional,
        help: ArgumentHelp(
            "The mechanism to use, such as PLAIN. (default: the strongest that is offered)", valueName: "name"),
        completion: .list(SASLMechanism.allCases.map(\.rawValue)), transform: Self.parseMechanism)
    var mechanism: SASLMechanism?

    mutating func validate() throws {
        let sources = [
            (passwordFile != nil, "--auth-password-file"), (passwordDescriptor != nil, "--auth-password-fd"),
            (password != nil, "--auth-password"),
        ].filter(\.0).map(\.1)
        if sources.count > 1 {
            throw ValidationError("\(sources[0]) and \(sources[1]) contradict each other; give one of them")
        }
        if let source = sources.first, user == nil {
            throw ValidationError("\(source) needs --auth-user, which says whose it is")
        }
    }

    private static func parseMechanism(_ text: String) throws -> SASLMechanism {
        guard let mechanism = SASLMechanism(name: text) else {
            let names = SASLMechanism.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValueError("the mechanisms are \(names)")
        }
        return mechanism
    }
}
