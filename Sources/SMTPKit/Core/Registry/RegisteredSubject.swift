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
    /// What codes of the subject are about.
    public let meaning: String
    /// Who can do something about them as a rule.
    public let usuallyFixedBy: String
    /// The document and section that define the subject.
    public let reference: String
}
