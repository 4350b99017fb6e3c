import COpenSSL

/// Turns a configuration into an `SSL_CTX`.
struct SSLContextBuilder {
    private let configuration: TLSConfiguration

    /// The ciphers of a server for TLS 1.2 by default: forward secrecy and authenticated encryption only
    /// (RFC 9325, section 4.2).
    private static let serverCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20"

    init(_ configuration: TLSConfiguration) {
        self.configuration = configuration
    }

    /// Makes the context for one identity, or for a client without any. The caller frees it.
    func build(_ identity: TLSIdentity?) throws(TLSConfigurationError) -> OpaquePointer {
        ERR_clear_error()
        let method =
            switch configuration.role {
            case .server: TLS_server_method()
            case .client: TLS_client_method()
            }
        guard let context = SSL_CTX_new(method) else { throw .library(reason: OpenSSLError.takeReason()) }
        do {
            try setProtocol(context)
            try setVerification(context)
            if let identity { try use(identity, in: context) }
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        return context
    }

    private func setProtocol(_ context: OpaquePointer) throws(TLSConfigurationError) {
        // The buffers of an idle connection, 34 KiB, go back to the allocator. Of the chain, what the identity
        // holds is sent, and nothing that happens to be trusted.
        smtp_SSL_CTX_set_mode(
            context,
            Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY | SSL_MODE_NO_AUTO_CHAIN)
        )
        var options = smtp_SSL_OP_NO_RENEGOTIATION() | smtp_SSL_OP_NO_COMPRESSION()
        options |= smtp_SSL_OP_CIPHER_SERVER_PREFERENCE()
        if configuration.role == .server {
            guard 0...16 ~= configuration.sessionTickets else {
                throw setting("number of session tickets", String(configuration.sessionTickets), "0 to 16 are possible")
            }
            smtp_SSL_CTX_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
            if configuration.sessionTickets == 0 { options |= smtp_SSL_OP_NO_TICKET() }
            try check(SSL_CTX_set_num_tickets(context, configuration.sessionTickets), "session tickets", "")
            try check(SSL_CTX_set_session_id_context(context, Array("smtp".utf8), 4), "session context", "smtp")
        } else {
            // Costs a connection without TLSA records nothing.
            try check(SSL_CTX_dane_enable(context), "DANE", "on")
        }
        SSL_CTX_set_options(context, options)

        if let level = configuration.securityLevel {
            guard 0...5 ~= level else { throw setting("security level", String(level), "0 to 5 are possible") }
            SSL_CTX_set_security_level(context, Int32(level))
        }
        let (minimum, maximum) = (configuration.minimumVersion, configuration.maximumVersion)
        guard minimum <= maximum else {
            throw setting("minimum version", minimum.rawValue, "it is above the maximum, \(maximum)")
        }
        try check(smtp_SSL_CTX_set_min_proto_version(context, minimum.wireNumber), "version", minimum.rawValue)
        try check(smtp_SSL_CTX_set_max_proto_version(context, maximum.wireNumber), "version", maximum.rawValue)

        let isModern = minimum >= .tls12 && configuration.role == .server
        if let list = configuration.cipherList ?? (isModern ? Self.serverCiphers : nil) {
            try check(SSL_CTX_set_cipher_list(context, list), "cipher list", list)
        }
        if let suites = configuration.cipherSuites {
            try check(SSL_CTX_set_ciphersuites(context, suites), "cipher suites", suites)
        }
        if let groups = configuration.groups {
            try check(smtp_SSL_CTX_set1_groups_list(context, groups), "groups", groups)
        }
    }

    private func setVerification(_ context: OpaquePointer) throws(TLSConfigurationError) {
        let mode: Int32 =
            switch (configuration.peerVerification, configuration.role) {
            case (.none, _): SSL_VERIFY_NONE
            case (.observe, _): SSL_VERIFY_PEER
            case (.require, .client): SSL_VERIFY_PEER
            case (.require, .server): SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            }
        SSL_CTX_set_verify(context, mode, mode == SSL_VERIFY_NONE ? nil : recordVerification)
        guard let store = SSL_CTX_get_cert_store(context) else {
            throw .library(reason: OpenSSLError.takeReason())
        }
        switch configuration.trust {
        case .nobody: break
        case .system:
            if configuration.peerVerification != .none {
                try check(SSL_CTX_set_default_verify_paths(context), "trust store", "system")
            }
        case .certificates(let source):
            for certificate in try TLSIdentity.readCertificates(source) {
                X509_STORE_add_cert(store, certificate)
                // The names of the authorities tell a client which of its certificates to show.
                if configuration.role == .server { SSL_CTX_add_client_CA(context, certificate) }
                X509_free(certificate)
            }
            X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        }
        for source in configuration.revocationLists { try addRevocations(source, to: store) }
        if !configuration.revocationLists.isEmpty { X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK)) }
    }

    private func addRevocations(_ source: PEMSource, to store: OpaquePointer) throws(TLSConfigurationError) {
        let reader = try PEMReader(source.read())
        var count = 0
        while let list = reader.read({ PEM_read_bio_X509_CRL($0, nil, nil, nil) }) {
            X509_STORE_add_crl(store, list)
            X509_CRL_free(list)
            count += 1
        }
        let reason = OpenSSLError.takeReason()
        guard count > 0 else { throw setting("revocation list", source.name, reason) }
    }

    private func use(_ identity: TLSIdentity, in context: OpaquePointer) throws(TLSConfigurationError) {
        if !configuration.acceptsOutdatedIdentity {
            let (start, end) = (X509_get0_notBefore(identity.certificate), X509_get0_notAfter(identity.certificate))
            if X509_cmp_current_time(end) < 0 {
                throw .expiredCertificate(source: identity.source, since: CertificateText.iso8601(end))
            }
            if X509_cmp_current_time(start) > 0 {
                throw .certificateNotYetValid(source: identity.source, from: CertificateText.iso8601(start))
            }
        }
        ERR_clear_error()
        // Refused by the security level, for one: a key that is too short, a digest that is too weak.
        guard SSL_CTX_use_certificate(context, identity.certificate) == 1 else {
            throw .invalidCertificate(source: identity.source, reason: OpenSSLError.takeReason())
        }
        for certificate in identity.chain where smtp_SSL_CTX_add1_chain_cert(context, certificate) != 1 {
            throw .invalidCertificate(source: identity.source, reason: OpenSSLError.takeReason())
        }
        guard SSL_CTX_use_PrivateKey(context, identity.key) == 1 else {
            throw .invalidKey(source: identity.source, reason: OpenSSLError.takeReason())
        }
    }

    private func check(_ result: Int32, _ name: String, _ value: String) throws(TLSConfigurationError) {
        guard result == 1 else { throw setting(name, value, OpenSSLError.takeReason()) }
    }

    private func setting(_ name: String, _ value: String, _ reason: String) -> TLSConfigurationError {
        .invalidSetting(name: name, value: value, reason: reason)
    }
}
