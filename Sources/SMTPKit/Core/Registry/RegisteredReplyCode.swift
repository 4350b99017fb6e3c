/// A known three-digit reply code, from a document or from practice.
///
/// There is no registry of basic codes (RFC 7504, section 6); ``origin`` names the source of each.
public struct RegisteredReplyCode: Hashable, Sendable {
    /// Where a reply code comes from.
    public enum Origin: String, Hashable, Sendable {
        /// Defined by an RFC on the standards track, or of like standing.
        case rfc
        /// Defined by an experimental RFC.
        case experimental = "rfc-experimental"
        /// Registered beside an enhanced code, by RFC 5248, and described there.
        case registry = "rfc-registry"
        /// Known only from the table of RFC 5248, section 2.4, which gives it no text.
        case registryTable = "rfc-table-only"
        /// From an Internet-Draft that expired.
        case draft
        /// Met in practice, defined nowhere.
        case practice = "non-rfc"
    }

    /// The code, 100 to 599. A few programs print numbers below 200, which no server may send.
    public let number: UInt16
    /// A short name, such as `Mailbox unavailable`.
    public let name: String
    /// The meaning of the code.
    public let meaning: String
    /// The usual cause.
    public let typicalCause: String
    /// The sender's action.
    public let action: SenderAction
    /// The advice, in a sentence.
    public let advice: String
    /// The commands that it answers.
    public let seenIn: String
    /// Where the code comes from.
    public let origin: Origin
    /// The documents or places that tell of it.
    public let reference: String
    /// Further notes; empty when there are none.
    public let notes: String

    /// The code as a server may send it; `nil` for the few numbers below 200.
    public var code: ReplyCode? { ReplyCode(rawValue: number) }
}
