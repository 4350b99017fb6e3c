public import SMTPKit

/// A message that a test server received.
public struct RecordedMessage: Sendable {
    /// The sender and the recipients.
    public let envelope: Envelope
    /// The client that sent it.
    public let peer: Peer
    /// The header and the body, with CRLF as line end, without the dots that the transfer added.
    public let content: [UInt8]
    /// The header, read once.
    public let header: HeaderFields

    init(_ message: Message) throws {
        envelope = message.envelope
        peer = message.peer
        var octets: [UInt8] = []
        try message.content.forEachChunk { octets += $0 }
        header = HeaderFields(parsing: octets.span)
        content = octets
    }

    /// The sender, as in `joe@example.org`; empty for a bounce.
    public var sender: String { "\(envelope.reversePath)" }
    /// The recipients, as in `ann@example.net`.
    public var recipients: [String] { envelope.recipients.map { "\($0.path)" } }
    /// The value of the `Subject` field, or `nil`. Encoded words stay encoded.
    public var subject: String? { header["subject"]?.value }
    /// The content as text. What is not UTF-8 is replaced.
    public var text: String { String(decoding: content, as: UTF8.self) }
}
