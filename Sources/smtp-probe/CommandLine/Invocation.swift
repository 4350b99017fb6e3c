import ArgumentParser
import CommandLineSupport

/// The command that the arguments of the process name, and what is left for it.
struct Invocation {
    let command: any ParsableCommand.Type
    /// The arguments without the name of the subcommand.
    private(set) var arguments: [String]

    /// - Throws: ``Answer`` for `help`, ``ValidationError`` for the name of a subcommand that does not exist.
    init(_ arguments: [String]) throws {
        let subcommands = SMTPProbe.configuration.subcommands
        let first = arguments.first ?? ""
        if first == "help" {
            guard arguments.count > 1 else { throw Answer(text: Overview.text(of: SMTPProbe.self)) }
            guard let topic = subcommands.first(where: { $0._commandName == arguments[1] }) else {
                let names = subcommands.map { $0._commandName }.joined(separator: ", ")
                throw ValidationError(
                    "there is no command '\(arguments[1])'; the commands are \(names) (for a host of that name write help:25)"
                )
            }
            throw Answer(text: Overview.text(of: topic))
        }
        if let subcommand = subcommands.first(where: { $0._commandName == first }) {
            command = subcommand
            self.arguments = Array(arguments.dropFirst())
        } else {
            command = SMTPProbe.self
            self.arguments = arguments
        }
        self.arguments = Self.withMechanism(self.arguments)
    }

    /// Text that was asked for in place of a run.
    struct Answer: Error { let text: String }

    /// Parses the arguments.
    ///
    /// - Throws: ``Answer`` for help and the like, ``ValidationError`` for the first thing that is wrong with them.
    func parse() throws -> any ParsableCommand {
        let failure: any Error
        do {
            let parsed = try command.parseAsRoot(arguments)
            // In answer to --help the parser returns a command of its own.
            if type(of: parsed) == command { return parsed }
            failure = Answer(text: Overview.text(of: command))
        } catch {
            failure = error
        }
        guard let table = OptionTable(dump: command._dumpHelp()) else { throw failure }
        let findings = table.findings(in: arguments)
        if findings.names.contains("--help-all") { throw Answer(text: command.helpMessage()) }
        if failure is Answer { throw failure }
        if command.exitCode(for: failure).isSuccess { throw Answer(text: command.fullMessage(for: failure)) }
        if let unknown = findings.unknown { throw ValidationError(SwaksOptions.explain(unknown, table)) }
        guard let merged = mergingPort(findings.operands) else { throw failure }
        return try command.parseAsRoot(merged)
    }

    /// The arguments with `HOST PORT`, as telnet and nc take it, written `HOST:PORT`.
    private func mergingPort(_ operands: [Int]) -> [String]? {
        guard operands.count == 2, let port = WholeNumber.parse(arguments[operands[1]]), 1...65_535 ~= port,
            let place = HostAndPort(arguments[operands[0]]), place.port == nil
        else { return nil }
        var merged = arguments
        merged[operands[0]] = "\(Target(place: .host(place.host, port: UInt16(port))))"
        merged.remove(at: operands[1])
        return merged
    }

    /// Names of mechanisms that may follow `--auth`, those that are not known here included.
    private static let mechanisms = [
        "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "GSSAPI", "XOAUTH2", "OAUTHBEARER", "EXTERNAL",
    ]

    /// The arguments with `-a MECHANISM`, the one option whose value may be missing, in two options.
    private static func withMechanism(_ arguments: [String]) -> [String] {
        var result: [String] = []
        for argument in arguments {
            let name = argument.uppercased()
            if let last = result.last, last == "-a" || last == "--auth",
                mechanisms.contains(name) || name.hasPrefix("SCRAM-")
            {
                result.append("--auth-mechanism")
            }
            if argument.hasPrefix("--auth=") {
                result += ["--auth", "--auth-mechanism", String(argument.dropFirst(7))]
            } else {
                result.append(argument)
            }
        }
        return result
    }
}
