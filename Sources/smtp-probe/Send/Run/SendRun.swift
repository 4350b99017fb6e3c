import CommandLineSupport
import Glibc
import SMTPKit

/// One message's way, from the first look-up to `QUIT`.
final class SendRun {
    let command: SendCommand
    private let plan: SendPlan
    private let route: Route
    let record: DialogueRecord
    private let printer: DialoguePrinter?
    /// The dialogue under way, or the last one.
    private(set) var dialogue: ServerDialogue?
    /// What the server offered before TLS, and inside.
    private(set) var capabilities: (before: Capabilities?, after: Capabilities?)
    /// What became of the transaction.
    private(set) var transaction: TransactionOutcome?
    /// The size of the message, where it is known.
    private(set) var size: Int?

    /// The dialogue ends here, as it was asked to.
    private struct Ended: Error {}

    init(
        _ command: SendCommand, _ plan: SendPlan, _ route: Route, _ record: DialogueRecord, _ printer: DialoguePrinter?
    ) {
        self.command = command
        self.plan = plan
        self.route = route
        self.record = record
        self.printer = printer
        record.onEntry = { printer?.show($0) }
    }

    /// When TLS was to begin.
    var tlsMode: TLSOptions.Mode { route.tlsMode }
    private var isSecured: Bool { dialogue?.session.tls != nil }
    private var end: SendStage? { command.transfer.end }

    /// Goes the way.
    func run() -> ProbeOutcome {
        var outcome = ProbeOutcome.done
        do {
            try connect()
            outcome = try converse()
        } catch is Ended {
            outcome = .done
        } catch {
            outcome = failure(error)
        }
        guard let dialogue, dialogue.connection.isOpen else {
            // The message may be through, and the dialogue broken behind it.
            guard outcome.status == .done, let error = dialogue?.session.failure else { return outcome }
            return failure(error)
        }
        if command.transfer.dropAfter != nil, outcome.status == .done || transaction != nil {
            dialogue.drop()
            return outcome
        }
        return quit(dialogue, outcome)
    }

    private func failure(_ error: any Error) -> ProbeOutcome {
        switch error {
        case let error as SMTPError:
            if error.code == .tlsFailed { showTLS() }
            return ProbeOutcome(error, isSecured: isSecured, hasProxyHeader: route.hasProxyHeader)
        case let error as ResolverError:
            return ProbeOutcome(
                status: .connect, stage: ClientStage.connect.rawValue, reason: "\(error)",
                isTemporary: error.isTemporary)
        case let refusal as Refusal:
            return ProbeOutcome(refusal.stage, refusal.reply, isSecured: isSecured)
        case let status as ExitStatus:
            dialogue?.drop()
            let stage = dialogue?.session.stage?.rawValue
            return ProbeOutcome(status: status, stage: stage, reason: "interrupted")
        case let error:
            dialogue?.drop()
            return ProbeOutcome(status: .usage, stage: nil, reason: "\(error)")
        }
    }

    /// A reply that refuses a step without which nothing goes on.
    private struct Refusal: Error {
        let stage: ClientStage
        let reply: Reply
    }

    /// - Throws: ``Refusal`` unless a reply is a success.
    private func require(_ reply: Reply, _ stage: ClientStage) throws {
        guard reply.code.severity == .success else { throw Refusal(stage: stage, reply: reply) }
    }

    /// The stage is over.
    ///
    /// - Throws: ``Ended`` when nothing is to come behind it.
    private func passed(_ stage: SendStage) throws {
        if let end, end.isReached(by: stage) { throw Ended() }
    }

    // MARK: Stages

    private func connect() throws {
        let interruption = try SignalPipe.open([SIGINT, SIGTERM])
        let candidates = try route.candidates()
        record.finished("resolve")
        for (index, candidate) in candidates.enumerated() {
            printer?.say("Trying \(candidate.addresses.map(\.text).joined(separator: ", "))...")
            let dialogue = ServerDialogue(
                route.connection(to: candidate), route.timeouts, interruption: interruption, record)
            self.dialogue = dialogue
            do {
                try dialogue.open(candidate.addresses)
            } catch let error as SMTPError where error.code == .connectFailed && index < candidates.count - 1 {
                // The next of the domain's hosts (RFC 5321, section 5.1).
                printer?.say("\(error)")
                continue
            }
            printer?.say("Connected to \(dialogue.connection.target?.text ?? candidate.host).")
            record.finished("connect")
            return try passed(.connect)
        }
    }

    private func converse() throws -> ProbeOutcome {
        guard let dialogue else { return .done }
        try require(dialogue.finish(), .greeting)
        if isSecured { showTLS() }
        record.finished("banner")
        try passed(.banner)
        try sayHello(dialogue)
        if isSecured {
            capabilities.after = dialogue.session.capabilities
        } else {
            capabilities.before = dialogue.session.capabilities
        }
        try passed(.ehlo)
        if !isSecured { try startTLS(dialogue) }
        try passed(.tls)
        if !route.xclient.isEmpty {
            let attributes = route.xclient
            let reply = try dialogue.take { session, output throws(SMTPError) in
                try session.sendXCLIENT(attributes, into: &output)
            }
            try require(reply, .xclient)
            record.finished("xclient")
            try sayHello(dialogue)
        }
        try passed(.xclient)
        if let credentials = route.credentials {
            let mechanism = route.mechanism
            let reply = try dialogue.take { session, output throws(SMTPError) in
                try session.authenticate(credentials, mechanism, into: &output)
            }
            try require(reply, .authentication)
            record.finished("auth")
        }
        try passed(.auth)
        return try transfer(dialogue)
    }

    private func sayHello(_ dialogue: ServerDialogue) throws {
        let name = command.common.connection.ownName
        try require(
            dialogue.take { session, output throws(SMTPError) in try session.sayHello(name, into: &output) }, .hello)
        record.finished(isSecured ? "ehlo_tls" : "ehlo")
    }

    private func startTLS(_ dialogue: ServerDialogue) throws {
        switch route.tlsMode {
        case .none, .implicit: return
        case .optional where dialogue.session.capabilities?.contains("STARTTLS") != true: return
        case .optional, .required: break
        }
        let reply = try dialogue.take { session, output throws(SMTPError) in try session.startTLS(into: &output) }
        guard reply.code == 220 else {
            guard route.tlsMode == .optional else { throw Refusal(stage: .startTLS, reply: reply) }
            printer?.say("Going on without TLS.")
            return
        }
        showTLS()
        record.finished("tls")
        try sayHello(dialogue)
        capabilities.after = dialogue.session.capabilities
    }

    private func showTLS() {
        guard let report = dialogue?.connection.tlsReport else { return }
        printer?.show(report)
    }

    private func transfer(_ dialogue: ServerDialogue) throws -> ProbeOutcome {
        let offered = dialogue.session.capabilities ?? Capabilities(greeting: "")
        let content = try plan.content(allows8bit: offered.contains("8BITMIME"))
        size = content.size
        var envelope = Envelope(
            reversePath: plan.reversePath, parameters: plan.mailParameters, recipients: plan.recipients)
        if let size, offered.contains("SIZE") { envelope.parameters.append(ESMTPParameter("SIZE", "\(size)")) }
        // What may hold anything is said to (RFC 6152, section 3).
        if content.is8bit != false, offered.contains("8BITMIME") {
            envelope.parameters.append(ESMTPParameter("BODY", "8BITMIME"))
        }
        let end: Transaction.End =
            switch self.end {
            case .mail: .sender
            case .rcpt: .recipients
            case _: .content
            }
        let progress = TransferProgress(size, isShown: !command.common.output.quiet)
        dialogue.progress = progress
        defer { progress.clear() }
        let outcome = try dialogue.take(
            Transaction(
                envelope, transfer: command.transfer.bdat ? .chunks : .data, isPipelined: command.transfer.pipeline,
                end: end),
            content, dropsContent: self.end == .data)
        transaction = outcome ?? dialogue.session.transaction
        record.finished("transaction")
        guard let outcome else { throw Ended() }
        return ProbeOutcome(outcome, end: end, isSecured: isSecured)
    }

    /// Says goodbye, also behind a failure; when all else is well, a refusal of that counts.
    private func quit(_ dialogue: ServerDialogue, _ outcome: ProbeOutcome) -> ProbeOutcome {
        guard outcome.status != .interrupted, outcome.status != .terminated else { return outcome }
        do {
            let reply = try dialogue.take { session, output throws(SMTPError) in try session.quit(into: &output) }
            record.finished("quit")
            guard outcome.status == .done, reply.code.severity != .success else { return outcome }
            return ProbeOutcome(.quit, reply, isSecured: isSecured)
        } catch {
            return outcome.status == .done ? failure(error) : outcome
        }
    }
}
