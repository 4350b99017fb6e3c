import CommandLineSupport
import Glibc
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
        if let authorities { configuration.trust = .certificates(try CertificateFolder.source(authorities)) }
        if let certificate {
            configuration.identities = [
                try TLSIdentity(certificate: .file(certificate), key: key.map { .file($0) })
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
            let log = try KeyLog(path: keylog)
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

/// Certificates of authorities, in a file or in all files of a folder.
enum CertificateFolder {
    /// The certificates of a path.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` for a folder without certificates.
    static func source(_ path: String) throws -> PEMSource {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return .file(path) }
        guard let folder = opendir(path) else { throw SystemError("open", path: path, errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        var octets: [UInt8] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            // What is no file, or no certificate, is no concern of ours.
            guard let content = try? FileReader(path: "\(path)/\(name)").readAll(limit: 1 << 20),
                content.firstRange(of: Array("-----BEGIN CERTIFICATE-----".utf8)) != nil
            else { continue }
            octets += content + [10]
        }
        guard !octets.isEmpty else { throw ValueError("\(path): no file of this folder holds a certificate") }
        return .bytes(octets)
    }
}
