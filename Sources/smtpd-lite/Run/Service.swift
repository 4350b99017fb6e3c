import CommandLineSupport
import Glibc
import SMTPKit
import Synchronization

/// One run of the tool: the server, what ends it, and the command beside it.
struct Service: Sendable {
    let server: SMTPServer
    let ready: ReadyAnnouncement
    let stop: StopOptions
    let command: CommandRunner?
    let errors: ErrorOutput
    let observers: Observers
    /// Whether only errors are written to standard error.
    let isQuiet: Bool

    /// Serves until there is a reason to end.
    func run() async -> ExitStatus {
        signal(SIGPIPE, SIG_IGN)
        let control = ServerControl()
        let (listening, isListening) = AsyncStream.makeStream(of: [ListenAddress].self)
        let conditions = StopConditions(
            messages: stop.messages, sessions: stop.sessions, kinds: stop.waitFor.count,
            runsCommand: command != nil)
        let endStatus = Mutex<ExitStatus>(.done)
        let grace: EndOfGrace
        do {
            grace = try EndOfGrace { endStatus.withLock { $0 } }
        } catch {
            errors.say("smtpd-lite: \(error)")
            errors.flush()
            return .failure
        }
        let watch = ServerWatch(
            conditions: conditions, awaited: stop.waitFor, control: control, errors: errors,
            sinks: observers.sinks, remarks: observers.remarks, statistics: observers.statistics
        ) { status in
            endStatus.withLock { $0 = status }
            grace.start()
        } onListening: {
            isListening.yield($0)
            isListening.finish()
        }
        let signals = SignalSource(ignoresHangup: ChildProgram.ignoresHangup) { number in
            command?.send(number)
            watch.note { $0.interrupted(by: number) }
        }
        defer { withExtendedLifetime(signals) {} }
        var server = server
        server.observer = watch
        let status = await withTaskGroup(of: Void.self) { group in
            group.addTask { await begin(listening, watch) }
            group.addTask { await observers.showLiveLine(errors) }
            let failure = await serve(server, control)
            endStatus.withLock { $0 = failure ?? watch.status ?? .done }
            grace.start()
            isListening.finish()
            group.cancelAll()
            await group.waitForAll()
            return failure ?? watch.status ?? .done
        }
        observers.remarks?.flush()
        if !isQuiet, let reason = EndReason(stop: stop).line(for: watch.conditions) {
            errors.show("")
            errors.say("smtpd-lite: \(SafeText.visible(reason))")
        }
        observers.finish(errors)
        return status
    }

    /// - Returns: `nil` when the server came to its end in good order.
    private func serve(_ server: SMTPServer, _ control: ServerControl) async -> ExitStatus? {
        do {
            try await server.run(control: control)
            return nil
        } catch {
            errors.say("smtpd-lite: \(SafeText.visible("\(error)"))")
            command?.end()
            return .failure
        }
    }

    /// Announces that the server is ready, and starts what begins then.
    private func begin(_ listening: AsyncStream<[ListenAddress]>, _ watch: ServerWatch) async {
        for await addresses in listening {
            do {
                try ready.announce(addresses, to: errors)
            } catch {
                errors.say("smtpd-lite: \(error)")
                return watch.note { $0.failed() }
            }
            await withTaskGroup(of: Void.self) { group in
                if let timeout = stop.timeout { group.addTask { await end(watch, after: timeout) } }
                if let idle = stop.idle { group.addTask { await end(watch, afterIdle: idle) } }
                if let command { group.addTask { await run(command, addresses, watch) } }
            }
        }
    }

    private func run(_ command: CommandRunner, _ addresses: [ListenAddress], _ watch: ServerWatch) async {
        do {
            let status = try await command.run(addresses, clearCount: ready.clearCount)
            watch.note { $0.commandEnded(.command(status)) }
        } catch {
            errors.say("smtpd-lite: \(error)")
            watch.note { $0.commandEnded(.commandNotStarted) }
        }
    }

    // MARK: Time

    private func end(_ watch: ServerWatch, after duration: Duration) async {
        guard (try? await Task.sleep(for: duration)) != nil else { return }
        passDeadline(watch, wasIdle: false)
    }

    /// Sleeps as long as the server was not idle long enough.
    private func end(_ watch: ServerWatch, afterIdle duration: Duration) async {
        while !Task.isCancelled {
            let idle = watch.idleSince.map { $0.duration(to: .now) } ?? .zero
            guard idle < duration else { return passDeadline(watch, wasIdle: true) }
            guard (try? await Task.sleep(for: duration - idle)) != nil else { return }
        }
    }

    private func passDeadline(_ watch: ServerWatch, wasIdle: Bool) {
        watch.note { $0.deadlinePassed(wasIdle: wasIdle) }
        command?.end()
    }
}
