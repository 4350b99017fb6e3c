import ArgumentParser
import CommandLineSupport

/// TARGET as it is written.
enum TargetArgument {
    static let help = ArgumentHelp(
        "The server: HOST[:PORT], [IPv6]:PORT, smtp://, smtps:// or lmtp:// before that, unix:PATH, or a domain "
            + "with --mx. (default port: 25, with smtps:// 465, with lmtp:// 24)", valueName: "TARGET")

    private static let allowed = ValueError(
        "a server is HOST[:PORT] with IPv6 addresses in brackets, smtp://, smtps:// or lmtp:// before that, or "
            + "unix:PATH")
    /// The longest path of a UNIX socket (`sun_path`, without its final NUL).
    private static let longestPath = 107

    /// Parses the name of a server.
    static func parse(_ text: String) throws -> Target {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard 1...longestPath ~= path.utf8.count, !path.utf8.contains(0) else {
                throw ValueError("a path of 1 to \(longestPath) octets goes behind unix:")
            }
            return Target(place: .unix(path: path))
        }
        var scheme = Target.Scheme.smtp
        var rest = text[...]
        if let range = text.firstRange(of: "://") {
            guard let known = Target.Scheme(rawValue: text[..<range.lowerBound].lowercased()) else { throw allowed }
            scheme = known
            rest = text[range.upperBound...]
            if rest.hasSuffix("/") { rest.removeLast() }
            if rest.contains("@") {
                throw ValueError("a user goes into --auth-user, and a password into a file (--auth-password-file)")
            }
        }
        // `host port`, as telnet has it.
        let words = rest.split(separator: " ")
        let isPair = words.count == 2 && HostAndPort(words[0])?.port == nil && WholeNumber.parse(words[1]) != nil
        let text = isPair ? "\(words[0].contains(":") ? "[\(words[0])]" : words[0]):\(words[1])" : String(rest)
        guard let place = HostAndPort(text) else { throw allowed }
        return Target(scheme: scheme, place: .host(place.host, port: place.port ?? scheme.port))
    }
}
