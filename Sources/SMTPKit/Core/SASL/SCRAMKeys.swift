/// The keys that a server stores for SCRAM: enough to check a proof, not enough to make one.
///
/// - SeeAlso: RFC 5802, sections 3 and 9.
public struct SCRAMKeys: Hashable, Sendable {
    /// The bytes that were mixed into the password. They are told to everyone who asks.
    public let salt: [UInt8]
    /// How often the password was stretched.
    public let iterations: Int
    /// The hash of the client's key.
    let storedKey: Secret
    /// The key by which the server authenticates itself.
    let serverKey: Secret

    /// Takes keys from where they are stored.
    ///
    /// - Returns: `nil` unless salt and keys are there and the iterations are 1 to 10,000,000.
    public init?(salt: [UInt8], iterations: Int, storedKey: Secret, serverKey: Secret) {
        guard !salt.isEmpty, 1...10_000_000 ~= iterations, !storedKey.octets.isEmpty,
            storedKey.octets.count == serverKey.octets.count
        else { return nil }
        self.salt = salt
        self.iterations = iterations
        self.storedKey = storedKey
        self.serverKey = serverKey
    }

    /// Derives the keys of a password, after SASLprep. Slow by intent.
    ///
    /// A password that SASLprep prohibits is used as it is.
    package init(
        _ function: SASLHash,
        password: Secret,
        salt: [UInt8],
        iterations: Int,
        _ cryptography: any SASLCryptography
    ) {
        let prepared = cryptography.prepared(password) ?? password
        let salted = cryptography.stretch(function, password: prepared.octets, salt: salt, iterations: iterations)
        let clientKey = cryptography.hmac(function, key: salted, Array("Client Key".utf8))
        self.salt = salt
        self.iterations = iterations
        storedKey = Secret(cryptography.hash(function, clientKey))
        serverKey = Secret(cryptography.hmac(function, key: salted, Array("Server Key".utf8)))
    }

    private init(salt: [UInt8], iterations: Int, stored: Secret, server: Secret) {
        self.salt = salt
        self.iterations = iterations
        storedKey = stored
        serverKey = server
    }

    /// Whether a password is the one that the keys were derived of.
    func belong(to password: Secret, _ cryptography: any SASLCryptography) -> Bool {
        guard let function = SASLHash.allCases.first(where: { $0.size == storedKey.octets.count }) else {
            return false
        }
        let other = SCRAMKeys(function, password: password, salt: salt, iterations: iterations, cryptography)
        return cryptography.isEqual(other.storedKey.octets, storedKey.octets)
    }
}
