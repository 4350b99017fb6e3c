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
        if let fault = RawArguments.fault {
            try? Descriptor.write("smtp-probe: \(fault)\n", to: 2)
            exit(ExitStatus.usage.code)
        }
        let arguments = Array(CommandLine.arguments.dropFirst())
        hidePasswords()
        if let shell = CompletionScript(arguments: arguments), let table = OptionTable(dump: SMTPProbe._dumpHelp()) {
            answer(shell.text(table))
        }
        var type: any ParsableCommand.Type = SMTPProbe.self
        do {
            let invocation = try Invocation(arguments)
            type = invocation.command
            var command = try invocation.parse()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let status as ExitStatus {
            exit(status.code)
        } catch let answer as Invocation.Answer {
            Self.answer("\(answer.text)\n")
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

    /// Writes what was asked for to standard output, and ends.
    private static func answer(_ text: String) -> Never {
        do {
            try Descriptor.write(text, to: 1)
            exit(ExitStatus.done.code)
        } catch {
            try? Descriptor.write("smtp-probe: standard output: \(error)\n", to: 2)
            exit(ExitStatus.usage.code)
        }
    }

    /// Says in one line what is wrong with the command line.
    private static func refuse(_ error: any Error, of type: any ParsableCommand.Type, _ arguments: [String]) -> Never {
        let reason = type.message(for: error).split(separator: "\n").joined(separator: " ")
        if let type = type as? any UsageReporting.Type, let code = type.report(usage: reason, arguments) { exit(code) }
        let help = type == SMTPProbe.self ? "smtp-probe" : "smtp-probe \(type._commandName)"
        let hint = type.exitCode(for: error) == .validationFailure ? " (see \(help) --help)" : ""
        try? Descriptor.write("smtp-probe: \(SafeText.visible(reason))\(hint)\n", to: 2)
        exit(ExitStatus.usage.code)
    }
}

/// A command whose readers are programs: they want to be told in their own way that the command line is wrong.
protocol UsageReporting {
    /// Says what is wrong, if the arguments ask for such a way.
    ///
    /// - Returns: the exit status; `nil` for a line on standard error and the usual one.
    static func report(usage reason: String, _ arguments: [String]) -> Int32?
}
