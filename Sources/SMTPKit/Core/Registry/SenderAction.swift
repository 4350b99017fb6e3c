/// The action of the sender of a message after a reply.
///
/// The four verbs of the registry's advice: a script can branch on them, a person reads the advice.
public enum SenderAction: String, Hashable, Sendable, CaseIterable {
    /// Nothing is wrong: go on.
    case proceed = "continue"
    /// The same message may be taken later, unchanged.
    case retry
    /// Something has to be changed first: the message, the address, the set-up.
    case fix
    /// No change on the sender's side is expected to help.
    case giveUp = "give-up"
}
