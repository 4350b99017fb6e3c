import Synchronization

/// The messages of a round, and what the client knows of each.
final class Ledger: Sendable {
    /// The end that a message came to.
    enum Fate: Sendable {
        /// Its end was not sent.
        case unsent
        /// Its end was sent, and no reply arrived.
        case unknown
        case refused
        case acknowledged
    }

    private struct State {
        var next = 0
        var fates: [Int: Fate] = [:]
        var lastRefusal = ""
    }

    let seed: UInt64
    private let state = Mutex(State())

    init(seed: UInt64) { self.seed = seed }

    /// Makes the next message.
    ///
    /// - Parameter isSmall: whether it has to be one that is small.
    func next(isSmall: Bool = false) -> CampaignMessage {
        let number = state.withLock { state in
            state.next += 1
            if isSmall, !CampaignMessage.isSmall(state.next) { state.next += 1 }
            state.fates[state.next] = .unsent
            return state.next
        }
        return CampaignMessage(number: number, seed: seed)
    }

    /// Notes what became of a message.
    func note(_ message: CampaignMessage, _ fate: Fate) { note(message.number, fate) }

    /// Notes what became of the message with a number.
    func note(_ number: Int, _ fate: Fate) {
        state.withLock { $0.fates[number] = fate }
    }

    /// Notes the reply to the end of a message; an empty one is none.
    func note(_ message: CampaignMessage, reply: String) {
        if reply.isEmpty {
            note(message, .unknown)
        } else if reply.hasPrefix("250 ") {
            note(message, .acknowledged)
        } else {
            note(message, .refused)
            state.withLock { $0.lastRefusal = reply }
        }
    }

    /// The fate of each message.
    var fates: [Int: Fate] { state.withLock { $0.fates } }

    /// The reply of the last refusal.
    var lastRefusal: String { state.withLock { $0.lastRefusal } }

    /// Returns how many messages met a fate.
    func count(_ fate: Fate) -> Int { state.withLock { $0.fates.values.count { $0 == fate } } }
}
