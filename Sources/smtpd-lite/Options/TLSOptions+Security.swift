import CommandLineSupport
import Glibc
import SMTPKit

extension TLSOptions {
    /// How the server that the options describe secures its connections.
    ///
    /// - Parameters:
    ///   - isImplicit: whether a listener speaks TLS from the first byte on.
    ///   - names: the names of a certificate made at start, when no option gives them.
    ///   - isNeeded: whether the certificate is used before a client asks for it.
    /// - Throws: ``TLSConfigurationError`` for a certificate or key that cannot be used, ``SystemError`` for a
    ///   file that cannot be written.
    func security(isImplicit: Bool, defaultNames names: [String], isNeeded: Bool) throws -> SecuritySetup {
        guard isImplicit || option != nil else { return SecuritySetup() }
        let names = certName.isEmpty ? names : certName
        guard isNeeded || namesFiles else {
            let options = self
            return SecuritySetup(
                security: ServerSecurity(requiresTLS: requireTLS) {
                    try TLSContext(options.configuration(try options.selfSigned(names)))
                })
        }
        let identity =
            if let cert {
                try TLSIdentity(certificate: .file(cert), key: key.map { .file($0) })
            } else {
                try selfSigned(names)
            }
        var configuration = configuration(identity)
        if let clientAuthorities {
            configuration.peerVerification = .observe
            configuration.trust = .certificates(.file(clientAuthorities))
        }
        if let keylog { configuration.keyLog = try AppendedFile(keylog).add }
        let context = try TLSContext(configuration)
        if let certOut { try WholeFile.write(identity.certificatePEM, to: certOut) }
        return SecuritySetup(
            security: ServerSecurity(context, requiresTLS: requireTLS),
            certificate: (cert ?? certOut).map { .file($0) } ?? .text(identity.certificatePEM)
        )
    }

    /// A certificate made now. What is too old for TLS 1.2 knows RSA keys alone.
    private func selfSigned(_ names: [String]) throws(TLSConfigurationError) -> TLSIdentity {
        try .selfSigned(names: names, key: speaksRetiredVersions ? .rsa2048 : .p256)
    }

    private func configuration(_ identity: TLSIdentity) -> TLSConfiguration {
        var configuration = TLSConfiguration.server(identity)
        configuration.minimumVersion = minimumVersion
        // OpenSSL 3 speaks TLS 1.0 and 1.1 at this level alone: they sign with SHA-1 and MD5.
        if speaksRetiredVersions { configuration.securityLevel = 0 }
        return configuration
    }

    /// Whether a file has to be read or written: if that fails, it is to fail at the start.
    private var namesFiles: Bool { cert != nil || certOut != nil || clientAuthorities != nil || keylog != nil }
}

/// The result of the options.
struct SecuritySetup: Sendable {
    /// Where the server's certificate can be had by those who are to trust it.
    enum Certificate: Sendable {
        /// In a file that was there, or was asked for.
        case file(String)
        /// Nowhere yet.
        case text(String)
    }

    /// The security settings of the server.
    var security = ServerSecurity()
    /// The server's certificate; `nil` without TLS.
    var certificate: Certificate?
}
