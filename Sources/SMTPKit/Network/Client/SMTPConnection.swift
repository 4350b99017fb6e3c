public import NIOCore
public import SMTPCore
import SMTPTLS

/// A connection to a server, lent by ``SMTPClient/withConnection(to:configuration:isolation:_:)``.
///
/// One step at a time: a second one that is begun meanwhile throws. A refusal is a `Reply` that is returned, or a
/// part of a `TransactionOutcome`; a `SMTPError` means that something could not be done, and all
/// but those that were noticed before anything was sent end the connection. So does the cancellation of a task that
/// waits.
public final class SMTPConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ClientHandler>
    private let configuration: SMTPClient.Configuration

    init(channel: any Channel, handler: NIOLoopBound<ClientHandler>, configuration: SMTPClient.Configuration) {
        self.channel = channel
        self.handler = handler
        self.configuration = configuration
    }

    // MARK: What is known

    /// The server's address, `192.0.2.1`, and port; `nil` for a UNIX socket.
    public var remoteAddress: (address: String, port: Int)? {
        guard let remote = channel.remoteAddress, let address = remote.ipAddress, let port = remote.port else {
            return nil
        }
        return (address, port)
    }

    /// The server's greeting.
    public var greeting: Reply? { get async { await look { $0.session.greeting } } }
    /// The reply to the last hello; `nil` before, and between `STARTTLS` and the next one.
    public var helloReply: Reply? { get async { await look { $0.session.hello } } }
    /// The server's capabilities, by its reply to the last hello.
    public var capabilities: Capabilities? { get async { await look { $0.session.capabilities } } }
    /// The security of the connection, and the server's certificates; `nil` in clear.
    public var tls: TLSReport? { get async { await look { $0.tlsReport } } }
    /// The name of the authenticated user.
    public var user: String? { get async { await look { $0.session.user } } }
    /// The outcome of the last transaction, also when an error ended it.
    public var transaction: TransactionOutcome? { get async { await look { $0.session.transaction } } }

    /// Whether the connection can take another step.
    var isIdle: Bool {
        get async {
            await look { handler in
                !handler.session.isClosed && !handler.session.isBusy && !handler.session.isOutOfSync
            } == true && channel.isActive
        }
    }

    /// Whether an error of a transaction means that the server closed the connection before it took any content.
    func isStale(_ error: any Error) async -> Bool {
        guard let error = error as? SMTPError, error.code == .closed || error.code == .serviceClosing else {
            return false
        }
        return await transaction?.isContentSent != true
    }

    private func look<Value: Sendable>(_ body: @escaping @Sendable (ClientHandler) -> Value?) async -> Value? {
        let handler = handler
        return try? await channel.eventLoop.submit { body(handler.value) }.get()
    }

    // MARK: Preparation

    /// Greets, secures the connection and authenticates, as the configuration says.
    ///
    /// - Throws: `SMTPError`, `SMTPError.Code.refused` among them.
    public func prepare() async throws {
        var plan = SessionPlan(helloName: configuration.helloName)
        plan.security =
            switch configuration.security.mode {
            case .none, .implicit: .none
            case .opportunistic: .opportunistic
            case .required: .required
            }
        plan.xclient = configuration.xclient
        plan.credentials = configuration.credentials
        plan.mechanism = configuration.mechanism
        _ = try await step { [plan] session, output throws(SMTPError) in try session.prepare(plan, into: &output) }
    }

    func greeted(_ greeting: EventLoopFuture<ClientHandler.StepEnd>) async throws {
        let reply = try await Self.reply(wait(for: greeting))
        guard reply.code.severity == .success else { throw SMTPError(.refused, stage: .greeting, reply: reply) }
    }

    /// Says `EHLO`, and `HELO` when that is refused; with LMTP, `LHLO`.
    ///
    /// - Returns: the reply to the last of them.
    @discardableResult
    public func hello() async throws -> Reply {
        let name = configuration.helloName
        return try await reply { session, output throws(SMTPError) in try session.sayHello(name, into: &output) }
    }

    /// Says `HELO`, and nothing else.
    @discardableResult
    public func plainHello() async throws -> Reply {
        let name = configuration.helloName
        return try await reply { session, output throws(SMTPError) in
            try session.sayHello(name, .plain, into: &output)
        }
    }

    /// Secures the connection with `STARTTLS`. The client forgets the server's earlier replies: a ``hello()`` has to
    /// follow.
    ///
    /// - Returns: the reply to `STARTTLS`; with `220`, the connection is secured.
    /// - Throws: `SMTPError.Code.tlsNotOffered` before anything is sent,
    ///   `SMTPError.Code.tlsFailed` and `SMTPError.Code.plaintextBehindStartTLS` after the reply.
    @discardableResult
    public func startTLS() async throws -> Reply {
        guard configuration.security.mode != .none else {
            throw SMTPError(.outOfOrder, stage: .startTLS, reason: "the connection was configured without TLS")
        }
        return try await reply { session, output throws(SMTPError) in try session.startTLS(into: &output) }
    }

    /// Proves who the client is with `AUTH`.
    ///
    /// - Parameters:
    ///   - credentials: the name and the secret.
    ///   - mechanism: the one to use; `nil` for the safest on offer that takes a password.
    /// - Returns: the last reply: `235`, or a refusal.
    /// - Throws: `SMTPError.Code.extensionNotOffered` and `SMTPError.Code.secretInClear` before
    ///   anything is sent; `SMTPError.Code.authenticationFailed` when the server is not authentic itself.
    @discardableResult
    public func authenticate(
        _ credentials: SASLCredentials, _ mechanism: SASLMechanism? = nil
    ) async throws -> Reply {
        try await reply { session, output throws(SMTPError) in
            try session.authenticate(credentials, mechanism, into: &output)
        }
    }

    /// Tells a server that trusts this client on whose behalf it connects. A ``hello()`` has to follow.
    @discardableResult
    public func sendXCLIENT(_ attributes: [(name: String, value: String)]) async throws -> Reply {
        try await reply { session, output throws(SMTPError) in try session.sendXCLIENT(attributes, into: &output) }
    }

    /// Sends one command that has one reply, such as `NOOP`, `RSET` or `VRFY`.
    ///
    /// - Throws: `SMTPError.Code.invalidArgument` when an argument would break out of the command.
    @discardableResult
    public func perform(_ command: Command) async throws -> Reply {
        try await reply { session, output throws(SMTPError) in try session.perform(command, into: &output) }
    }

    /// Says `QUIT`. The connection is over.
    @discardableResult
    public func quit() async throws -> Reply {
        try await reply { session, output throws(SMTPError) in try session.quit(into: &output) }
    }

    /// Closes without a word.
    public func close() async {
        try? await channel.close()
    }

    /// Sends `QUIT` if nothing is under way, waits up to five seconds for its reply, and closes.
    func end() async {
        guard await look({ !$0.session.isBusy && !$0.session.isClosed }) == true else { return await close() }
        let alarm = channel.eventLoop.scheduleTask(in: .seconds(5)) { [channel] in channel.close(promise: nil) }
        _ = try? await quit()
        alarm.cancel()
        await close()
    }

    // MARK: Transactions

    /// Takes a message that is at hand through a transaction.
    ///
    /// - Returns: what the server said to each part of it. Refusals are not thrown.
    /// - Throws: before anything is sent, `SMTPError.Code.extensionNotOffered` for a parameter that the server
    ///   does not offer, and `SMTPError.Code.invalidArgument`; later whatever ends the dialogue.
    public func send(_ transaction: Transaction, content: some Sequence<UInt8>) async throws -> TransactionOutcome {
        let buffer = ByteBuffer(bytes: content)
        let facts = ContentFacts(of: buffer.readableBytesUInt8Span)
        return try await send(transaction, content: AsyncPiece(buffer: buffer), facts: facts)
    }

    /// Takes a message through a transaction whose content comes in pieces, cut anywhere. The next piece is asked for
    /// when the server has taken most of those before: memory stays flat for a message of any size.
    ///
    /// The facts are what is known of the content, for `SIZE`, `BODY` and `SMTPUTF8`; without them, nothing is
    /// declared.
    ///
    /// - Returns: what the server said to each part of it. Refusals are not thrown.
    /// - Throws: as ``send(_:content:)-(_,Sequence<UInt8>)``, and what `content` throws, which ends the connection.
    public func send<Content: AsyncSequence>(
        _ transaction: Transaction, content: Content, facts: ContentFacts? = nil,
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> TransactionOutcome where Content.Element == ByteBuffer {
        let begun = try await step { session, output throws(SMTPError) in
            try session.begin(transaction, facts, into: &output)
        }
        if case .transaction(let outcome) = begun { return outcome }
        do {
            for try await piece in content {
                guard try await give(piece) else { break }
            }
        } catch {
            // A message without its end must not pass for a whole one.
            await close()
            throw error
        }
        let ended = try await wait { $0.endContent($1) }
        guard case .transaction(let outcome) = ended else { throw SMTPError(.outOfOrder, stage: .content) }
        return outcome
    }

    /// - Returns: whether more is wanted.
    private func give(_ piece: ByteBuffer) async throws -> Bool {
        guard piece.readableBytes > 0 else { return true }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.execute { [handler] in handler.value.give(piece) { promise.completeWith($0) } }
        try await cancellable(promise.futureResult)
        return await look { $0.session.isTransacting } == true
    }

    // MARK: Steps

    private typealias Step = @Sendable (inout ClientSession, inout ClientOutput) throws(SMTPError) -> Void

    private func reply(_ begin: @escaping Step) async throws -> Reply {
        try Self.reply(await step(begin))
    }

    private static func reply(_ end: ClientHandler.StepEnd) throws -> Reply {
        guard case .reply(let reply) = end else { throw SMTPError(.outOfOrder, stage: nil) }
        return reply
    }

    private func step(_ begin: @escaping Step) async throws -> ClientHandler.StepEnd {
        try await wait { $0.begin(begin, $1) }
    }

    private func wait(
        _ body: @escaping @Sendable (ClientHandler, @escaping ClientHandler.Completion) -> Void
    ) async throws -> ClientHandler.StepEnd {
        let promise = channel.eventLoop.makePromise(of: ClientHandler.StepEnd.self)
        channel.eventLoop.execute { [handler] in body(handler.value) { promise.completeWith($0) } }
        return try await wait(for: promise.futureResult)
    }

    private func wait(for end: EventLoopFuture<ClientHandler.StepEnd>) async throws -> ClientHandler.StepEnd {
        try await cancellable(end)
    }

    /// Waits; when the task is cancelled, the connection ends, and so does the wait.
    private func cancellable<Value: Sendable>(_ future: EventLoopFuture<Value>) async throws -> Value {
        try await withTaskCancellationHandler {
            try await future.get()
        } onCancel: {
            channel.eventLoop.execute { [handler] in handler.value.abort(CancellationError()) }
        }
    }
}

/// One piece as a sequence.
private struct AsyncPiece: AsyncSequence {
    let buffer: ByteBuffer

    struct AsyncIterator: AsyncIteratorProtocol {
        var buffer: ByteBuffer?

        mutating func next() async -> ByteBuffer? {
            defer { buffer = nil }
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(buffer: buffer) }
}
