/// How much a parser lets pass that the grammar does not allow.
///
/// Refusing what every other server takes loses mail, so the lenient policy is the default.
public enum SyntaxPolicy: Hashable, Sendable {
    /// Also takes: blanks behind the colon of `MAIL FROM:` and at the end of a line, paths without
    /// angle brackets, dots at the ends of a local part or doubled, underscores in domains.
    case lenient
    /// Takes what RFC 5321, section 4.1.2 allows, and local parts of at most 64 octets, paths of at most 256.
    case strict
}
