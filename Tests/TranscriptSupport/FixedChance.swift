package import SMTPCore
import SMTPTLS

/// Real hashes, and always the same chance: challenges can be written down.
package struct FixedChance: SASLCryptography {
    private let real = OpenSSLCryptography()

    package init() {}

    package func hash(_ function: SASLHash, _ octets: [UInt8]) -> [UInt8] { real.hash(function, octets) }

    package func hmac(_ function: SASLHash, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        real.hmac(function, key: key, message)
    }

    package func stretch(
        _ function: SASLHash, password: [UInt8], salt: [UInt8], iterations: Int
    ) -> [UInt8] {
        real.stretch(function, password: password, salt: salt, iterations: iterations)
    }

    package func random(_ count: Int) -> [UInt8] { Array(repeating: 0x2A, count: count) }

    package func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { real.isEqual(a, b) }
}
