import FuzzSupport

@testable import SMTPCore

/// A client's session joined to a hostile server: it never traps, shows no secret, sends content only when that is
/// wanted, calls nothing delivered that was not, and ends with one event.
///
/// The first bytes of an input choose how the session behaves and what it is told to do. The rest is what the server
/// sends. 0xFF ends a turn, after which the client may do the next thing.
enum FuzzedClient {
    static func check(_ input: FuzzInput) throws {
        var input = input
        let options = FuzzedClientOptions(&input)
        let turns = input.turns
        var cutter = Cutter(options.cuts)
        let whole = try FuzzedClientDriver(options).run(turns.map { [$0] })
        // Whether bytes follow a reply at once decides whether they can answer the next command: no cut there.
        let cut = try FuzzedClientDriver(options).run(
            turns.map { cutter.pieces(of: $0, isAllowed: { $0 != ASCII.lineFeed }) })
        try expect(whole == cut, "the cuts make a difference:\n\(whole)\n\(cut)")
    }
}

/// The choices of an input.
private struct FuzzedClientOptions {
    static let secret = "correct-horse-battery"
    static let credentials = SASLCredentials(user: "alice", secret: Secret(secret))

    let configuration: ClientSession.Configuration
    let cuts: UInt8
    let plan: SessionPlan?
    let transaction: Transaction
    let actions: [UInt8]

    init(_ input: inout FuzzInput) {
        let choice = input.byte()
        cuts = input.byte()
        let planned = input.byte()
        let transacted = input.byte()
        actions = (0..<5).map { _ in input.byte() }
        var configuration = ClientSession.Configuration()
        configuration.isLMTP = choice & 1 != 0
        configuration.isRaw = choice & 2 != 0
        configuration.isTraced = choice & 4 == 0
        configuration.allowsSecretsInClear = choice & 8 != 0
        configuration.isImplicitTLS = choice & 0x10 != 0
        configuration.preamble = choice & 0x20 != 0 ? Array("PROXY UNKNOWN\r\n".utf8) : []
        let policies: [BareNewlinePolicy] = [.normalize, .reject, .allow, .normalize]
        configuration.bareNewlines = policies[Int(choice >> 6)]
        configuration.chunkSize = 16
        configuration.cryptography = FuzzCryptography()
        configuration.host = "mx.example"
        self.configuration = configuration
        plan = planned == 0 ? nil : Self.plan(planned)
        transaction = Self.transaction(transacted)
    }

    private static func plan(_ choice: UInt8) -> SessionPlan {
        var plan = SessionPlan(helloName: "client.example")
        let securities: [SessionPlan.Security] = [.none, .opportunistic, .required, .opportunistic]
        plan.security = securities[Int(choice & 3)]
        if choice & 4 != 0 { plan.xclient = [("ADDR", "192.0.2.9")] }
        if choice & 8 != 0 { plan.credentials = credentials }
        let mechanism = Int(choice >> 4)
        if mechanism > 3 { plan.mechanism = SASLMechanism.allCases[mechanism % SASLMechanism.allCases.count] }
        if mechanism == 1 { plan.hello = .extended }
        if mechanism == 2 { plan.hello = .plain }
        if mechanism == 3 { plan.end = .startTLS }
        return plan
    }

    private static func transaction(_ choice: UInt8) -> Transaction {
        let names = ["ann", "bob", "eve"].prefix(Int(choice & 3))
        let recipients = names.map { name in
            Envelope.Recipient(.mailbox(Mailbox(localPart: name, domain: .name("example.net"))))
        }
        let ends: [Transaction.End] = [.content, .content, .recipients, .sender]
        let unoffered: [Transaction.UnofferedParameters] = [.refuse, .omit, .send, .refuse]
        return Transaction(
            Envelope(
                reversePath: .mailbox(Mailbox(localPart: "joe", domain: .name("example.org"))),
                parameters: choice & 0x80 != 0 ? [ESMTPParameter("BODY", "8BITMIME")] : [], recipients: recipients),
            transfer: choice & 4 == 0 ? .data : .chunks, isPipelined: choice & 8 == 0,
            unofferedParameters: unoffered[Int(choice >> 4 & 3)],
            end: choice & 0x40 == 0 ? .content : ends[Int(choice >> 4 & 3)])
    }
}

/// A client's session and its driver.
private struct FuzzedClientDriver: ~Copyable {
    /// The result of an input.
    struct Outcome: Equatable, CustomStringConvertible {
        var sent: [UInt8] = []
        var events: [String] = []
        var replies: [Reply] = []
        var outcomes: [TransactionOutcome] = []

        var description: String { "\(String(decoding: sent, as: UTF8.self)) \(events)" }
    }

    private static let rawLines = [
        "EHLO client.example", "AUTH LOGIN", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>", "DATA",
        "BDAT 4 LAST", "STARTTLS", "QUIT", ".", "NOOP", "abcd", "RSET", "", "*", "BDAT 99999999999999999999", "DATA x",
    ]
    private static let content = Array("Subject: s\r\n\r\nthe body\r\n.dot\rQUIT\r\nend".utf8)
    /// How the secret is sent by the mechanisms that send it.
    private static let secrets: [[UInt8]] = {
        let secret = Array(FuzzedClientOptions.secret.utf8)
        return [secret, Base64.encode(secret), Base64.encode([0] + Array("alice".utf8) + [0] + secret)]
    }()

    private let options: FuzzedClientOptions
    private var session: ClientSession
    private var output = ClientOutput()
    private var outcome = Outcome()
    private var nextAction = 0
    private var ends = 0

    init(_ options: FuzzedClientOptions) {
        self.options = options
        session = ClientSession(options.configuration)
    }

    consuming func run(_ turns: [[[UInt8]]]) throws -> Outcome {
        session.connected(into: &output)
        if let plan = options.plan { try? session.prepare(plan, into: &output) }
        try collect()
        for (index, turn) in turns.enumerated() {
            if index > 0 { try act() }
            for piece in turn {
                session.receive(piece.span, into: &output)
                try collect()
            }
        }
        session.inputClosed(into: &output)
        try collect()
        try expect(session.isClosed && ends == 1, "the session ends \(ends) times")
        try expect(
            session.stage == nil && session.awaitedCount == 0 || session.failure == nil, "it waits after its end")
        return outcome
    }

    private mutating func act() throws {
        if session.isClosed { return }
        if session.isStartingTLS {
            let properties = Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384")
            session.tlsEstablished(
                properties, bindings: [ChannelBinding(kind: .tlsExporter, data: [1, 2, 3])], into: &output)
            return try collect()
        }
        if session.isContentWanted { return try sendContent() }
        guard !session.isBusy, !session.isTransacting || options.configuration.isRaw,
            nextAction < options.actions.count
        else { return }
        let action = options.actions[nextAction]
        nextAction += 1
        do throws(SMTPError) {
            try perform(action)
        } catch {
            // Nothing is sent when a step is refused.
            try expect(output.octets.isEmpty, "a step that is refused sends \(output.octets)")
        }
        try collect()
    }

    private mutating func perform(_ action: UInt8) throws(SMTPError) {
        switch action & 7 {
        case 0:
            let facts = action & 0x10 == 0 ? nil : ContentFacts(of: Self.content.span)
            try session.begin(options.transaction, facts, into: &output)
        case 1: try session.sayHello("client.example", into: &output)
        case 2: try session.startTLS(into: &output)
        case 3: try session.authenticate(FuzzedClientOptions.credentials, into: &output)
        case 4: try session.perform(action & 8 == 0 ? .noop : .rset, into: &output)
        case 5: try session.sendXCLIENT([("NAME", "client.example")], into: &output)
        case 6: try session.quit(into: &output)
        case _ where options.configuration.isRaw:
            session.sendRawLine(Array(Self.rawLines[Int(action >> 3) % Self.rawLines.count].utf8), into: &output)
        case _: session.deadlinePassed(into: &output)
        }
    }

    private mutating func sendContent() throws {
        let outcome = session.transaction
        try expect(outcome?.isSenderAccepted == true, "content is wanted for a sender who was refused")
        try expect((outcome?.acceptedCount ?? 0) > 0, "content is wanted for recipients who were refused")
        if options.transaction.transfer == .data {
            try expect(outcome?.data?.code.severity == .intermediate, "content is wanted without 354")
        }
        var rest = Self.content[...]
        while session.isContentWanted, !rest.isEmpty {
            session.sendContent(Array(rest.prefix(20)).span, into: &output)
            rest = rest.dropFirst(20)
        }
        if rest.isEmpty { session.endContent(into: &output) }
        try collect()
    }

    private mutating func collect() throws {
        try expect(output.octets.isEmpty || ends == 0 || !output.events.isEmpty, "something is sent after the end")
        try expect(output.octets.count < 4_096, "\(output.octets.count) bytes are sent at once")
        outcome.sent += output.octets
        if session.tls == nil, !options.configuration.allowsSecretsInClear, !options.configuration.isImplicitTLS {
            try checkSecrets(output.octets, "what is sent in clear")
        }
        for entry in output.trace {
            switch entry.item {
            case .sent(let line): try checkSecrets(Array(line.utf8), "the trace")
            case .content, .received, .malformed, .secured: break
            }
        }
        for event in output.events { try note(event) }
        output = ClientOutput()
    }

    private func checkSecrets(_ bytes: [UInt8], _ place: String) throws {
        guard bytes.count >= FuzzedClientOptions.secret.utf8.count else { return }
        for secret in Self.secrets { try expect(!bytes.contains(secret), "a secret is in \(place)") }
    }

    private mutating func note(_ event: ClientEvent) throws {
        try expect(ends == 0, "\(event) is reported after the end")
        switch event {
        case .reply(let reply):
            outcome.replies.append(reply.reply)
            if let command = reply.command { try checkSecrets(Array(command.line.utf8), "the command of a reply") }
        case .malformed(_, let octets): outcome.events.append("malformed \(octets.count)")
        case .startTLS: outcome.events.append("tls")
        case .finished(let reply): outcome.events.append("finished \(reply.code)")
        case .stageFinished(let stage, _): outcome.events.append("stage \(stage.rawValue)")
        case .tlsSkipped: outcome.events.append("no tls")
        case .prepared:
            if options.plan?.security == .required, options.plan?.end != .greeting, options.plan?.end != .hello {
                try expect(session.tls != nil, "the plan ends without the TLS that it requires")
            }
            outcome.events.append("prepared")
        case .stepFailed(let error): outcome.events.append("stopped \(error.code.name)")
        case .contentWanted: outcome.events.append("content")
        case .transactionFinished(let result):
            try expect(
                !result.isDelivered || result.isContentSent && result.isSenderAccepted && result.acceptedCount > 0,
                "\(result) is called delivered")
            outcome.outcomes.append(result)
        case .failed(let error):
            ends += 1
            outcome.events.append("failed \(error.code.name) \(error.stage?.rawValue ?? "")")
            try checkSecrets(Array(error.description.utf8), "the error")
        case .closed:
            ends += 1
            outcome.events.append("closed")
        }
    }
}

extension [UInt8] {
    /// Whether the array contains another in one piece.
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard let first = other.first, count >= other.count else { return false }
        return (0...(count - other.count)).contains { self[$0] == first && self[$0...].starts(with: other) }
    }
}
