import Glibc
import SMTPKit

/// Lines and what answers them, and plans.
extension Dialogue {
    /// Carries out a plan.
    ///
    /// - Throws: `SMTPError` for the stage that was refused or could not be carried out. The connection may still be
    ///   open.
    func prepare(_ plan: SessionPlan) throws {
        var stopped: SMTPError?
        let outer = onEvent
        onEvent = { event in
            if case .stepFailed(let error) = event { stopped = error }
            outer(event)
        }
        defer { onEvent = outer }
        try perform { session, output throws(SMTPError) in try session.prepare(plan, into: &output) }
        try wait { self.connection?.session.isBusy != true }
        if let error = stopped ?? failure { throw error }
    }

    /// Sends a line as it is, and returns the replies to it.
    func exchange(_ line: String) throws -> [ClientReply] { try exchange([line]) }

    /// Sends lines in one group, and returns the replies to them; fewer if the connection ends.
    ///
    /// - Precondition: the route's session is raw.
    func exchange(_ lines: [String]) throws -> [ClientReply] {
        try collectingReplies {
            try sendRaw(lines.flatMap { Array("\($0)\r\n".utf8) })
            try wait { !self.isWaiting || self.connection?.session.isOutOfSync == true }
        }
    }

    /// Sends bytes as they are.
    ///
    /// - Precondition: the route's session is raw.
    func sendRaw(_ octets: [UInt8]) throws {
        try perform { session, output throws(SMTPError) in session.sendRaw(octets, into: &output) }
    }

    /// Waits for replies, whatever they answer.
    ///
    /// - Returns: the replies; fewer if the time is over or the connection ends.
    func awaitReplies(_ count: Int, within limit: Duration) throws -> [ClientReply] {
        try collectingReplies { try wait(within: limit) { self.collectedCount >= count } }
    }

    /// Sends `STARTTLS`, and completes the handshake with a configuration of its own.
    ///
    /// - Returns: the outcome of the handshake; `nil` if the server refused `STARTTLS`.
    /// - Throws: `SMTPError` when the handshake fails, or TLS is not offered.
    func startTLS(_ security: ClientSecurity) throws -> TLSReport? {
        connection?.options.security = security
        try perform { session, output throws(SMTPError) in try session.startTLS(into: &output) }
        try wait { self.connection?.session.isBusy != true }
        if let failure { throw failure }
        return connection?.session.tls == nil ? nil : connection?.tlsReport
    }
}

extension Dialogue {
    /// Makes a dialogue as the command line asks for, and has signals and its time limit hold from now on.
    convenience init(_ options: ConnectionOptions) throws {
        self.init(timeouts: options.timeouts, signals: try SignalPipe.open([SIGINT, SIGTERM, SIGHUP]))
        deadline = options.deadline.map { ContinuousClock.now + $0 }
        FileReader.wait = { [unowned self] descriptor in try waitForInput(descriptor) }
    }

    /// Has files that are slow to come waited for in a loop that signals and a time limit end.
    static func waitForFiles(_ timeouts: ClientTimeouts, signals: Int32, within limit: Duration?) {
        let dialogue = Dialogue(timeouts: timeouts, signals: signals)
        dialogue.deadline = limit.map { .now + $0 }
        FileReader.wait = { try dialogue.waitForInput($0) }
    }
}
