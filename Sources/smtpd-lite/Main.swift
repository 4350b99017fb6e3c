import ArgumentParser
import CommandLineSupport
import Dispatch

/// From the command line to the exit status.
@main
enum Main {
    static func main() {
        _ = Descriptor.inherited
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let help = Overview.answer(to: arguments) {
            try? Descriptor.write("\(help)\n", to: 1)
            ProcessEnd.with(.done)
        }
        do {
            let options = try SMTPDLite.parse(OutputOptions.completed(arguments))
            run(options)
        } catch {
            refuse(error)
        }
    }

    /// Sets up on the main thread, which is not heard of again: what root gives up, it has to give up by itself.
    private static func run(_ options: SMTPDLite) -> Never {
        do {
            try ResourceLimits.requireThreads(beside: options.output)
            ResourceLimits.prepare()
            let service = try options.service
            Task { ProcessEnd.with(await service.run()) }
            dispatchMain()
        } catch let error as ValidationError {
            refuse(error)
        } catch {
            try? Descriptor.write("smtpd-lite: \(SafeText.visible("\(error)"))\n", to: 2)
            ProcessEnd.with(.failure)
        }
    }

    /// Answers `--help` and its like on standard output; says in one line what is wrong with the rest.
    private static func refuse(_ error: any Error) -> Never {
        let status = ExitStatus.of(error, in: SMTPDLite.self)
        if status == .done {
            try? Descriptor.write("\(SMTPDLite.fullMessage(for: error))\n", to: 1)
        } else {
            let reason = SMTPDLite.message(for: error).split(separator: "\n").joined(separator: " ")
            try? Descriptor.write("smtpd-lite: \(SafeText.visible(reason))\n", to: 2)
        }
        ProcessEnd.with(status)
    }
}
