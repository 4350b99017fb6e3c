/// Writes commands as they go over the wire.
///
///     C: MAIL FROM:<a@example.org> SIZE=1000
public enum CommandSerializer {
    /// The line of a command, its CRLF included.
    ///
    /// Characters that would break the line, CR, LF and NUL, are left out: whoever builds commands
    /// from outside text checks it first, and this is the last wall against injection.
    public static func line(_ command: Command) -> [UInt8] {
        var octets = text(command).utf8.filter { $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed && $0 != 0 }
        octets.append(ASCII.carriageReturn)
        octets.append(ASCII.lineFeed)
        return octets
    }

    /// The line of a command without its CRLF, if a server reads from it what is meant.
    ///
    /// - Throws: what is wrong with an argument that would break out of its place: a line end, a blank or a `>` in a
    ///   domain, a blank in a parameter.
    static func checkedLine(_ command: Command) throws(SyntaxError) -> String {
        let text = text(command)
        let parser = CommandParser(limits: .unlimitedPaths)
        switch command {
        case .auth(let mechanism, let response):
            // The response is a secret, and no description of it is made.
            guard mechanism.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), response?.isOneWord != false else {
                throw .invalidArgument
            }
        case .mail, .rcpt, .helo, .ehlo, .lhlo, .vrfy, .expn, .help, .data, .bdat, .rset, .noop, .quit, .startTLS,
            .xclient:
            guard try parser.parse(Array(text.utf8).span) == command else { throw .invalidArgument }
        }
        return text
    }

    private static func text(_ command: Command) -> String {
        let verb = command.verb.rawValue
        return switch command {
        case .helo(let name), .ehlo(let name), .lhlo(let name): "\(verb) \(name)"
        case .mail(let path, let parameters): "\(verb) FROM:<\(path)>" + parameters.map { " \($0)" }.joined()
        case .rcpt(let path, let parameters): "\(verb) TO:<\(path)>" + parameters.map { " \($0)" }.joined()
        case .vrfy(let argument, let takesUTF8), .expn(let argument, let takesUTF8):
            "\(verb) \(argument)" + (takesUTF8 ? " SMTPUTF8" : "")
        case .help(let topic): verb + (topic.map { " \($0)" } ?? "")
        case .auth(let mechanism, let response): "\(verb) \(mechanism)" + (response.map { " \($0.text)" } ?? "")
        case .bdat(let size, let isLast): "\(verb) \(size)" + (isLast ? " LAST" : "")
        case .xclient(let attributes): verb + attributes.map { " \($0)" }.joined()
        case .data, .rset, .noop, .quit, .startTLS: verb
        }
    }
}

extension Limits {
    /// Addresses of any length: what is too long, the server says.
    fileprivate static var unlimitedPaths: Limits {
        var limits = Limits()
        limits.localPart = 4_096
        limits.domain = 4_096
        limits.path = 16_384
        return limits
    }
}

extension Secret {
    /// Whether it is valid as one word of a command.
    fileprivate var isOneWord: Bool { octets.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
}
