import COpenSSL
package import SMTPCore

extension TLSEngine {
    /// Returns the data that binds a SASL exchange to this connection, so that an attacker in the middle cannot relay
    /// it.
    ///
    /// - Returns: `nil` before the handshake is done, and where the kind is not defined for the connection.
    package func channelBinding(_ kind: ChannelBinding.Kind) -> ChannelBinding? {
        guard isEstablished else { return nil }
        let data: [UInt8]? =
            switch kind {
            case .tlsExporter: exporterBinding
            case .tlsServerEndPoint: endPointBinding
            }
        return data.map { ChannelBinding(kind: kind, data: $0) }
    }

    /// Every binding that the connection has.
    package var channelBindings: [ChannelBinding] { ChannelBinding.Kind.allCases.compactMap(channelBinding) }

    /// RFC 9266: 32 octets of exported keying material. In TLS 1.2 only with the extended master secret
    /// (section 4.2), without which two connections could be made to share it.
    private var exporterBinding: [UInt8]? {
        guard SSL_version(ssl) >= TLS1_3_VERSION || smtp_SSL_get_extms_support(ssl) == 1 else { return nil }
        let label = "EXPORTER-Channel-Binding"
        var data = [UInt8](repeating: 0, count: 32)
        ERR_clear_error()
        let result = SSL_export_keying_material(ssl, &data, data.count, label, label.utf8.count, nil, 0, 0)
        return result == 1 ? data : nil
    }

    /// RFC 5929, section 4.1: the server's certificate, hashed by the function of its own signature, or by
    /// SHA-256 where that is MD5 or SHA-1.
    private var endPointBinding: [UInt8]? {
        let certificate =
            switch context.role {
            case .server: SSL_get_certificate(ssl)
            case .client: SSL_get0_peer_certificate(ssl)
            }
        var function = NID_undef
        ERR_clear_error()
        guard let certificate,
            OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &function, nil) == 1
        else { return nil }
        let method: OpaquePointer? =
            switch function {
            case NID_md5, NID_sha1: EVP_sha256()
            case _: smtp_EVP_get_digestbynid(function)
            }
        var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard let method, X509_digest(certificate, method, &hash, &count) == 1 else { return nil }
        return Array(hash[..<Int(count)])
    }
}
