import CommandLineSupport
import Glibc
import SMTPKit

extension TLSOptions {
    /// How the server that the options describe secures its connections.
    ///
    /// - Parameters:
    ///   - isImplicit: whether a listener speaks TLS from the first octet on.
    ///   - names: for whom a certificate made at start is good, when nobody says.
    ///   - isNeeded: whether somebody wants the certificate before a client does.
    /// - Throws: ``TLSConfigurationError`` for a certificate or key that cannot be used, ``SystemError`` for a
    ///   file that cannot be written.
    func security(isImplicit: Bool, defaultNames names: [String], isNeeded: Bool) throws -> SecuritySetup {
        guard isImplicit || option != nil else { return SecuritySetup() }
        let names = certName.isEmpty ? names : certName
        guard isNeeded || namesFiles else {
            let minimumVersion = minimumVersion
            return SecuritySetup(
                security: ServerSecurity(requiresTLS: requireTLS) {
                    var configuration = TLSConfiguration.server(try .selfSigned(names: names))
                    configuration.minimumVersion = minimumVersion
                    return try TLSContext(configuration)
                })
        }
        let identity =
            if let cert {
                try TLSIdentity(certificate: .file(cert), key: key.map { .file($0) })
            } else {
                try TLSIdentity.selfSigned(names: names)
            }
        var configuration = TLSConfiguration.server(identity)
        configuration.minimumVersion = minimumVersion
        if let clientAuthorities {
            configuration.peerVerification = .observe
            configuration.trust = .certificates(.file(clientAuthorities))
        }
        if let keylog { configuration.keyLog = try KeyLog(path: keylog).add }
        let context = try TLSContext(configuration)
        if let certOut { try WholeFile.write(identity.certificatePEM, to: certOut) }
        return SecuritySetup(
            security: ServerSecurity(context, requiresTLS: requireTLS),
            certificate: (cert ?? certOut).map { .file($0) } ?? .text(identity.certificatePEM)
        )
    }

    /// Whether a file has to be read or written: if that fails, it is to fail at the start.
    private var namesFiles: Bool { cert != nil || certOut != nil || clientAuthorities != nil || keylog != nil }
}

/// What came of the options.
struct SecuritySetup: Sendable {
    /// Where the server's certificate can be had by those who are to trust it.
    enum Certificate: Sendable {
        /// In a file that was there, or was asked for.
        case file(String)
        /// Nowhere yet.
        case text(String)
    }

    /// What the server is told.
    var security = ServerSecurity()
    /// The server's certificate; `nil` without TLS.
    var certificate: Certificate?
}
