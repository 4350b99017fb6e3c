import ArgumentParser
import CommandLineSupport
import Glibc
import NIOPosix
import SMTPKit

/// The command line of `smtpd-lite`.
struct SMTPDLite: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smtpd-lite",
        abstract: "Receive mail here and now, and write it to standard output, to files or to a command.",
        usage: """
            smtpd-lite [options]
            smtpd-lite [options] -- command ...
            smtpd-lite show [--follow] FILE|DIR ...
            """,
        discussion: """
            Serves until it is interrupted, a stop condition holds, or the command after -- ends, whose status is the \
            exit status then. The command finds SMTP_HOST, SMTP_PORT, SMTP_URL and SMTP_CERT in its environment. Standard \
            output holds messages and nothing else; everything said to a person goes to standard error.
            """,
        version: "smtpd-lite \(SMTPKitVersion.current)",
        subcommands: [ShowCommand.self]
    )

    @OptionGroup(title: "Listening")
    var listen: ListenOptions
    @OptionGroup(title: "Identity")
    var identity: IdentityOptions
    @OptionGroup(title: "Stopping")
    var stop: StopOptions
    @OptionGroup(title: "Output")
    var output: OutputOptions
    @OptionGroup(title: "TLS")
    var tls: TLSOptions
    @OptionGroup(title: "Authentication")
    var authentication: AuthenticationOptions
    @OptionGroup(title: "Limits")
    var limits: LimitOptions
    @OptionGroup(title: "Policy")
    var policy: PolicyOptions
    @OptionGroup(title: "Faults")
    var faults: FaultOptions
    @OptionGroup(title: "Proxies")
    var proxies: ProxyOptions
    @OptionGroup(title: "Observing")
    var observe: ObserveOptions
    @OptionGroup(title: "Process")
    var process: ProcessOptions

    mutating func validate() throws {
        if tls.noTLS, !listen.tlsListen.isEmpty {
            throw ValidationError("--no-tls and --tls-listen contradict each other; give one of them")
        }
        if listen.inetd {
            if output.standardOutput != nil {
                throw ValidationError(
                    "--inetd needs --discard or an output that is a file: standard output is the client's")
            }
        }
        if policy.noESMTP, listen.lmtp {
            throw ValidationError("--no-esmtp and --lmtp contradict each other; give one of them")
        }
    }

    /// The run that the options describe.
    ///
    /// - Parameter command: the words of the command after `--`; empty for none.
    func service(running command: [String]) throws -> Service {
        if listen.inetd, !command.isEmpty {
            throw ValidationError("--inetd and a command contradict each other; give one of them")
        }
        let sockets = try listen.bind()
        let errors = ErrorOutput()
        if !observe.quiet, let warning = tls.warning { errors.say("smtpd-lite: \(warning)") }
        // A certificate costs some milliseconds, so it is made when it is first used.
        let tls = try tls.security(
            isImplicit: !sockets.secured.isEmpty, defaultNames: certificateNames, isNeeded: !command.isEmpty)
        let isLocal = sockets.clear.allSatisfy(Loopback.isLocal) && (!listen.inetd || Loopback.isLocal(socket: 0))
        var server = try server(tls.security, isLocal: isLocal)
        server.configuration.listen = sockets.clear
        server.configuration.listenTLS = sockets.secured
        // What comes now is done as the user who is to do it.
        try process.privileges.drop()
        server.store = try output.store
        for warning in output.lockWarnings { errors.say("smtpd-lite: \(SafeText.visible(warning))") }
        let observers = try observe.observers(
            errors, wording, color: output.color, showsMessages: output.standardOutput != nil)
        if observe.lint {
            server.store = InspectedStore(server.store, inspect: Lint(errors).inspect)
        } else if stop.waitFor.contains(where: \.needsContent) {
            server.store = InspectedStore(server.store)
        }
        if listen.inetd { server.configuration.connections = [try StandardConnection.take()] }
        limitConnections(&server.configuration.limits, errors)
        return Service(
            server: server,
            ready: ReadyAnnouncement(
                saysLines: !observe.quiet, portFile: listen.portFile, descriptor: listen.readyFd,
                serverProtocol: serverProtocol, clearCount: sockets.clear.count,
                tellsNextStep: command.isEmpty && isatty(2) == 1),
            stop: listen.inetd ? stop.atOneSession : stop,
            command: command.isEmpty
                ? nil
                : CommandRunner(
                    Self.lastArguments(command.count), scheme: serverProtocol.scheme, certificate: tls.certificate),
            errors: errors,
            observers: observers,
            isQuiet: observe.quiet
        )
    }

    /// The options that have a say in what is refused.
    private var wording: RemarkWording {
        RemarkWording(
            isStrict: policy.strict, refusesSenders: !policy.rejectFrom.isEmpty,
            resolvesSenders: policy.resolveSender, acceptsRecipients: !policy.acceptRcpt.isEmpty,
            refusesRecipients: !policy.rejectRcpt.isEmpty, runsCommands: !output.exec.isEmpty,
            isSelfSigned: tls.cert == nil)
    }

    /// The last arguments of this process as they are, whether or not they are UTF-8.
    private static func lastArguments(_ count: Int) -> [[UInt8]] {
        let arguments = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
        return arguments.suffix(count).compactMap { word in
            word.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
        }
    }

    /// Leaves descriptors for everything but connections.
    private func limitConnections(_ limits: inout Limits, _ errors: ErrorOutput) {
        let most = ResourceLimits.mostConnections(open: Descriptor.openCount, other: output.mostDescriptors)
        guard limits.connections > most else { return }
        if !observe.quiet {
            errors.say(
                "smtpd-lite: at most \(most) connections at a time, not \(limits.connections): "
                    + "the limit on open files is too low (ulimit -n)")
        }
        limits.connections = most
    }

    private var serverProtocol: ServerProtocol { listen.lmtp ? .lmtp : policy.noESMTP ? .smtp : .esmtp }

    private var hostname: String { identity.hostname ?? HostName.own }

    /// By what names clients may know the server.
    private var certificateNames: [String] {
        let hosts = (listen.addresses + listen.securedAddresses).compactMap(\.host)
        return ([hostname, "localhost", "127.0.0.1", "::1"] + hosts).reduce(into: []) { names, text in
            guard let name = try? CertificateName.parse(text), !names.contains(name) else { return }
            names.append(name)
        }
    }

    /// - Parameter isLocal: whether no other machine can reach the listeners that begin in clear.
    private func server(_ security: ServerSecurity, isLocal: Bool) throws -> SMTPServer {
        var configuration = SMTPServer.Configuration()
        configuration.security = security
        configuration.hostname = hostname
        configuration.serverProtocol = serverProtocol
        configuration.banner = identity.banner ?? "\(serverProtocol.rawValue) smtpd-lite"
        configuration.limits = limits.limits
        configuration.bareNewlines = policy.bareNewlines
        configuration.proxies = proxies.proxyFrom
        configuration.xclients = proxies.xclientFrom
        configuration.promised = policy.offered
        configuration.hidden = policy.hidden
        // --tls-listen alone asks for TLS from the first byte on, and for nothing on the other listeners.
        if tls.option == nil { configuration.hidden.insert(.startTLS) }
        if policy.strict {
            configuration.syntax = .strict
            // RFC 5321, section 4.5.3.1.6.
            configuration.limits.textLine = 1_000
        }
        configuration.shutdownGrace = EndOfGrace.sessions
        // One thread serves thousands of sessions here, and a second would mostly be in its way.
        configuration.eventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var server = SMTPServer(configuration: configuration)
        try authentication.apply(to: &server, asksForCertificates: tls.clientAuthorities != nil, isLocal: isLocal)
        server.hooks.interceptor = faults.interceptor(rate: limits.rate)
        policy.apply(to: &server)
        return server
    }
}
