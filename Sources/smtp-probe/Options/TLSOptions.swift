import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Whether and how TLS is used.
struct TLSOptions: ParsableArguments {
    /// When TLS begins.
    enum Mode: Hashable, Sendable {
        /// When `:starttls` says so; in a transaction, when the server offers it.
        case optional
        /// With STARTTLS, and nothing goes on without it.
        case required
        /// With the connection.
        case implicit
        /// Never.
        case none
    }

    @Flag(name: .customLong("tls"), help: "Use STARTTLS, and go on only inside TLS.")
    var requiresTLS = false

    @Flag(name: .customLong("tls-optional"), help: "Use STARTTLS when the server offers it.")
    var prefersTLS = false

    @Flag(name: .customLong("implicit-tls"), help: "Begin with TLS. (default: with smtps:// and on port 465)")
    var beginsWithTLS = false

    @Flag(name: .customLong("no-tls"), help: "Never use TLS.")
    var avoidsTLS = false

    @Flag(help: "Go on only if the server's certificate is valid for its name.")
    var verify = false

    @Option(
        name: .customLong("ca"), parsing: .unconditional,
        help: ArgumentHelp(
            "The certificates of the authorities that are trusted, in a file or a folder; verifies. (default: the "
                + "system's)",
            valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var authorities: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The name that the certificate has to hold; verifies. (default: the host of TARGET)", valueName: "name"),
        transform: ServerName.parse)
    var name: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The name to ask for in the handshake (SNI). (default: that of --name)", valueName: "name"),
        transform: ServerName.parse)
    var sni: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The SHA-256 of the server's certificate, or of its public key, in hexadecimal; any other is refused.",
            valueName: "sha256"),
        transform: Fingerprint.parse)
    var pin: [UInt8]?

    @Option(
        name: .customLong("cert"), parsing: .unconditional,
        help: ArgumentHelp("A certificate to show to the server, with its chain.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var certificate: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The certificate's private key. (default: in the file of the certificate)", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var key: String?

    @Option(
        name: .customLong("tls-min"), parsing: .unconditional,
        help: ArgumentHelp("The oldest version spoken: 1.0, 1.1, 1.2 or 1.3. (default: 1.2)", valueName: "version"),
        completion: .list(["1.0", "1.1", "1.2", "1.3"]), transform: Self.parseVersion)
    var minimumVersion: TLSVersion?

    @Option(
        name: .customLong("tls-max"), parsing: .unconditional,
        help: ArgumentHelp("The newest version spoken. (default: 1.3)", valueName: "version"),
        completion: .list(["1.0", "1.1", "1.2", "1.3"]), transform: Self.parseVersion)
    var maximumVersion: TLSVersion?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The cipher suites to offer, as OpenSSL writes them. (default: OpenSSL's)", valueName: "list"),
        transform: FileName.parse)
    var ciphers: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var keylog: String?

    mutating func validate() throws {
        let modes = [
            (requiresTLS, "--tls"), (prefersTLS, "--tls-optional"), (beginsWithTLS, "--implicit-tls"),
            (avoidsTLS, "--no-tls"),
        ].filter(\.0).map(\.1)
        if modes.count > 1 {
            throw ValidationError("\(modes[0]) and \(modes[1]) contradict each other; give one of them")
        }
        if key != nil, certificate == nil {
            throw ValidationError("--key needs --cert, the file with the certificate that the key belongs to")
        }
        if let minimumVersion, let maximumVersion, minimumVersion > maximumVersion {
            throw ValidationError("--tls-min is newer than --tls-max")
        }
    }

    /// Returns when TLS begins with a server; `nil` when no option says so.
    func mode(for target: Target) -> Mode? {
        if requiresTLS { return .required }
        if prefersTLS { return .optional }
        if beginsWithTLS { return .implicit }
        if avoidsTLS { return Mode.none }
        if target.scheme == .smtps { return .implicit }
        if target.scheme == .smtp, case .host(_, port: 465) = target.place { return .implicit }
        return nil
    }

    private static func parseVersion(_ text: String) throws -> TLSVersion {
        guard let version = TLSVersion(text) else { throw ValueError("1.0, 1.1, 1.2 or 1.3 is wanted") }
        return version
    }
}

/// The hash of a certificate.
enum Fingerprint {
    /// Parses a hash of 32 bytes: 64 hexadecimal digits, with optional colons between them.
    static func parse(_ text: String) throws -> [UInt8] {
        let digits = text.filter { $0 != ":" }
        let octets = stride(from: 0, to: digits.utf8.count - 1, by: 2).compactMap { offset in
            UInt8(digits.dropFirst(offset).prefix(2), radix: 16)
        }
        guard digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit), octets.count == 32 else {
            throw ValueError("a fingerprint has 64 hexadecimal digits; colons between them are ignored")
        }
        return octets
    }
}
