/// The reason for which a server answers as it does, in one word.
///
/// A code alone often does not tell: a `550` can mean an unknown mailbox, a blocked address, or a policy. The reason
/// decides which action helps, who can take it, and whether an address stays on a mailing list.
public struct Reason: Hashable, Sendable {
    /// The party that can end the cause.
    public enum Actor: String, Hashable, Sendable {
        /// The sender of the message.
        case sender
        /// The recipient of the message.
        case recipient
        /// The administrator of the sending or the receiving server.
        case administrator
        /// The provider.
        case provider
    }

    /// The treatment of the address in a mailing list.
    public enum ListHygiene: Hashable, Sendable, CustomStringConvertible {
        /// The address can stay.
        case keep
        /// The address is dead.
        case remove
        /// The address is dead if this happens so many times in a row.
        case removeAfter(Int)

        public var description: String {
            switch self {
            case .keep: "keep"
            case .remove: "remove"
            case .removeAfter(let failures): "remove after \(failures)"
            }
        }
    }

    let index: Int
    /// A word to ask for the reason by, such as `unknown-user`.
    public let id: String
    /// A few words for people, such as `No such mailbox`.
    public let title: String
    /// A sentence about the reason.
    public let meaning: String
    let permanentAction: SenderAction
    let transientAction: SenderAction
    /// The party that can end the cause.
    public let actor: Actor
    /// The treatment of the address in a mailing list.
    public let listHygiene: ListHygiene
    let sysexit: Sysexit
    /// Further remarks; empty if there are none.
    public let notes: String

    /// The action of the sender after a reply of a class.
    public func action(in severity: ReplyCode.Severity) -> SenderAction {
        switch severity {
        case .success, .intermediate: .proceed
        case .transient: transientAction
        case .permanent: permanentAction
        }
    }

    /// The advice for an action, in a sentence.
    public func advice(for action: SenderAction) -> String {
        let who =
            switch actor {
            case .sender: "the sender"
            case .recipient: "the recipient"
            case .administrator: "an administrator"
            case .provider: "the provider"
            }
        let deed =
            switch action {
            case .proceed: "Nothing to do."
            case .retry: "Send the message again later, unchanged."
            case .fix: "Remove the cause before the message is sent again; \(who) can do that."
            case .giveUp: "Do not send the message again."
            }
        return notes.isEmpty ? deed : "\(deed) \(notes)"
    }
}

extension StatusRegistry {
    /// Finds a reason by its word, such as `unknown-user`.
    public static func reason(named id: some StringProtocol) -> Reason? { reasons.first { $0.id == id } }

    /// The reason that the table gives for exactly this code.
    static func defaultReason(_ code: UInt32) -> Int? {
        var low = 0
        var high = defaultReasons.count / 2
        while low < high {
            let middle = (low + high) / 2
            if defaultReasons[middle * 2] < Int(code) { low = middle + 1 } else { high = middle }
        }
        guard low < defaultReasons.count / 2, defaultReasons[low * 2] == Int(code) else { return nil }
        return defaultReasons[low * 2 + 1]
    }

    /// The reason of an enhanced code by itself: the code's, the same code's of class 5, or the subject's.
    static func reason(of status: EnhancedStatus) -> Int? {
        if status.class == .success { return defaultReason(250) }
        let code = status.packed
        let permanent = EnhancedStatus(.permanent, status.condition).packed
        if let own = defaultReason(code) ?? defaultReason(permanent) { return own }
        // About an address or a mailbox, an unknown detail can mean anything.
        guard (3...7).contains(status.subject) else { return nil }
        let general = UInt32(status.subject) * 1000
        return defaultReason(5_000_000 + general) ?? defaultReason(4_000_000 + general)
    }

    /// The reason of a basic code by itself.
    static func reason(of reply: ReplyCode) -> Int? {
        if let own = defaultReason(UInt32(reply.rawValue)) { return own }
        return switch reply.severity {
        case .success: defaultReason(250)
        case .intermediate: defaultReason(354)
        case .transient, .permanent: nil
        }
    }

    /// Whether a reason tells how a reply refuses rather than why, as `policy-refused` does.
    static func isGeneral(_ reason: Int) -> Bool { generalReasons[reason] & 1 != 0 }

    /// Whether a reason that follows from the code alone says no more than that the server refuses or fails.
    static func isSilent(_ reason: Int) -> Bool { generalReasons[reason] & 2 != 0 }

    /// The reason that neither a code nor a text tells: `undetermined`.
    static var undetermined: Int { defaultReason(5_000_000) ?? reasons.count - 1 }
}
