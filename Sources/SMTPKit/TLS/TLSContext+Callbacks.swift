import COpenSSL

/// Where a connection's `SSL_CTX` keeps the way back to its ``TLSContext``.
private let ownerIndex = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, nil, nil, nil, nil)

extension TLSContext {
    /// Sets the callbacks that the configuration asks for. They hold no reference to this object: an
    /// `SSL_CTX` is used only by engines, and every engine keeps its context.
    func installCallbacks() {
        let owner = Unmanaged.passUnretained(self).toOpaque()
        for context in contexts {
            SSL_CTX_set_ex_data(context, ownerIndex, owner)
            if configuration.keyLog != nil { SSL_CTX_set_keylog_callback(context, logKeys) }
            if !protocolList.isEmpty {
                switch role {
                case .server: SSL_CTX_set_alpn_select_cb(context, selectProtocol, owner)
                case .client: SSL_CTX_set_alpn_protos(context, protocolList, UInt32(protocolList.count))
                }
            }
            if role == .server { smtp_SSL_CTX_set_servername_callback(context, selectIdentity, owner) }
        }
    }

    /// The `SSL_CTX` whose certificate fits a name, or `nil` for none.
    fileprivate func context(for name: UnsafePointer<CChar>) -> OpaquePointer? {
        contexts.first { context in
            guard let certificate = SSL_CTX_get0_certificate(context) else { return false }
            return X509_check_host(certificate, name, 0, 0, nil) == 1
        }
    }

    fileprivate static func from(_ pointer: UnsafeMutableRawPointer) -> TLSContext {
        Unmanaged<TLSContext>.fromOpaque(pointer).takeUnretainedValue()
    }
}

private let logKeys: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Void = { ssl, line in
    guard let line, let context = SSL_get_SSL_CTX(ssl), let owner = SSL_CTX_get_ex_data(context, ownerIndex) else {
        return
    }
    TLSContext.from(owner).configuration.keyLog?(String(cString: line))
}

/// SNI (RFC 6066, section 3): a name that no certificate fits gets the first, which the client may well accept.
private let selectIdentity:
    @convention(c) (OpaquePointer?, UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?) -> Int32 = {
        ssl,
        _,
        argument in
        guard let argument, let name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else {
            return SSL_TLSEXT_ERR_NOACK
        }
        let owner = TLSContext.from(argument)
        if owner.contexts.count > 1, let context = owner.context(for: name) { SSL_set_SSL_CTX(ssl, context) }
        return SSL_TLSEXT_ERR_OK
    }

/// ALPN (RFC 7301, section 3.2): a client that offers nothing we speak is refused, so that traffic meant for
/// another protocol does not end up here.
private let selectProtocol:
    @convention(c) (
        OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
        UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
    ) -> Int32 = { _, chosen, chosenCount, offered, offeredCount, argument in
        guard let argument, let chosen, let chosenCount, let offered else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        let owner = TLSContext.from(argument)
        var offset = 0
        while offset < Int(offeredCount) {
            let count = Int(offered[offset])
            guard count > 0, offset + 1 + count <= Int(offeredCount) else { break }
            let name = UnsafeBufferPointer(start: offered + offset + 1, count: count)
            if owner.configuration.applicationProtocols.contains(where: { $0.utf8.elementsEqual(name) }) {
                chosen.pointee = UnsafePointer(offered + offset + 1)
                chosenCount.pointee = offered[offset]
                return SSL_TLSEXT_ERR_OK
            }
            offset += 1 + count
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
