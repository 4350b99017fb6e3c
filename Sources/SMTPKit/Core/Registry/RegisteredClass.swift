/// One of the three classes of the registry: success, transient, permanent.
///
/// - SeeAlso: RFC 3463, section 2.
public struct RegisteredClass: Hashable, Sendable {
    let digit: UInt8
    /// The registry's name, such as `Permanent Failure`.
    public let name: String
    /// One word for the class: `success`, `transient` or `permanent`.
    public let keyword: String
    /// The meaning of the class.
    public let meaning: String
    /// The advice for a code of the class of which nothing else is known.
    public let advice: String
    /// The document and section that define the class.
    public let reference: String
}
