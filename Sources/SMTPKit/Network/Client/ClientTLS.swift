import SMTPTLS

/// Makes the TLS layer of connections to one host.
package struct ClientTLS: Sendable {
    let security: ClientSecurity
    private let host: String
    private let context: TLSContext?

    /// Makes the TLS layers of one connection: its settings are read when the handshake begins.
    init(_ security: ClientSecurity, host: String) {
        self.security = security
        self.host = host
        context = nil
    }

    /// Makes the TLS layers of many connections, which share their settings and trusted certificates.
    ///
    /// - Throws: `TLSConfigurationError` for settings that cannot be used.
    package init(sharing security: ClientSecurity, host: String) throws {
        self.security = security
        self.host = host
        context = try TLSContext(security.configuration)
    }

    /// Returns a handler for the pipeline of one connection.
    ///
    /// - Throws: `TLSConfigurationError` or `TLSFailure`.
    func handler() throws -> TLSHandler {
        TLSHandler(try security.engine(context ?? TLSContext(security.configuration), host: host))
    }
}
