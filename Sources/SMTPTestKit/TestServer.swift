public import SMTPKit
import Synchronization

/// A mail server for the tests of a program that sends mail: it listens on a free port of the loopback interface,
/// records what comes, and refuses what it is told to.
///
///     @Test func `a welcome is sent`() async throws {
///         try await TestServer.run { server in
///             try await register("ann@example.net", mailPort: server.port)
///             let messages = try await server.messages(count: 1)
///             #expect(messages[0].recipients == ["ann@example.net"])
///             #expect(messages[0].subject == "Welcome")
///         }
///     }
///
/// Each test can have a server of its own; they share nothing.
public final class TestServer: Sendable {
    /// The port that it listens on, of 127.0.0.1. With TLS, it offers `STARTTLS`.
    public let port: Int
    /// The port where TLS begins with the connection; `nil` without TLS.
    public let tlsPort: Int?
    /// The certificate in PEM, for the trust store of the client; `nil` unless the server made one.
    ///
    /// It is self-signed, for `localhost` and `127.0.0.1`.
    public let certificatePEM: String?
    private let log: MessageLog
    private let canned: Canned

    private init(ports: [Int], certificatePEM: String?, log: MessageLog, canned: Canned) {
        port = ports[0]
        tlsPort = ports.count > 1 ? ports[1] : nil
        self.certificatePEM = certificatePEM
        self.log = log
        self.canned = canned
    }

    /// Runs a server for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - configuration: how the server behaves; where it listens is not up to it. Its `security` is used if it has a
    ///     certificate.
    ///   - usesTLS: whether to offer `STARTTLS`, and implicit TLS on ``tlsPort``, with a new certificate.
    ///   - hooks: further answers. What ``answers`` say goes before them.
    ///   - body: speaks to the server.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and the error of a server that cannot start.
    public static func run<Result>(
        configuration: SMTPServer.Configuration = SMTPServer.Configuration(), usesTLS: Bool = false,
        hooks: Hooks = Hooks(),
        isolation: isolated (any Actor)? = #isolation,
        _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        let log = MessageLog()
        let canned = Canned()
        var server = SMTPServer(configuration: configuration, hooks: canned.before(hooks), store: log)
        server.configuration.listen = [.tcp(host: "127.0.0.1", port: 0)]
        var certificate: String?
        if usesTLS, !configuration.security.isOffered {
            let identity = try TLSIdentity.selfSigned(names: ["localhost", "127.0.0.1"])
            certificate = identity.certificatePEM
            server.configuration.security = ServerSecurity(
                try TLSContext(.server(identity)), requiresTLS: configuration.security.requiresTLS)
        }
        let isSecured = server.configuration.security.isOffered
        server.configuration.listenTLS = isSecured ? [.tcp(host: "127.0.0.1", port: 0)] : []
        let (opened, ports) = AsyncStream.makeStream(of: [Int].self)
        server.observer = PortObserver(ports: ports)
        let control = ServerControl()
        let running = Task { [server] in
            defer { ports.finish() }
            try await server.run(control: control)
        }
        guard let numbers = await opened.first(where: { _ in true }) else {
            try await running.value
            throw CancellationError()
        }
        do {
            let result = try await body(
                TestServer(ports: numbers, certificatePEM: certificate, log: log, canned: canned))
            control.stop()
            try await running.value
            return result
        } catch {
            control.stop()
            _ = await running.result
            throw error
        }
    }

    /// The replies in place of the usual ones, from the next command on.
    public var answers: CannedAnswers {
        get { canned.answers }
        set { canned.answers = newValue }
    }

    /// The messages that have come so far, in the order in which they were acknowledged.
    public var messages: [RecordedMessage] { log.messages }

    /// Forgets the messages that have come so far.
    public func removeMessages() { log.removeAll() }

    /// Waits until so many messages have come, those included that came before the call.
    ///
    /// - Parameters:
    ///   - count: how many messages.
    ///   - timeout: how long to wait at most.
    /// - Returns: all messages that have come, `count` or more.
    /// - Throws: ``MessagesMissing`` when too few came in time, and `CancellationError`.
    public func messages(count: Int, timeout: Duration = .seconds(30)) async throws -> [RecordedMessage] {
        let ticket = log.makeTicket()
        let timer = Task { [log] in
            try await Task.sleep(for: timeout)
            log.giveUp(ticket)
        }
        defer { timer.cancel() }
        let messages = await withTaskCancellationHandler {
            await log.wait(for: count, ticket: ticket)
        } onCancel: {
            log.giveUp(ticket)
        }
        if let messages { return messages }
        try Task.checkCancellation()
        throw MessagesMissing(expected: count, came: log.messages.count, timeout: timeout)
    }

    private struct PortObserver: ServerObserver {
        let ports: AsyncStream<[Int]>.Continuation

        func listening(on listeners: [Listener]) {
            ports.yield(listeners.compactMap(\.port))
        }
    }
}

/// Fewer messages came than a test waits for.
public struct MessagesMissing: Error, Hashable, CustomStringConvertible {
    /// How many were waited for.
    public let expected: Int
    /// How many came.
    public let came: Int
    /// How long was waited.
    public let timeout: Duration

    /// Makes an error.
    public init(expected: Int, came: Int, timeout: Duration) {
        self.expected = expected
        self.came = came
        self.timeout = timeout
    }

    public var description: String { "\(came) of \(expected) messages came within \(timeout)" }
}
