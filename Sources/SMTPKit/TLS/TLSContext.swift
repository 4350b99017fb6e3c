import COpenSSL

/// A TLS configuration that was checked and made ready: built once, shared by all connections.
///
/// It never changes, and can be used from any thread. A server that is to take up a new certificate builds a
/// new context; connections keep the one they began with.
public final class TLSContext: Sendable {
    /// The `SSL_CTX`s: one, or for a server one for each identity, in their order.
    nonisolated(unsafe) let contexts: [OpaquePointer]
    /// The configuration that the context was built from. OpenSSL's callbacks read it.
    package let configuration: TLSConfiguration
    /// The protocols for ALPN as they are on the wire: each after a byte with its length.
    let protocolList: [UInt8]

    /// Checks a configuration and makes it ready.
    ///
    /// - Throws: The case of ``TLSConfigurationError`` that names what does not work.
    public init(_ configuration: TLSConfiguration) throws(TLSConfigurationError) {
        self.configuration = configuration
        protocolList = try Self.encodeProtocols(configuration.applicationProtocols)
        if configuration.role == .server, configuration.identities.isEmpty { throw .missingIdentity }

        // A server has a context for each identity; a client uses one identity at most.
        let identities: [TLSIdentity?] =
            switch configuration.role {
            case .server: configuration.identities
            case .client: [configuration.identities.first]
            }
        var made: [OpaquePointer] = []
        do {
            for identity in identities {
                made.append(try SSLContextBuilder(configuration).build(identity))
            }
        } catch {
            for context in made { SSL_CTX_free(context) }
            throw error
        }
        contexts = made
        installCallbacks()
    }

    /// Which end contexts of this kind are for.
    public var role: TLSConfiguration.Role { configuration.role }

    deinit {
        for context in contexts { SSL_CTX_free(context) }
    }

    private static func encodeProtocols(_ names: [String]) throws(TLSConfigurationError) -> [UInt8] {
        var list: [UInt8] = []
        for name in names {
            guard 1...255 ~= name.utf8.count else {
                throw .invalidSetting(
                    name: "application protocol",
                    value: name,
                    reason: "1 to 255 octets are needed (RFC 7301, section 3.1)"
                )
            }
            list.append(UInt8(name.utf8.count))
            list.append(contentsOf: name.utf8)
        }
        return list
    }
}
