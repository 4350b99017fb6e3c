/// How much a parser lets pass that the grammar does not allow.
///
/// Refusing what every other server takes loses mail, so the lenient policy is the default.
public enum SyntaxPolicy: Hashable, Sendable {
    /// Also takes what Postfix takes: blanks after the colon of `MAIL FROM:`, paths without angle brackets or with
    /// doubled ones, blanks in them and a name before them, local parts without a domain, with dots at their ends or
    /// doubled, domains with an underscore or a trailing dot, and any text for the name in a hello.
    case lenient
    /// Takes what RFC 5321, section 4.1.2 allows, and local parts of at most 64 octets, paths of at most 256.
    case strict
}
