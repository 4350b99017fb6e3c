import NIOCore
import SMTPKit

/// The counts of a load run so far.
///
/// Every message that is started ends in one of three ways: accepted, refused by a reply, or failed without one.
struct LoadTally {
    /// The reason that a message or a session failed without a reply.
    enum FailureKind: String, CaseIterable, Hashable, Sendable {
        /// The name has no address, or the name server did not answer.
        case resolve
        /// No connection could be made.
        case connect
        /// The process has no descriptor left for another connection.
        case descriptors
        /// TLS could not be had, or not as it was asked for.
        case tls
        /// A reply, or a connection, took too long.
        case timeout
        /// The server closed the connection, or it broke.
        case closed
        /// The server refused a session that had no message, such as an idle one.
        case refused
        /// The server broke the protocol.
        case `protocol`
        /// The server does not offer an extension that the options ask for.
        case unsupported
        /// The run was interrupted.
        case interrupted
        /// Anything else.
        case other
    }

    /// Failures of one kind.
    struct Failure: Hashable, Sendable {
        var count = 0
        /// The text of the first one.
        let example: String
    }

    /// Messages that were started.
    private(set) var started = 0
    /// Messages that the server accepted, for at least one recipient.
    private(set) var accepted = 0
    /// Accepted messages that the server refused for some recipients.
    private(set) var partial = 0
    /// Messages that a reply refused for all recipients.
    private(set) var refused = 0
    /// Messages that ended without a reply that decided them.
    private(set) var failed = 0
    /// Connections that were greeted.
    var sessions = 0
    /// The replies that decided messages, by their code. The text of the first one is kept.
    private(set) var codes: [ReplyCode: (count: Int, example: Reply)] = [:]
    /// Failures of messages and of sessions without a message.
    private(set) var failures: [FailureKind: Failure] = [:]
    /// The number of refusals and failures by exit status.
    private var statuses: [ExitStatus: Int] = [:]
    /// Whether a session failed, with a message or without.
    private var hasFailedSession = false

    /// From the start of a connection to the greeting, without a TLS handshake in between.
    var connecting = LatencyHistogram()
    /// The TLS handshake.
    var handshakes = LatencyHistogram()
    /// From `MAIL`, or in an open loop from the scheduled start, to the last reply; of messages that were accepted or
    /// refused.
    var transactions = LatencyHistogram()

    mutating func messageStarted() { started += 1 }

    /// Counts a message that was accepted.
    ///
    /// - Parameter isPartial: whether it was refused for some recipients.
    mutating func messageAccepted(_ reply: Reply, isPartial: Bool) {
        accepted += 1
        if isPartial { partial += 1 }
        count(reply)
    }

    /// Counts a message that a reply refused.
    mutating func messageRefused(_ reply: Reply, _ status: ExitStatus) {
        refused += 1
        statuses[status, default: 0] += 1
        count(reply)
    }

    /// Counts a message that failed.
    mutating func messageFailed(_ kind: FailureKind, _ status: ExitStatus, _ text: String) {
        failed += 1
        sessionFailed(kind, status, text)
    }

    /// Counts the failure of a session that had no message.
    mutating func sessionFailed(_ kind: FailureKind, _ status: ExitStatus, _ text: String) {
        hasFailedSession = true
        statuses[status, default: 0] += 1
        failures[kind, default: Failure(example: text)].count += 1
    }

    private mutating func count(_ reply: Reply) {
        if codes[reply.code] == nil {
            codes[reply.code] = (1, reply)
        } else {
            codes[reply.code]?.count += 1
        }
    }

    /// Messages that are under way.
    var underWay: Int { started - accepted - refused - failed }

    /// The exit status of the run: 0 if everything was accepted, 40 if something was, otherwise that of the most
    /// frequent refusal or failure.
    ///
    /// - Parameter planned: the number of messages that were to be sent, if there was one.
    func status(planned: Int?) -> ExitStatus {
        let isComplete = refused == 0 && partial == 0 && !hasFailedSession && started >= planned ?? 0
        if isComplete { return .done }
        if accepted > 0 { return .someRecipients }
        // Of several that are as frequent, the lowest, so that the same run ends in the same way.
        let most = statuses.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
        return most?.key ?? .closed
    }
}
