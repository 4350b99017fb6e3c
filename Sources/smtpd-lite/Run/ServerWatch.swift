import CommandLineSupport
import SMTPKit
import Synchronization

/// Follows the server, and ends it when the conditions say so.
final class ServerWatch: ServerObserver {
    private struct State {
        var conditions: StopConditions
        var sessions = 0
        var idleSince: ContinuousClock.Instant?
    }

    private let state: Mutex<State>
    private let awaited: [AwaitedMessage]
    private let control: ServerControl
    private let errors: ErrorOutput
    private let sinks: [any DialogueSink]
    private let remarks: RemarkPrinter?
    private let statistics: Statistics?
    private let onStopping: @Sendable (ExitStatus) -> Void
    private let onListening: @Sendable ([ListenAddress]) -> Void

    init(
        conditions: StopConditions, awaited: [AwaitedMessage] = [], control: ServerControl, errors: ErrorOutput,
        sinks: [any DialogueSink] = [], remarks: RemarkPrinter? = nil, statistics: Statistics? = nil,
        onStopping: @escaping @Sendable (ExitStatus) -> Void = { _ in },
        onListening: @escaping @Sendable ([ListenAddress]) -> Void
    ) {
        state = Mutex(State(conditions: conditions))
        self.awaited = awaited
        self.control = control
        self.errors = errors
        self.sinks = sinks
        self.remarks = remarks
        self.statistics = statistics
        self.onStopping = onStopping
        self.onListening = onListening
    }

    /// The exit status of the condition that ended the server; `nil` when no condition did.
    var status: ExitStatus? { conditions.status }

    /// The conditions as they are now.
    var conditions: StopConditions { state.withLock(\.conditions) }

    /// Since when there is no session; `nil` while there is one.
    var idleSince: ContinuousClock.Instant? { state.withLock(\.idleSince) }

    /// Passes a fact to the conditions and does what they say.
    func note(_ fact: (inout StopConditions) -> StopConditions.Action?) {
        switch state.withLock({ fact(&$0.conditions) }) {
        case nil: return
        case .finish:
            onStopping(status ?? .done)
            control.finish()
        case .stop:
            onStopping(status ?? .done)
            control.stop()
        case .abort(let status): ProcessEnd.now(status)
        }
    }

    // MARK: ServerObserver

    var wantsDialogue: Bool { !sinks.isEmpty }

    func listening(on listeners: [Listener]) {
        state.withLock { $0.idleSince = .now }
        onListening(listeners.map(\.address))
    }

    func sessionStarted(_ session: Int, _ peer: Peer) {
        state.withLock { state in
            state.sessions += 1
            state.idleSince = nil
        }
        statistics?.sessionStarted()
        for sink in sinks { sink.sessionStarted(session, peer) }
    }

    func sessionEnded(_ session: Int) {
        state.withLock { state in
            state.sessions -= 1
            if state.sessions == 0 { state.idleSince = .now }
        }
        statistics?.sessionEnded()
        for sink in sinks { sink.sessionEnded(session) }
        note { $0.sessionEnded() }
    }

    func messageStored(_ message: Message) {
        let matching = awaited.isEmpty ? [] : Set(awaited.indices.filter { awaited[$0].matches(message) })
        statistics?.messageStored(message)
        note { $0.messageStored(matching: matching) }
    }

    var wantsMessages: Bool { !awaited.isEmpty || statistics != nil }

    func messageStored() { note { $0.messageStored() } }

    func dialogue(_ entry: TraceEntry, of session: Int) {
        for sink in sinks { sink.note(entry, of: session) }
    }

    var wantsRemarks: Bool { remarks != nil || !sinks.isEmpty }

    var wantsSyntaxRemarks: Bool { sinks.contains(where: \.wantsSyntaxRemarks) }

    func remark(_ remark: DialogueRemark, of session: Int) {
        for sink in sinks { sink.note(remark, of: session) }
        remarks?.note(remark, of: session)
    }

    func tlsFailed(_ failure: TLSFailure, of session: Int) { remarks?.note(failure, of: session) }

    func failed(_ reason: String) { errors.say("smtpd-lite: \(SafeText.visible(reason))") }
}
