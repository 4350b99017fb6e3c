/// The identity of a client, and the proof of it.
public struct SASLCredentials: Hashable, Sendable {
    /// The user; empty for `EXTERNAL`.
    public var user: String
    /// The password or the token.
    public var secret: Secret
    /// The identity to act as, where it differs.
    public var actingAs: String?

    /// Makes credentials.
    public init(user: String, secret: Secret, actingAs: String? = nil) {
        self.user = user
        self.secret = secret
        self.actingAs = actingAs
    }
}
