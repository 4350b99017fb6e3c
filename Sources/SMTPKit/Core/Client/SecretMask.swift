/// Hides what may be a secret in lines of a dialogue, by their place in it.
///
/// An argument of `AUTH` is hidden after its mechanism. So is every line after an `AUTH` that does not begin with a
/// known verb, until the authentication succeeds or a known verb follows: a client that sends user and password without
/// waiting for `334` sends them to a server that refused the `AUTH`, too.
///
///     C: AUTH PLAIN ***
///     S: 504 5.5.4 not that one
///     C: ***
///
/// - SeeAlso: RFC 4954, section 4.
public struct SecretMask: Hashable, Sendable {
    /// Whether an `AUTH` was sent that neither succeeded nor was followed by another command.
    public private(set) var isAfterAuthentication = false

    /// Makes a mask for a new dialogue.
    public init() {}

    /// Returns a line as it may be shown, and notes its place.
    ///
    /// - Parameter line: the line without its end. Blanks and tabs separate words.
    public mutating func shown(_ line: some Sequence<UInt8>) -> String {
        let line = Array(line)
        let words = line.split { $0 == ASCII.space || $0 == 9 }
        let word = words.first.map(Array.init) ?? []
        let text = String(decoding: line, as: UTF8.self)
        switch Verb(word.span) {
        case .auth:
            isAfterAuthentication = true
            guard words.count > 2 else { return text }
            return words[..<2].map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") + " ***"
        case nil:
            // A misspelt AUTH may be followed by a password as well.
            return isAfterAuthentication || text.uppercased().contains("AUTH") ? "***" : text
        case _:
            isAfterAuthentication = false
            return text
        }
    }

    /// Whether a line holds something that ``shown(_:)`` hides, if it is sent next.
    public func hides(_ line: some Sequence<UInt8>) -> Bool {
        var mask = self
        let line = Array(line)
        return mask.shown(line) != String(decoding: line, as: UTF8.self)
    }

    /// An `AUTH` was sent, whose line is known to be shown well.
    mutating func authenticationBegan() { isAfterAuthentication = true }

    /// The authentication succeeded, and no response is due any more.
    public mutating func authenticated() { isAfterAuthentication = false }
}
