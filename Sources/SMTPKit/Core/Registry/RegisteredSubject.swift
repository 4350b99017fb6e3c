/// One of the eight subjects of the registry: what the second number of a code is about.
///
/// - SeeAlso: RFC 3463, section 3.
public struct RegisteredSubject: Hashable, Sendable {
    /// The second number of the codes of this subject, 0 to 7.
    public let number: UInt16
    /// The registry's name, such as `Mailbox Status`.
    public let name: String
    /// One word for the subject.
    public let keyword: String
    /// The subject of the codes.
    public let meaning: String
    /// The party that can usually fix the cause.
    public let usuallyFixedBy: String
    /// The document and section that define the subject.
    public let reference: String
}
