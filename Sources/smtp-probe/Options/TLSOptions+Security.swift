import CommandLineSupport
import SMTPKit
import SMTPTLS

extension TLSOptions {
    /// Returns the TLS settings of a client's connections.
    ///
    /// - Throws: ``SMTPTLS/TLSConfigurationError`` when a certificate cannot be used,
    ///   ``CommandLineSupport/SystemError`` when the file for the key log cannot be written.
    func security(_ mode: Mode) throws -> ClientSecurity {
        let start: ClientSecurity.Mode =
            switch mode {
            case .none: .none
            case .optional: .opportunistic
            case .required: .required
            case .implicit: .implicit
            }
        var security = ClientSecurity(start)
        var configuration = TLSConfiguration.client()
        // Without being asked to, a probe looks at a certificate and says what is wrong with it, and goes on.
        configuration.peerVerification = verify || authorities != nil || name != nil ? .require : .observe
        if let authorities { configuration.trust = .certificates(try PEMFile.authorities(authorities)) }
        if let certificate {
            configuration.identities = [
                try TLSIdentity(
                    certificate: PEMFile.source(certificate), key: key.map { try PEMFile.source($0) })
            ]
        }
        if let minimumVersion { configuration.minimumVersion = minimumVersion }
        if let maximumVersion {
            configuration.maximumVersion = maximumVersion
            configuration.minimumVersion = min(configuration.minimumVersion, maximumVersion)
        }
        // OpenSSL speaks the old versions at its lowest level of security only.
        if configuration.minimumVersion < .tls12 { configuration.securityLevel = 0 }
        if let ciphers {
            let names = ciphers.split(separator: ":")
            let suites = names.filter { $0.hasPrefix("TLS_") }.joined(separator: ":")
            let list = names.filter { !$0.hasPrefix("TLS_") }.joined(separator: ":")
            if !suites.isEmpty { configuration.cipherSuites = suites }
            if !list.isEmpty { configuration.cipherList = list }
        }
        if let keylog {
            let log = try AppendedFile(keylog)
            configuration.keyLog = { log.add($0) }
        }
        // What is wrong with files and lists is found before anything is connected to.
        if authorities != nil || certificate != nil || ciphers != nil { _ = try TLSContext(configuration) }
        security.configuration = configuration
        security.serverName = name
        security.serverNameIndication = sni
        if let pin { security.pins = [pin] }
        return security
    }
}
