import CommandLineSupport
import Glibc
import SMTPKit

/// A load run as the command line describes it, read and checked.
struct LoadPlan {
    /// The server.
    let endpoint: Endpoint
    /// How connections are made.
    let configuration: SMTPClient.Configuration
    /// The steps after the greeting of each connection.
    let session: SessionPlan
    /// The number of sessions at a time.
    let sessions: Int
    /// The number of further sessions that stay idle.
    let idle: Int
    /// The number of messages; `nil` for as many as the time allows.
    let messages: Int?
    /// The time in which messages are started; `nil` for no limit.
    let duration: Duration?
    /// The number of messages in one session; `nil` for no limit.
    let messagesPerSession: Int?
    /// The pace of an open loop; `nil` for a closed loop, in which each session sends as fast as it can.
    let rate: MessageRate?
    /// The limit for everything together.
    let deadline: Duration?
    /// Whether any amount may go to a public address.
    let isForced: Bool
    /// The content of the messages.
    let content: LoadContent
    private let from: AddressTemplate
    private let to: AddressTemplate
    private let recipients: Int
    private let transfer: Transaction.Transfer
    private let isPipelined: Bool

    /// Reads the files that the options name.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` and others for values that cannot be used.
    init(_ command: LoadCommand, _ target: Target) throws {
        let common = command.common
        let connection = common.connection
        let message = command.message
        switch target.place {
        case .unix(let path): endpoint = .unix(path: path)
        case .host(let name, let port):
            endpoint = connection.mx ? .mailExchange(of: name, port: port) : .host(name, port: port)
        }
        var configuration = SMTPClient.Configuration()
        configuration.helloName = connection.ownName
        configuration.isLMTP = message.lmtp || target.scheme == .lmtp
        configuration.security = try common.tls.security(common.tls.mode(for: target) ?? .none)
        configuration.allowsSecretsInClear = message.insecureAuth
        configuration.timeouts = connection.timeouts
        configuration.family = connection.family
        configuration.sourceAddress = connection.source
        if let server = connection.resolver { configuration.resolver = .nameServer(server) }
        configuration.preamble = connection.proxyHeader.map { Array("\($0)\r\n".utf8) } ?? []
        self.configuration = configuration

        let authentication = common.authentication
        let secret = try authentication.readSecret()
        var session = SessionPlan(helloName: configuration.helloName)
        session.security =
            switch configuration.security.mode {
            case .none, .implicit: .none
            case .opportunistic: .opportunistic
            case .required: .required
            }
        session.xclient = try XCLIENTAttributes.parse(connection.xclient ?? "")
        if authentication.user != nil || authentication.mechanism == .external {
            session.credentials = SASLCredentials(user: authentication.user ?? "", secret: secret ?? Secret(""))
        }
        session.mechanism = authentication.mechanism
        self.session = session

        let load = command.load
        sessions = load.sessions
        idle = load.idle
        rate = load.rate
        duration = load.duration
        if let duration {
            messages = load.rate.map { $0.count(in: duration) }
        } else {
            messages = load.messages ?? 1
        }
        messagesPerSession = load.messagesPerSession
        deadline = connection.deadline
        isForced = load.force

        from = message.from ?? AddressTemplate(ownName: connection.ownName, isNumbered: false)
        to = message.to ?? AddressTemplate(ownName: connection.ownName, isNumbered: message.recipients > 1)
        recipients = message.recipients
        transfer = message.bdat ? .chunks : .data
        isPipelined = message.pipeline
        if let data = message.data {
            guard case .file = data else { throw ValueError("--data takes @FILE, or @- for standard input") }
            content = LoadContent(message: try data.read(limit: LoadContent.largestFile), as: transfer)
        } else {
            content = LoadContent(
                size: message.size ?? 2_048, from: from.path(1), host: connection.ownName, seed: message.seed,
                run: "\(Timestamp.now.seconds).\(getpid())", as: transfer)
        }
    }

    /// Whether so much load is asked for that a public address needs `--force`; the reason, for the message.
    var guardedAmount: String? {
        guard !isForced else { return nil }
        if sessions + idle > 50 { return "\(sessions + idle) sessions are more than 50" }
        guard let messages else { return "a run without --messages or --rate may be more than 1000 messages" }
        return messages > 1_000 ? "\(messages) messages are more than 1000" : nil
    }

    /// Whether messages are sent with `BDAT`.
    var isChunked: Bool { transfer == .chunks }

    /// Whether all messages have the same envelope.
    var hasOneEnvelope: Bool { !from.isNumbered && !to.isNumbered }

    /// Returns the transaction of the message with a number, from 1 on.
    func transaction(_ number: Int) -> Transaction {
        let first = (number - 1) * recipients + 1
        return Transaction(
            Envelope(
                reversePath: from.path(number),
                recipients: (first..<(first + recipients)).map { to.recipient($0) }),
            transfer: transfer, isPipelined: isPipelined)
    }
}
