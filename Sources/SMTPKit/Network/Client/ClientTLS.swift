import SMTPTLS

/// Makes the TLS of one connection when it is wanted.
struct ClientTLS: Sendable {
    let security: ClientSecurity
    private let host: String

    init(_ security: ClientSecurity, host: String) {
        self.security = security
        self.host = host
    }

    /// A handler for the pipeline.
    ///
    /// - Throws: ``TLSConfigurationError`` or ``TLSFailure``.
    func handler() throws -> TLSHandler {
        TLSHandler(try security.engine(TLSContext(security.configuration), host: host))
    }
}
