import ArgumentParser
import CommandLineSupport
import Glibc
import NIOCore
import NIOPosix
import SMTPKit

/// `smtp-probe load`: many messages over many sessions, measured.
struct LoadCommand: AsyncParsableCommand, HasCommonOptions {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Send many messages, and measure how the server copes.",
        usage: "smtp-probe load [options] TARGET",
        discussion: """
            Each session sends its next message when the last one is done. With --rate, messages start on a schedule \
            instead, and a server that stalls shows it. The end is a table of rates, latencies, replies and failures.
            """,
        version: SMTPProbe.version
    )

    @OptionGroup(title: "Load")
    var load: LoadOptions
    @OptionGroup(title: "Message")
    var message: LoadMessageOptions
    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions
    @OptionGroup(title: "TLS")
    var tls: TLSOptions
    @OptionGroup(title: "Authentication")
    var authentication: AuthenticationOptions
    @OptionGroup(title: "Output")
    var output: OutputOptions

    @Argument(help: TargetArgument.help, transform: TargetArgument.parse)
    var target: Target?

    mutating func validate() throws {
        guard target != nil else {
            throw ValidationError("no server given: add HOST[:PORT], or --mx DOMAIN")
        }
        if authentication.user != nil, authentication.needsPassword {
            throw ValidationError("--auth-user needs a password, best from --auth-password-file")
        }
    }

    mutating func run() async throws {
        guard LatencyHistogram.isAvailable else {
            throw ValueError("this build has no load generator; build it with the trait Load (--traits Tools,Load)")
        }
        guard let target else { throw ExitStatus.usage }
        authentication.warn(output)
        let signals = try SignalPipe.open([SIGINT, SIGTERM, SIGHUP])
        let plan: LoadPlan
        do {
            plan = try self.plan(target, signals)
        } catch let interruption as Dialogue.Interruption {
            throw ProbeOutcome(interruption, nil).end(target, output)
        }
        ChildProgram.raiseOpenFiles()
        let record = (start: Timestamp.now, instant: ContinuousClock.now)
        let result = try await Self.run(plan, signals, showsProgress: !output.quiet && !output.json)
        SignalPipe.finish()
        var status = result.interruption?.status ?? result.report.tally.status(planned: plan.messages)
        if let problem = result.problem { status = problem.status }
        if output.json {
            var document = ProbeDocument(
                started: record.start,
                target: ProbeTarget(
                    target, address: result.address, exchanger: connection.mx ? result.host : nil))
            document.duration = record.instant.duration(to: .now)
            document.outcome = ProbeOutcome(status: status)
            document.outcome.reason = reason(result, status)
            document.load = result.report
            if result.tls == nil {
                document.capabilities.before = result.capabilities
            } else {
                document.capabilities.after = result.capabilities
            }
            document.tls = result.tls
            document.tlsMode =
                result.tls == nil ? nil : plan.configuration.security.mode == .implicit ? "implicit" : "starttls"
            guard StandardOutput.write(document.text) else { throw ExitStatus.usage }
        } else {
            if !output.quiet, result.problem == nil {
                guard StandardOutput.write(LoadTable.lines(result.report).joined(separator: "\n")) else {
                    throw ExitStatus.usage
                }
            }
            if let reason = reason(result, status) {
                try? Descriptor.write("smtp-probe: \(SafeText.visible(reason))\n", to: 2)
            }
        }
        throw status
    }

    private func plan(_ target: Target, _ signals: Int32) throws -> LoadPlan {
        Dialogue.waitForFiles(connection.timeouts, signals: signals, within: connection.deadline)
        return try LoadPlan(self, target)
    }

    /// The reason of a status that is not 0, in one line.
    private func reason(_ result: LoadResult, _ status: ExitStatus) -> String? {
        if let problem = result.problem { return problem.text }
        if let interruption = result.interruption { return "\(interruption)" }
        guard status != .done else { return nil }
        let tally = result.report.tally
        let most = tally.failures.max { ($0.value.count, $1.key.rawValue) < ($1.value.count, $0.key.rawValue) }
        let planned = result.report.plan.messages.map { " of \($0)" } ?? ""
        let counts = "\(tally.accepted)\(planned) messages accepted, \(tally.refused) refused, \(tally.failed) failed"
        if let most { return "\(counts): \(most.value.example)" }
        let refusal = tally.codes.filter { $0.key.rawValue >= 400 }.max { $0.value.count < $1.value.count }
        return refusal.map { "\(counts): \($0.value.example)" } ?? counts
    }

    private static func run(_ plan: LoadPlan, _ signals: Int32, showsProgress: Bool) async throws -> LoadResult {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let promise = eventLoop.makePromise(of: LoadResult.self)
        let box = UncheckedPlan(plan: plan)
        let started = eventLoop.submit {
            let run = LoadRun(box.plan, on: eventLoop)
            let progress = showsProgress && LoadProgress.isPossible ? LoadProgress(run, on: eventLoop) : nil
            run.start().assumeIsolated().whenComplete { _ in
                progress?.end()
                promise.succeed(LoadResult(run))
            }
            return NIOLoopBound(run, eventLoop: eventLoop)
        }
        let run = try await started.get()
        try SignalPipe.watch(signals) { number in
            eventLoop.execute { run.value.stop(LoadInterruption.signal(number)) }
        }
        return try await promise.futureResult.get()
    }
}

/// Carries a plan to the event loop that alone uses it.
private struct UncheckedPlan: @unchecked Sendable {
    let plan: LoadPlan
}

/// The result of a load run.
struct LoadResult: @unchecked Sendable {
    let report: LoadReport
    let interruption: LoadInterruption?
    let problem: (status: ExitStatus, text: String)?
    let capabilities: Capabilities?
    let tls: TLSReport?
    /// The server's host, and the address of the last connection as the system writes it.
    let host: String?
    let address: String?

    init(_ run: LoadRun) {
        report = LoadReport(run)
        interruption = run.interruption
        problem = run.problem
        capabilities = run.capabilities
        tls = run.tlsReport
        host = run.server.host?.name
        address = run.server.address
    }
}

extension LoadCommand: UsageReporting {
    static func report(usage reason: String, _ arguments: [String]) -> Int32? {
        ProbeDocument.report(usage: reason, arguments)
    }
}
