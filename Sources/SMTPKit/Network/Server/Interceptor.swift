public import SMTPCore

/// Steps into dialogues, so that clients can be tested with a server that is slow, breaks off, or says no.
///
///     server.hooks.interceptor = Interceptor([.rcpt]) { step, session in
///         step.address == "ann@example.net" ? Interception(reply: Reply(450, nil, "Not now")) : nil
///     }
///
/// It is asked on the event loop, before anything else is: it must return at once. A server without one
/// does nothing for it.
public struct Interceptor: Sendable {
    /// The stages at which it is asked.
    public var stages: Set<DialogueStage>
    /// Says what becomes of a step of the session with this number; `nil` leaves it alone.
    public var intercept: @Sendable (DialogueStep, Int) -> Interception?

    /// An interceptor that is asked at some stages.
    public init(
        _ stages: Set<DialogueStage>, _ intercept: @escaping @Sendable (DialogueStep, Int) -> Interception?
    ) {
        self.stages = stages
        self.intercept = intercept
    }
}
