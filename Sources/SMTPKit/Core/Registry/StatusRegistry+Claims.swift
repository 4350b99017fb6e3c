extension StatusRegistry {
    /// A question of a script about a code.
    public enum Claim: String, Hashable, Sendable, CaseIterable {
        /// The code is of class 4.
        case transient
        /// The code is of class 5.
        case permanent
        /// The code is of class 2.
        case success
        /// The same message may be taken later.
        case retry
        /// Something has to be changed first.
        case fix
        /// No change on the sender's side is expected to help.
        case giveUp = "give-up"
    }
}

extension CodeExplanation {
    /// Whether a claim about the code is true.
    ///
    /// A class or an action that is not known makes every claim about it false.
    public func satisfies(_ claim: StatusRegistry.Claim) -> Bool {
        switch claim {
        case .transient: severity == .transient
        case .permanent: severity == .permanent
        case .success: severity == .success
        case .retry: action == .retry
        case .fix: action == .fix
        case .giveUp: action == .giveUp
        }
    }
}
