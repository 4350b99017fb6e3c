public import SMTPKit

/// Several observers in the place of one: each is told everything, in their order.
///
///     server.observer = ObserverGroup(LogObserver(logger), MetricsObserver())
public struct ObserverGroup: ServerObserver {
    private let observers: [any ServerObserver]
    public let wantsDialogue: Bool
    public let wantsRemarks: Bool
    public let wantsSyntaxRemarks: Bool
    public let wantsMessages: Bool

    /// Makes a group.
    public init(_ observers: any ServerObserver...) {
        self.observers = observers
        wantsDialogue = observers.contains(where: \.wantsDialogue)
        wantsRemarks = observers.contains(where: \.wantsRemarks)
        wantsSyntaxRemarks = observers.contains(where: \.wantsSyntaxRemarks)
        wantsMessages = observers.contains(where: \.wantsMessages)
    }

    public func listening(on listeners: [Listener]) { for each in observers { each.listening(on: listeners) } }

    public func sessionStarted(_ session: Int, _ peer: Peer) {
        for each in observers { each.sessionStarted(session, peer) }
    }

    public func sessionEnded(_ session: Int) { for each in observers { each.sessionEnded(session) } }

    public func messageStored(_ message: Message) { for each in observers { each.messageStored(message) } }

    public func messageStored() { for each in observers { each.messageStored() } }

    public func dialogue(_ entry: TraceEntry, of session: Int) {
        for each in observers where each.wantsDialogue { each.dialogue(entry, of: session) }
    }

    public func remark(_ remark: DialogueRemark, of session: Int) {
        for each in observers where each.wantsRemarks { each.remark(remark, of: session) }
    }

    public func tlsFailed(_ failure: TLSFailure, of session: Int) {
        for each in observers { each.tlsFailed(failure, of: session) }
    }

    public func failed(_ reason: String) { for each in observers { each.failed(reason) } }
}
