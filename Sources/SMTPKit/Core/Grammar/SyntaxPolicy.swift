/// How much a parser lets pass that the grammar does not allow.
///
/// Refusing what every other server takes loses mail, so the lenient policy is the default.
public enum SyntaxPolicy: Hashable, Sendable {
    /// Also takes what Postfix takes.
    ///
    /// These are blanks before a command and after the colon of `MAIL FROM:`, tabs as blanks, paths without angle
    /// brackets or with doubled ones, blanks and comments in them and a name before them, local parts without a domain,
    /// local parts that are empty or need quotes, domains with an underscore or a dot at the end, and any name in a
    /// hello.
    case lenient
    /// Takes what RFC 5321, section 4.1.2 allows, and local parts of at most 64 octets, paths of at most 256.
    case strict
}
