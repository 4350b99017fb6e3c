import ArgumentParser
import NIOPosix
import SMTPKit

/// The command line of `smtpd-lite`.
struct SMTPDLite: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smtpd-lite",
        abstract: "Receive mail, here and now, and write it to standard output or an mbox.",
        usage: """
            smtpd-lite [options]
            smtpd-lite [options] -- command ...
            """,
        discussion: """
            Serves until it is interrupted, a stop condition holds, or the command behind -- ends. Standard output \
            holds messages and nothing else; everything said to a person goes to standard error.
            """,
        version: "0.1.0"
    )

    @OptionGroup(title: "Listening")
    var listen: ListenOptions
    @OptionGroup(title: "Identity")
    var identity: IdentityOptions
    @OptionGroup(title: "Stopping")
    var stop: StopOptions
    @OptionGroup(title: "Output")
    var output: OutputOptions
    @OptionGroup(title: "Limits")
    var limits: LimitOptions
    @OptionGroup(title: "Policy")
    var policy: PolicyOptions
    @OptionGroup(title: "Observing")
    var observe: ObserveOptions

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp(
            "Serve while this command runs, then exit with its status. It finds SMTP_HOST, SMTP_PORT and SMTP_URL in "
                + "its environment.",
            valueName: "command"))
    var command: [String] = []

    /// The server that the options describe.
    var server: SMTPServer {
        get throws {
            var configuration = SMTPServer.Configuration()
            configuration.listen = listen.addresses
            configuration.hostname = identity.hostname ?? ServerText.ownName
            configuration.banner = identity.banner
            configuration.limits = limits.limits
            configuration.bareNewlines = policy.bareNewline
            configuration.hidden = policy.hidden
            // One thread serves thousands of sessions here, and a second would mostly be in its way.
            configuration.eventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            return SMTPServer(configuration: configuration, store: try output.store)
        }
    }

    /// The run that the options describe.
    var service: Service {
        get throws {
            let errors = ErrorOutput()
            return Service(
                server: try server,
                ready: ReadyAnnouncement(
                    saysLines: !observe.quiet, portFile: listen.portFile, descriptor: listen.readyFd),
                stop: stop,
                command: command.isEmpty ? nil : CommandRunner(command),
                errors: errors,
                dialogue: observe.verbose ? DialoguePrinter(errors) : nil
            )
        }
    }
}
