import COpenSSL
package import SMTPCore

/// The results of a handshake.
extension TLSEngine {
    /// Version, cipher suite and the client that was verified. Meaningful once the connection is established.
    package var properties: Peer.TLSProperties {
        Peer.TLSProperties(version: version, cipherSuite: cipherSuite, clientSubject: verifiedClientSubject)
    }

    /// `TLSv1.3`.
    package var version: String { SSL_get_version(ssl).map { String(cString: $0) } ?? "" }

    /// The cipher suite's name in IANA's registry, `TLS_AES_256_GCM_SHA384`.
    package var cipherSuite: String {
        SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)).map { String(cString: $0) } ?? ""
    }

    /// The protocol that ALPN chose, or `nil`.
    package var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        guard let name, count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    /// The name that the client asked for (SNI), or `nil`.
    package var requestedServerName: String? {
        SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }

    /// Whether an earlier session was taken up, without a new exchange of certificates.
    package var isResumed: Bool { SSL_session_reused(ssl) == 1 }

    /// The problems of the peer's certificate; empty when it was verified, or not checked.
    package var certificateProblems: [CertificateProblem] { wire.pointee.problems }

    /// Whether the peer showed a certificate that was looked at and found good.
    package var isPeerVerified: Bool {
        context.configuration.peerVerification != .none && wire.pointee.problems.isEmpty
            && SSL_get0_peer_certificate(ssl) != nil && SSL_get_verify_result(ssl) == Int(X509_V_OK)
    }

    private var verifiedClientSubject: String? {
        guard context.role == .server, isPeerVerified, let certificate = SSL_get0_peer_certificate(ssl) else {
            return nil
        }
        return CertificateText.name(X509_get_subject_name(certificate))
    }

    /// The certificates that the peer sent, its own first, also where they were refused. Empty when it sent none, or
    /// resumed a session.
    package var peerChain: [PeerCertificate] {
        guard wire.pointee.refusedChain.isEmpty else { return wire.pointee.refusedChain }
        let chain = PeerCertificate.all(SSL_get_peer_cert_chain(ssl))
        // At a server, OpenSSL leaves the peer's own certificate out of the chain.
        guard context.role == .server, let own = SSL_get0_peer_certificate(ssl) else { return chain }
        return [PeerCertificate(own)] + chain
    }
}
