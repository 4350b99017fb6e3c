import Foundation
import ProcessSupport
import Testing

@testable import SMTPTLS

@Suite("TLS configuration", .timed)
struct TLSConfigurationTests {
    private let identity: TLSIdentity

    init() throws {
        identity = try TLSIdentity.selfSigned(names: ["mail.example"])
    }

    private var certificate: PEMSource { .bytes(Array(identity.certificatePEM.utf8)) }
    private var key: PEMSource { .bytes(Array(identity.privateKeyPEM.utf8)) }

    /// Runs `body` with a file of the given text.
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test
    func `certificate and key are read from files, together or apart`() throws {
        try withFile(identity.certificatePEM) { certificate in
            try withFile(identity.privateKeyPEM) { key in
                let apart = try TLSIdentity(certificate: .file(certificate), key: .file(key))
                #expect(apart.summary == identity.summary)
            }
        }
        try withFile(identity.privateKeyPEM + identity.certificatePEM) { both in
            let together = try TLSIdentity(certificate: .file(both))
            #expect(together.summary == identity.summary)
        }
    }

    @Test(arguments: ["/nonexistent/cert.pem", "/", "/dev/zero"])
    func `a file that cannot be read is named with the reason`(path: String) {
        #expect {
            try TLSIdentity(certificate: .file(path))
        } throws: { error in
            let error = error as? TLSConfigurationError
            return error?.code == .unreadableFile && error?.source == path && error?.reason?.isEmpty == false
                && error?.description.contains(path) == true
        }
    }

    @Test
    func `a file without a certificate is named with OpenSSL's reason`() throws {
        for text in ["", "nonsense", identity.privateKeyPEM] {
            try withFile(text) { path in
                #expect {
                    try TLSIdentity(certificate: .file(path), key: key)
                } throws: { error in
                    "\(error)".contains(path) && "\(error)".contains("no start line")
                }
            }
        }
    }

    @Test
    func `a damaged certificate is refused, behind a good one as well`() throws {
        let damaged = identity.certificatePEM.split(separator: "\n")
        let text = (damaged.prefix(2) + damaged.suffix(2)).joined(separator: "\n") + "\n"
        for text in [text, identity.certificatePEM + text] {
            #expect {
                try TLSIdentity(certificate: .bytes(Array(text.utf8)), key: key)
            } throws: { error in
                (error as? TLSConfigurationError)?.code == .invalidCertificate
            }
        }
    }

    @Test
    func `a source without a key is told apart`() {
        #expect {
            try TLSIdentity(certificate: certificate, key: certificate)
        } throws: { error in
            (error as? TLSConfigurationError)?.code == .invalidKey
        }
    }

    @Test
    func `a key of another certificate is told`() throws {
        let other = try TLSIdentity.selfSigned(names: ["mail.example"])
        #expect(throws: TLSConfigurationError.keyMismatch(certificate: certificate.name, key: key.name)) {
            try TLSIdentity(certificate: certificate, key: .bytes(Array(other.privateKeyPEM.utf8)))
        }
    }

    @Test
    func `an encrypted key is never asked for on a terminal`() throws {
        // pkcs8, PBES2 with AES-256, of the passphrase "sesame".
        let encrypted = try EncryptedKey.make(of: identity, passphrase: "sesame")
        for wrong in [nil, "", "open"] {
            #expect(throws: TLSConfigurationError.self) {
                try TLSIdentity(certificate: certificate, key: encrypted, passphrase: wrong)
            }
        }
        #expect(throws: TLSConfigurationError.encryptedKey(source: encrypted.name)) {
            try TLSIdentity(certificate: certificate, key: encrypted)
        }
        #expect(try TLSIdentity(certificate: certificate, key: encrypted, passphrase: "sesame").source != "")
    }

    @Test
    func `a certificate out of its time is refused, unless that is wanted`() throws {
        let authority = try TestAuthority()
        for (from, until) in [(-7200, -3600), (3600, 7200)] {
            var configuration = TLSConfiguration.server(
                try authority.issue("mail.example", from: from, until: until)
            )
            #expect {
                try TLSContext(configuration)
            } throws: { error in
                (error as? TLSConfigurationError)?.code == (from < 0 ? .expiredCertificate : .certificateNotYetValid)
            }
            configuration.acceptsOutdatedIdentity = true
            _ = try TLSContext(configuration)
        }
    }

    @Test
    func `settings that do not work are named`() throws {
        let changes: [(String, (inout TLSConfiguration) -> Void)] = [
            ("cipher list", { $0.cipherList = "NONSENSE" }),
            ("cipher suites", { $0.cipherSuites = "NONSENSE" }),
            ("groups", { $0.groups = "NONSENSE" }),
            ("minimum version", { ($0.minimumVersion, $0.maximumVersion) = (.tls13, .tls12) }),
            ("security level", { $0.securityLevel = 9 }),
            ("number of session tickets", { $0.sessionTickets = -1 }),
            ("application protocol", { $0.applicationProtocols = [""] }),
            ("revocation list", { $0.revocationLists = [.bytes([])] }),
        ]
        for (name, change) in changes {
            var configuration = TLSConfiguration.server(identity)
            change(&configuration)
            #expect {
                try TLSContext(configuration)
            } throws: { error in
                let error = error as? TLSConfigurationError
                return error?.code == .invalidSetting && error?.source == name
            }
        }
        #expect(throws: TLSConfigurationError.missingIdentity) { try TLSContext(.server()) }
    }

    @Test(arguments: ["", "a b", "a\u{0}b", "é.example", String(repeating: "a", count: 254)])
    func `a name that no certificate can hold is refused`(name: String) {
        #expect(throws: TLSConfigurationError.self) { try TLSIdentity.selfSigned(names: [name]) }
    }

    @Test
    func `a long name stands among the alternatives`() throws {
        let name = String(repeating: "a", count: 60) + ".mail.example"
        let summary = try TLSIdentity.selfSigned(names: [name]).summary
        #expect(summary.subject == "CN=self-signed")
        #expect(summary.names == [name])
    }
}
