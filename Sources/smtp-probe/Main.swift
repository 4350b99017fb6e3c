import ArgumentParser
import CommandLineSupport
import Glibc

/// From the command line to the exit status.
@main
enum Main {
    static func main() async {
        // Writing to a server that is gone is an error of that call, and no reason to die.
        signal(SIGPIPE, SIG_IGN)
        // A socket in the place of a standard descriptor that is closed would be talked to by mistake.
        for descriptor in Int32(0)...2 where !Descriptor.isOpen(descriptor) { _ = open("/dev/null", O_RDWR) }
        var arguments = Array(CommandLine.arguments.dropFirst())
        hidePasswords()
        // The parser would take the name of a subcommand for TARGET, so it is looked for here; it comes first.
        let subcommand = SMTPProbe.configuration.subcommands.first { $0._commandName == arguments.first }
        if subcommand != nil { arguments.removeFirst() }
        let type: any ParsableCommand.Type = subcommand ?? SMTPProbe.self
        do {
            var command = try type.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let status as ExitStatus {
            exit(status.code)
        } catch {
            refuse(error, of: type, arguments)
        }
    }

    /// Writes over the passwords among the arguments, where the process list has them from. It had them until now.
    private static func hidePasswords() {
        let option = "--auth-password"
        var isNext = false
        for index in 1..<max(Int(CommandLine.argc), 1) {
            guard let word = CommandLine.unsafeArgv[index] else { return }
            let text = String(cString: word)
            let start = isNext ? 0 : text.hasPrefix("\(option)=") ? option.utf8.count + 1 : strlen(word)
            memset(word + start, Int32(UInt8(ascii: "*")), strlen(word) - start)
            isNext = text == option
        }
    }

    /// Answers `--help` and its like on standard output; says in one line what is wrong with the rest.
    private static func refuse(_ error: any Error, of type: any ParsableCommand.Type, _ arguments: [String]) -> Never {
        let status = ExitStatus.of(error, in: type)
        if status == .done {
            try? Descriptor.write("\(type.fullMessage(for: error))\n", to: 1)
        } else {
            let reason = type.message(for: error).split(separator: "\n").joined(separator: " ")
            if let type = type as? any UsageReporting.Type, let code = type.report(usage: reason, arguments) {
                exit(code)
            }
            try? Descriptor.write("smtp-probe: \(SafeText.visible(reason))\n", to: 2)
        }
        exit(status.code)
    }
}

/// A command whose readers are programs: they want to be told in their own way that the command line is wrong.
protocol UsageReporting {
    /// Says what is wrong, if the arguments ask for such a way.
    ///
    /// - Returns: the exit status; `nil` for a line on standard error and the usual one.
    static func report(usage reason: String, _ arguments: [String]) -> Int32?
}
