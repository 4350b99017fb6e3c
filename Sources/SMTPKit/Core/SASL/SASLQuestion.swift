/// A question of a server to the application's authenticator.
public enum SASLQuestion: Hashable, Sendable {
    /// Is this the user's password? Answered by `accepted`, `refused`, or with the password itself.
    ///
    /// The identity to act as is given where it differs from the user; whoever accepts allows it.
    case password(user: String, actingAs: String?, Secret)
    /// Is this bearer token good? The user is the one that the client named, `nil` when it named none.
    case token(user: String?, Secret)
    /// The connection proved this subject by its certificate. May it act under the name given, if any?
    case external(subject: String, actingAs: String?)
    /// Asks for the user's secret. The answer is a password or keys, or `refused` for a user who does not exist.
    case secret(user: String, actingAs: String?, SASLMechanism)

    /// The user whom the question is about, as the client named them.
    public var user: String? {
        switch self {
        case .password(let user, _, _), .secret(let user, _, _): user
        case .token(let user, _): user
        case .external(_, let identity): identity
        }
    }
}

/// An answer of the application's authenticator.
public enum SASLAnswer: Hashable, Sendable {
    /// Yes. To a question for a secret, only CRAM-MD5 can be answered so: by one who takes everybody.
    case accepted
    /// Yes, and this is the name to act under.
    case acceptedAs(String)
    /// No, or no such user.
    case refused
    /// The user's password, for the exchange to compare.
    case password(Secret)
    /// The user's keys for SCRAM.
    case keys(SCRAMKeys)
    /// The authenticator failed: a file or a service is not available.
    case unavailable
}
