/// Decides when the server ends, and with what status: a state machine of facts, without clock or I/O.
struct StopConditions {
    /// An action for the server.
    enum Action: Hashable, Sendable {
        /// No further message; who has delivered may still say `QUIT`.
        case finish
        /// No further connection; transactions under way may end.
        case stop
        /// At once.
        case abort(ExitStatus)
    }

    /// How many messages are awaited.
    let messages: Int?
    /// How many sessions are awaited.
    let sessions: Int?
    /// How many messages of a certain kind are awaited, one of each kind.
    let kinds: Int
    /// Whether a command runs, whose end is the server's.
    let runsCommand: Bool

    /// How many messages were stored.
    private(set) var storedMessages = 0
    /// How many sessions ended.
    private(set) var endedSessions = 0
    /// Which of the awaited kinds there were.
    private(set) var seenKinds: Set<Int> = []
    /// Whether the command came to its end.
    private(set) var hasCommandEnded = false
    /// Whether the deadline was for the time without a session.
    private(set) var wasIdle = false
    private var interruptions = 0
    /// Why the server ends; the first reason counts.
    private(set) var status: ExitStatus?

    init(messages: Int? = nil, sessions: Int? = nil, kinds: Int = 0, runsCommand: Bool = false) {
        self.messages = messages
        self.sessions = sessions
        self.kinds = kinds
        self.runsCommand = runsCommand
    }

    /// Whether something was asked for besides a time limit or a command's end.
    private var hasCondition: Bool { messages != nil || sessions != nil || kinds > 0 }

    // MARK: Facts

    /// A message was stored; its `250` is about to be sent.
    ///
    /// - Parameter matching: of which of the awaited kinds it is.
    mutating func messageStored(matching: Set<Int> = []) -> Action? {
        storedMessages += 1
        seenKinds.formUnion(matching)
        let isEnough = messages.map { storedMessages >= $0 } ?? false
        guard isEnough || (kinds > 0 && seenKinds.count == kinds), !runsCommand else { return nil }
        return end(.done, .finish)
    }

    /// A session ended.
    mutating func sessionEnded() -> Action? {
        endedSessions += 1
        guard let sessions, endedSessions >= sessions, !runsCommand else { return nil }
        return end(.done, .finish)
    }

    /// The time for everything, or the time without a session, is over.
    mutating func deadlinePassed(wasIdle: Bool = false) -> Action? {
        if status == nil { self.wasIdle = wasIdle }
        return end(hasCondition || runsCommand ? .deadline : .done, .stop)
    }

    /// Someone wants the server to end.
    mutating func interrupted(by signal: Int32) -> Action? {
        interruptions += 1
        guard interruptions == 1 else { return .abort(.signal(signal)) }
        // With a command, what it makes of the signal decides.
        if runsCommand, status == nil { return nil }
        return end(hasCondition ? .signal(signal) : .done, .stop)
    }

    /// The command came to its end.
    mutating func commandEnded(_ status: ExitStatus) -> Action? {
        if self.status == nil { hasCommandEnded = true }
        let isShort =
            storedMessages < messages ?? 0 || endedSessions < sessions ?? 0 || seenKinds.count < kinds
        return end(status == .command(0) && isShort ? .deadline : status, .stop)
    }

    /// Something failed that the server cannot do without.
    mutating func failed() -> Action? { end(.failure, .stop) }

    private mutating func end(_ status: ExitStatus, _ action: Action) -> Action? {
        guard self.status == nil else { return nil }
        self.status = status
        return action
    }
}
