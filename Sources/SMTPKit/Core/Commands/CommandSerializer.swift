/// Writes commands as they go over the wire.
///
///     C: MAIL FROM:<a@example.org> SIZE=1000
public enum CommandSerializer {
    /// The line of a command, its CRLF included.
    ///
    /// Characters that would break the line, CR, LF and NUL, are left out: whoever builds commands
    /// from outside text checks it first, and this is the last wall against injection.
    public static func line(_ command: Command) -> [UInt8] {
        var text = command.verb.rawValue
        switch command {
        case .helo(let name), .ehlo(let name), .lhlo(let name): text += " \(name)"
        case .mail(let path, let parameters): text += " FROM:<\(path)>" + parameters.map { " \($0)" }.joined()
        case .rcpt(let path, let parameters): text += " TO:<\(path)>" + parameters.map { " \($0)" }.joined()
        case .vrfy(let argument), .expn(let argument): text += " \(argument)"
        case .help(let topic): text += topic.map { " \($0)" } ?? ""
        case .auth(let mechanism, let response): text += " \(mechanism)" + (response.map { " \($0.text)" } ?? "")
        case .bdat(let size, let isLast): text += " \(size)" + (isLast ? " LAST" : "")
        case .data, .rset, .noop, .quit, .startTLS: break
        }
        var octets = text.utf8.filter { $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed && $0 != 0 }
        octets.append(ASCII.carriageReturn)
        octets.append(ASCII.lineFeed)
        return octets
    }
}
