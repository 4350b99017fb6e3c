/// A parameter after a path: `SIZE=1000`, `SMTPUTF8`.
///
/// - SeeAlso: RFC 5321, section 4.1.2, `esmtp-param`.
public struct ESMTPParameter: Hashable, Sendable {
    /// The keyword in upper case.
    public var keyword: String
    /// The text after the `=`, as it was written, or `nil` when there is no `=`.
    public var value: String?

    /// Makes a parameter; the keyword's case does not matter.
    public init(_ keyword: String, _ value: String? = nil) {
        self.keyword = keyword.uppercased()
        self.value = value
    }
}

extension ESMTPParameter: CustomStringConvertible {
    public var description: String {
        guard let value else { return keyword }
        return "\(keyword)=\(value)"
    }
}
