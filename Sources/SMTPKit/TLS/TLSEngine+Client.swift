import COpenSSL

extension TLSEngine {
    /// Makes a client's end of a connection to a named server.
    ///
    /// - Parameters:
    ///   - context: A client's context.
    ///   - serverName: The name or the IP address that the server's certificate must hold, where the context
    ///     looks at it.
    ///   - indication: The name that is sent to the server (SNI); `nil` for `serverName`, where that is a name.
    ///   - tlsaRecords: The server's TLSA records. When one of them can be used, they decide, and not the
    ///     certificate authorities (RFC 7672, section 3.1).
    ///   - session: A session to take up again, from ``resumableSession`` of an earlier connection.
    /// - Throws: ``TLSFailure/library(reason:)`` when a name cannot be used or memory is short.
    package convenience init(
        _ context: TLSContext,
        serverName: String?,
        indication: String? = nil,
        tlsaRecords: [TLSARecord] = [],
        resuming session: TLSSession? = nil
    ) throws(TLSFailure) {
        try self.init(context)
        if let serverName { try expect(serverName, indication: indication) }
        if !tlsaRecords.isEmpty { try require(tlsaRecords, of: serverName ?? "") }
        if let session { SSL_set_session(ssl, session.pointer) }
    }

    private func expect(_ name: String, indication: String?) throws(TLSFailure) {
        ERR_clear_error()
        wire.pointee.expectedName = name
        let parameters = SSL_get0_param(ssl)
        // An address is looked for among the certificate's addresses and is never sent (RFC 6066, section 3).
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1
        ERR_clear_error()
        if !isAddress {
            guard SSL_set1_host(ssl, name) == 1 else {
                throw .library(reason: "the server name cannot be used: " + OpenSSLError.takeReason())
            }
            SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        }
        guard let sent = indication ?? (isAddress ? nil : name) else { return }
        guard smtp_SSL_set_tlsext_host_name(ssl, sent) == 1 else {
            throw .library(reason: "the server name cannot be sent: " + OpenSSLError.takeReason())
        }
    }

    private func require(_ records: [TLSARecord], of name: String) throws(TLSFailure) {
        ERR_clear_error()
        guard SSL_dane_enable(ssl, name) == 1 else {
            throw .library(reason: OpenSSLError.takeReason())
        }
        // A record of usage 3 names the key itself: dates and names say nothing more (RFC 7672, section 3.1.1).
        SSL_dane_set_flags(ssl, UInt(DANE_FLAG_NO_DANE_EE_NAMECHECKS))
        for record in records {
            // 0 is a record that cannot be used, which is left aside (RFC 7671, section 5).
            let result = SSL_dane_tlsa_add(
                ssl,
                record.usage,
                record.selector,
                record.matching,
                record.data,
                record.data.count
            )
            guard result >= 0 else { throw .library(reason: OpenSSLError.takeReason()) }
        }
        ERR_clear_error()
    }

    /// The TLSA record that the peer's certificate matches, or `nil` when there are none or none matches.
    package var matchedAssociation: TLSARecord? {
        var usage: UInt8 = 0
        var selector: UInt8 = 0
        var matching: UInt8 = 0
        var data: UnsafePointer<UInt8>?
        var count = 0
        guard SSL_get0_dane_tlsa(ssl, &usage, &selector, &matching, &data, &count) >= 0, let data else { return nil }
        let octets = Array(UnsafeBufferPointer(start: data, count: count))
        return TLSARecord(usage: usage, selector: selector, matching: matching, data: octets)
    }

    /// The session that a later connection to the same server can take up, or `nil` when there is none (yet:
    /// with TLS 1.3 it comes with the first data).
    package var resumableSession: TLSSession? {
        guard let session = SSL_get1_session(ssl) else { return nil }
        guard SSL_SESSION_is_resumable(session) == 1 else {
            SSL_SESSION_free(session)
            return nil
        }
        return TLSSession(session)
    }
}

/// A session that can be taken up again. It holds secrets, and shows none.
///
/// - SeeAlso: RFC 8446, section 2.2; RFC 5077.
package final class TLSSession: Sendable {
    nonisolated(unsafe) fileprivate let pointer: OpaquePointer

    fileprivate init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        SSL_SESSION_free(pointer)
    }
}

/// A record that says which certificate a server has.
///
///     _25._tcp.mx.example. IN TLSA 3 1 1 0C72AC70…
///
/// - SeeAlso: RFC 6698, section 2.1; RFC 7672, section 3.1.
public struct TLSARecord: Hashable, Sendable {
    /// 2: an authority of the domain's own; 3: the certificate itself. 0 and 1 are not for mail.
    public var usage: UInt8
    /// 0: the whole certificate; 1: its public key.
    public var selector: UInt8
    /// 0: as it is; 1: its SHA-256; 2: its SHA-512.
    public var matching: UInt8
    /// The data that is compared.
    public var data: [UInt8]

    /// Makes a record.
    public init(usage: UInt8, selector: UInt8, matching: UInt8, data: [UInt8]) {
        self.usage = usage
        self.selector = selector
        self.matching = matching
        self.data = data
    }
}
