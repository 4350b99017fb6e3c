/// How a client prepares a connection before its first message.
///
///     var plan = SessionPlan(helloName: "client.example")
///     plan.security = .required
///     plan.credentials = SASLCredentials(user: "ann", secret: Secret("sesame"))
///     try session.prepare(plan, into: &output)     // EHLO, STARTTLS, EHLO, AUTH
///
/// - SeeAlso: RFC 5321, section 4.1.4; RFC 3207, section 4.2; RFC 4954, section 4.
public struct SessionPlan: Sendable {
    /// When `STARTTLS` is used.
    public enum Security: Hashable, Sendable {
        /// Never.
        case none
        /// If the server offers it. A refusal is reported with ``ClientEvent/tlsSkipped(_:)``, and the plan goes on.
        case opportunistic
        /// Always. The plan stops if the server does not offer or grant it.
        case required
    }

    /// The client's own name in `EHLO`: a domain, or an address literal such as `[192.0.2.1]`.
    public var helloName: String
    /// Which hello is sent.
    public var hello = ClientSession.HelloPolicy.extendedOrPlain
    /// When `STARTTLS` is used. Without effect on a connection that is secured already.
    public var security = Security.none
    /// The attributes of `XCLIENT`; none for a server that is not told of another client.
    public var xclient: [(name: String, value: String)] = []
    /// The name and the secret for `AUTH`; `nil` for a client that does not authenticate.
    public var credentials: SASLCredentials?
    /// The mechanism of `AUTH`; `nil` for the safest that is offered and takes a password.
    public var mechanism: SASLMechanism?
    /// The last stage: one of `greeting`, `hello`, `handshake`, `startTLS`, `xclient` and `authentication`.
    ///
    /// The hello that has to follow a stage belongs to it, except with `handshake`: the plan then ends as soon as TLS
    /// is active.
    public var end = ClientStage.authentication

    /// Makes a plan that only greets.
    public init(helloName: String) { self.helloName = helloName }
}

/// A plan that is being carried out.
struct Preparation: Sendable {
    let plan: SessionPlan
    /// The stage whose reply is awaited.
    var stage = ClientStage.greeting
    /// Stages that were passed, or skipped.
    var passed: Set<ClientStage> = []

    /// Whether nothing is to follow a stage.
    func isLast(_ stage: ClientStage) -> Bool { plan.end == stage }
}
