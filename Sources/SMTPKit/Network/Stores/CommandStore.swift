import Glibc
package import NIOCore
import NIOPosix
import SMTPCore

/// Gives each message to a command: the message on its standard input, the envelope in its environment.
///
/// The message is on the input from its first byte to its last, with LF as line end, in a file that has no name: a
/// command that does not read it blocks nothing. The environment has, beside that of this process,
/// `SMTP_QUEUE_ID`, `SMTP_SENDER` (empty for `<>`), `SMTP_RECIPIENTS` (one on a line), `SMTP_SIZE`, `SMTP_PROTOCOL`,
/// `SMTP_HELO`, `SMTP_CLIENT_ADDRESS`, `SMTP_CLIENT_PORT` and `SMTP_USER`. With more than 100,000 bytes of recipients,
/// which a variable may not be able to hold, `SMTP_RECIPIENTS_FILE` names a file with them in place of
/// `SMTP_RECIPIENTS`.
///
/// ``reply(toExitStatus:)`` defines the reply for each exit status. When a command cannot be started, is ended by a
/// signal or exceeds its deadline, the reply is `451 4.3.0`, and the client tries again later.
///
/// Each command leads a process group of its own. At its deadline, when the store closes, and so long before the
/// server's grace is over that it has ended by then, the group is sent `SIGTERM` and, two seconds later, `SIGKILL`.
public final class CommandStore: MessageStore, EventLoopStore {
    private let words: [String]
    private let added: AddedFields
    private let timeout: TimeAmount
    private let pool: NIOThreadPool
    private let group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    private let running = RunningCommands()

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - words: the program, looked for on `PATH` unless it holds a slash, and its arguments.
    ///   - parallelism: how many commands may run at a time; further messages wait.
    ///   - timeout: how long a command may take.
    ///   - added: which fields are put above a message.
    /// - Throws: ``StoreError`` when there is no such program.
    public init(
        _ words: [String], parallelism: Int = 4, timeout: Duration = .seconds(60),
        adding added: AddedFields = AddedFields()
    ) throws(StoreError) {
        guard let program = words.first, Self.isFound(program) else {
            throw StoreError(.unavailable, path: words.first ?? "command", reason: "there is no such program")
        }
        self.words = words
        self.added = added
        self.timeout = TimeAmount(timeout)
        pool = NIOThreadPool(numberOfThreads: max(1, parallelism))
        pool.start()
    }

    public var name: String { words[0] }

    public func store(_ message: Message) async throws {
        try await pool.runIfActive { try self.run(message) }
    }

    package func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        pool.runIfActive(eventLoop: eventLoop) { try self.run(message) }
    }

    public func prepareToClose(within grace: Duration) {
        let time = TimeAmount.nanoseconds(grace.nanoseconds) - ChildCommand.grace - .milliseconds(250)
        group.any().scheduleTask(in: max(time, .zero)) { [running] in
            for process in running.close() { process.end() }
        }
    }

    public func close() async {
        for process in running.close() { process.end() }
        try? await pool.shutdownGracefully()
    }

    // MARK: On a thread of the pool

    /// Runs the command for a message, and waits for its end.
    private func run(_ message: Message) throws {
        let input = try SpoolFile()
        try StoredForm(layout: .lines, added: added).forEachPiece(of: message) { piece, _ in
            try piece.withUnsafeBytes { try input.append($0) }
        }
        let environment = try CommandEnvironment(message)
        let process = try ChildCommand(words, environment, input: input)
        guard running.insert(process) else {
            process.end()
            _ = process.wait()
            throw StoreError(.closed, path: words[0], reason: "the store is closed")
        }
        let deadline = group.any().scheduleTask(in: timeout) { process.end() }
        let ending = process.wait()
        deadline.cancel()
        running.remove(process)
        switch ending {
        case .exited(0): return
        case .exited(let status):
            if let reply = Self.reply(toExitStatus: status) { throw reply }
            throw StoreError(.unavailable, path: words[0], reason: "ended with status \(status)")
        case .ended(let signal):
            let seconds = Double(timeout.nanoseconds) / 1e9
            let reason = process.wasEnded ? "was ended: it ran for more than \(seconds) s" : "signal \(signal) ended it"
            throw StoreError(.unavailable, path: words[0], reason: reason)
        }
    }

    private static func isFound(_ program: String) -> Bool {
        guard !program.contains("/") else { return access(program, X_OK) == 0 }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin"
        return path.split(separator: ":", omittingEmptySubsequences: false).contains { folder in
            access("\(folder.isEmpty ? "." : folder)/\(program)", X_OK) == 0
        }
    }
}
