import ArgumentParser
import CommandLineSupport
import SMTPKit

/// How connections are secured.
///
/// TLS is off until one of these options asks for it: many clients use STARTTLS wherever it is offered, verify the
/// certificate, and refuse a self-signed one.
struct TLSOptions: ParsableArguments {
    @Flag(
        name: .customLong("tls"),
        help: ArgumentHelp(
            "Offer STARTTLS, with a self-signed certificate made at start. (default: no TLS)",
            discussion: "Every other option here implies it."))
    var isWanted = false

    @Option(
        help: ArgumentHelp(
            "The server's certificate, with the chain above it. (default: one made at start, self-signed)",
            valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var cert: String?

    @Option(
        help: ArgumentHelp(
            "The certificate's private key. (default: in the file of the certificate)", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var key: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The names and IP addresses in the certificate made at start.",
            discussion: "(default: the server's name, localhost and the addresses listened on)", valueName: "name"),
        transform: CertificateName.parse)
    var certName: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write the certificate made at start to FILE, for clients to trust.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var certOut: String?

    @Flag(name: .customLong("no-tls"), help: "Offer no TLS, which is the default.")
    var noTLS = false

    @Flag(help: "Refuse mail that does not come through TLS: 530 5.7.0.")
    var requireTLS = false

    @Option(
        name: .customLong("tls-min"),
        help: ArgumentHelp(
            "The oldest version spoken: 1.0, 1.1, 1.2 or 1.3. (default: 1.2)",
            discussion:
                "1.0 and 1.1 are for old printers and scanners. They lower OpenSSL's security level to 0, which "
                + "allows old ciphers, RSA key exchange and short keys as well.",
            valueName: "version"),
        completion: .list(["1.0", "1.1", "1.2", "1.3"]), transform: Self.parseVersion)
    var minimumVersion: TLSVersion = .tls12

    @Option(
        name: .customLong("client-ca"),
        help: ArgumentHelp(
            "Ask clients for a certificate that these authorities signed.",
            discussion: "Who shows one may use AUTH EXTERNAL; who shows none is served all the same.",
            valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var clientAuthorities: String?

    @Option(
        help: ArgumentHelp(
            "Append the secrets of each connection to FILE, as SSLKEYLOGFILE has them.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var keylog: String?

    mutating func validate() throws {
        if noTLS, let other = option {
            throw ValidationError("--no-tls and \(other) contradict each other; give one of them")
        }
        if key != nil, cert == nil {
            throw ValidationError("--key needs --cert, the file with the certificate that the key belongs to")
        }
        if cert != nil, !certName.isEmpty || certOut != nil {
            let other = certName.isEmpty ? "--cert-out" : "--cert-name"
            throw ValidationError(
                "\(other) is about the certificate made at start, and --cert names one; give one of them")
        }
    }

    /// The first option given that asks for TLS.
    var option: String? {
        let given: [(Bool, String)] = [
            (isWanted, "--tls"), (requireTLS, "--require-tls"), (cert != nil, "--cert"),
            (!certName.isEmpty, "--cert-name"),
            (certOut != nil, "--cert-out"), (minimumVersion != .tls12, "--tls-min"),
            (clientAuthorities != nil, "--client-ca"), (keylog != nil, "--keylog"),
        ]
        return given.first(where: \.0)?.1
    }

    private static func parseVersion(_ text: String) throws -> TLSVersion {
        switch text {
        case "1.0": .tls10
        case "1.1": .tls11
        case "1.2": .tls12
        case "1.3": .tls13
        case _: throw ValueError("a version is 1.0, 1.1, 1.2 or 1.3")
        }
    }

    /// Whether versions are spoken that RFC 8996 retires.
    var speaksRetiredVersions: Bool { minimumVersion < .tls12 }

    /// The warning about the choice of versions, if there is one.
    var warning: String? {
        guard speaksRetiredVersions else { return nil }
        let number = minimumVersion == .tls10 ? "1.0" : "1.1"
        return "--tls-min \(number) lowers OpenSSL's security level to 0: old versions, ciphers and keys are accepted"
    }
}
