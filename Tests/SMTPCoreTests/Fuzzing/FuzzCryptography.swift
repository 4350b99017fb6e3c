import SMTPCore

/// Hashes that are cheap and no secret, so that an input means the same each time.
struct FuzzCryptography: SASLCryptography {
    func hash(_ function: SASLHash, _ octets: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 7, count: function.size)
        for (index, octet) in octets.enumerated() {
            hash[index % function.size] ^= octet &+ UInt8(truncatingIfNeeded: index)
        }
        return hash
    }

    func hmac(_ function: SASLHash, key: [UInt8], _ message: [UInt8]) -> [UInt8] { hash(function, key + message) }

    func stretch(_ function: SASLHash, password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
        hash(function, password + salt)
    }

    func random(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }

    func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a == b }
}
