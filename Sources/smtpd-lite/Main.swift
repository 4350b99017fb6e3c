import ArgumentParser
import CommandLineSupport
import Dispatch

/// From the command line to the exit status.
@main
enum Main {
    static func main() {
        _ = Descriptor.inherited
        if let fault = RawArguments.fault {
            try? Descriptor.write("smtpd-lite: \(fault)\n", to: 2)
            ProcessEnd.with(.usage)
        }
        let arguments = Array(CommandLine.arguments.dropFirst())
        // A subcommand comes first: elsewhere its name may be the value of an option.
        switch (arguments.first, arguments.dropFirst().first) {
        case ("show", _): show(Array(arguments.dropFirst()))
        case ("help", "show"): show(["--help"])
        case ("help", _): print(Overview.text)
        case _: serve(arguments)
        }
    }

    private static func serve(_ arguments: [String]) {
        if let help = Overview.answer(to: arguments) { return print(help) }
        // What follows -- is the command's, except when a completion script asks.
        let own = arguments.first == "---completion" ? arguments[...] : arguments.prefix { $0 != "--" }
        do {
            let parsed = try SMTPDLite.parseAsRoot(OutputOptions.completed(Array(own)))
            guard let options = parsed as? SMTPDLite else {
                throw ValidationError("a subcommand comes first, before all options: smtpd-lite show FILE")
            }
            run(options, command: Array(arguments.dropFirst(own.count + 1)))
        } catch {
            refuse(error, of: SMTPDLite.self)
        }
    }

    /// Sets up on the main thread, which is not heard of again: what root gives up, it has to give up by itself.
    private static func run(_ options: SMTPDLite, command: [String]) -> Never {
        do {
            try ResourceLimits.requireThreads(beside: options.output)
            ResourceLimits.prepare()
            let service = try options.service(running: command)
            Task { ProcessEnd.with(await service.run()) }
            dispatchMain()
        } catch let error as ValidationError {
            refuse(error, of: SMTPDLite.self)
        } catch {
            fail(error)
        }
    }

    private static func show(_ arguments: [String]) -> Never {
        do {
            try ShowCommand.parse(arguments).run()
        } catch let status as ExitCode where !status.isSuccess {
            ProcessEnd.with(.failure)
        } catch let error as ShowError {
            fail(error)
        } catch {
            refuse(error, of: ShowCommand.self)
        }
        ProcessEnd.with(.done)
    }

    private static func print(_ text: String) {
        try? Descriptor.write("\(text)\n", to: 1)
        ProcessEnd.with(.done)
    }

    private static func fail(_ error: any Error) -> Never {
        try? Descriptor.write("smtpd-lite: \(SafeText.visible("\(error)"))\n", to: 2)
        ProcessEnd.with(.failure)
    }

    /// Answers `--help` and its like on standard output; says in one line what is wrong with the rest.
    private static func refuse<Command: ParsableCommand>(_ error: any Error, of type: Command.Type) -> Never {
        let status = ExitStatus.of(error, in: type)
        if status == .done {
            print(CompletionScript.completed(type.fullMessage(for: error)))
        } else {
            var reason = type.message(for: error).split(separator: "\n").joined(separator: " ")
            if reason.hasPrefix("Unexpected argument"), let word = reason.split(separator: "'").dropFirst().first,
                WholeNumber.parse(word) != nil
            {
                reason += "; -p \(word) listens on that port"
            }
            if reason.hasPrefix("Unknown option '"), let name = reason.split(separator: "'").dropFirst().first {
                // Unknown option '--port'. Did you mean '--cert'?
                let words = reason.split(separator: "'", omittingEmptySubsequences: false)
                let near = words.count > 3 ? words[3] : nil
                reason = "there is no option \(name)" + (near.map { "; did you mean \($0)?" } ?? "")
            }
            let help = type == ShowCommand.self ? "smtpd-lite show" : "smtpd-lite"
            try? Descriptor.write("smtpd-lite: \(SafeText.visible(reason)) (see \(help) --help)\n", to: 2)
        }
        ProcessEnd.with(status)
    }
}
