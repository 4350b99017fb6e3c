public import SMTPCore

/// The fields that a store writes above a message.
///
///     Return-Path: <joe@example.org>
///     Delivered-To: ann@example.net
///     Received: from mail.example.org ([192.0.2.1]) …
///     X-Mail-Args: <joe@example.org> SIZE=1000
public struct AddedFields: Hashable, Sendable {
    /// The fields that say how the message came (RFC 5321, section 4.4).
    public var trace: TraceFields.Policy
    /// Whether the envelope is written as the fields `X-Client-Addr`, `X-Client-Proto`, `X-Helo-Args`, `X-Mail-Args`
    /// and, for each recipient, `X-Rcpt-Args`, as Postfix's `smtp-sink` does. They name blind copies.
    public var envelope: Bool

    /// Makes a choice; by default that of final delivery.
    public init(trace: TraceFields.Policy = .finalDelivery, envelope: Bool = false) {
        self.trace = trace
        self.envelope = envelope
    }

    /// No field: the message stays as it came.
    public static let none = AddedFields(trace: .none)

    /// Appends the fields of a message.
    func append(_ message: Message, _ lineEnd: TraceFields.LineEnd, to output: inout [UInt8]) {
        message.traceFields(trace).append(to: &output, lineEnd: lineEnd)
        guard envelope else { return }
        EnvelopeFields(envelope: message.envelope, peer: message.peer).append(to: &output, lineEnd: lineEnd)
    }
}
