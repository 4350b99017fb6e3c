import CCrypt
import SMTPCore
import SMTPTLS

/// A password as a password file keeps it.
///
///     alice:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC
///     bob:{SHA}fEqNCco3Yq9h5ZUglD3CZJT4lBs=
struct PasswordHash: Hashable, Sendable {
    /// How the password was hashed.
    private enum Scheme: Hashable, Sendable {
        /// Not at all.
        case plain(Secret)
        /// `{SHA}`: SHA-1 in base64, without salt.
        case sha1([UInt8])
        /// `$apr1$`: Apache's variant of MD5-crypt, with its salt.
        case apr1(salt: [UInt8], hash: Secret)
        /// A hash that libcrypt checks: bcrypt, SHA-512-crypt and others.
        case crypt(Secret)
    }

    private let scheme: Scheme

    /// Reads the hash after the colon.
    ///
    /// - Returns: `nil` when it is empty, or looks like a hash of a kind that is not known here.
    init?(_ text: some StringProtocol) {
        if text.hasPrefix("{SHA}") {
            guard let hash = Base64.decode(Array(text.utf8.dropFirst(5))), hash.count == 20 else { return nil }
            scheme = .sha1(hash)
        } else if text.hasPrefix("$apr1$") {
            let parts = text.utf8.split(separator: UInt8(ascii: "$"))
            guard parts.count == 3, parts[1].count <= 8, parts[2].count == 22 else { return nil }
            scheme = .apr1(salt: Array(parts[1]), hash: Secret(parts[2]))
        } else if text.hasPrefix("$") {
            guard smtp_crypt_knows(String(text)) == 1 else { return nil }
            scheme = .crypt(Secret(text.utf8))
        } else {
            guard !text.isEmpty, !text.hasPrefix("{") else { return nil }
            scheme = .plain(Secret(text.utf8))
        }
    }

    /// The password itself, where it is kept.
    var password: Secret? {
        switch scheme {
        case .plain(let password): password
        case .sha1, .apr1, .crypt: nil
        }
    }

    /// Whether a password is the one that was hashed. Slow where the hash is meant to be: some 100 ms.
    func belongs(to password: Secret) -> Bool {
        let cryptography = OpenSSLCryptography()
        switch scheme {
        case .plain(let right):
            return cryptography.isEqual(right.octets, password.octets)
        case .sha1(let hash):
            return cryptography.isEqual(hash, cryptography.hash(.sha1, password.octets))
        case .apr1(let salt, let hash):
            return cryptography.isEqual(hash.octets, APR1.hash(password.octets, salt: salt))
        case .crypt(let hash):
            // C's strings end at a NUL: the bytes after it would be ignored.
            guard !password.octets.contains(0) else { return false }
            return cryptography.isEqual(hash.octets, Self.crypt(password, setting: hash))
        }
    }

    private static func crypt(_ password: Secret, setting: Secret) -> [UInt8] {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CRYPT_OUTPUT_SIZE)) { space in
            guard let base = space.baseAddress,
                smtp_crypt(password.text, setting.text, base, space.count) == 1
            else { return [] }
            return Array(String(cString: base).utf8)
        }
    }
}

/// Apache's variant of MD5-crypt, which `htpasswd -m` makes and libcrypt does not know.
enum APR1 {
    private static let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Returns the 22 characters after the salt.
    static func hash(_ password: [UInt8], salt: [UInt8]) -> [UInt8] {
        let inner = Digest.md5.hash(password + salt + password)
        guard inner.count == 16 else { return [] }
        var text = password + Array("$apr1$".utf8) + salt
        text += (0..<password.count).map { inner[$0 % 16] }
        var bits = password.count
        while bits > 0 {
            text.append(bits & 1 == 1 ? 0 : password[0])
            bits >>= 1
        }
        var hash = Digest.md5.hash(text)
        for round in 0..<1000 {
            let isOdd = round % 2 == 1
            var text = isOdd ? password : hash
            if round % 3 != 0 { text += salt }
            if round % 7 != 0 { text += password }
            text += isOdd ? hash : password
            hash = Digest.md5.hash(text)
        }
        return encode(hash)
    }

    private static func encode(_ hash: [UInt8]) -> [UInt8] {
        let groups = [(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)]
        var text: [UInt8] = []
        for (a, b, c) in groups {
            append(UInt32(hash[a]) << 16 | UInt32(hash[b]) << 8 | UInt32(hash[c]), 4, to: &text)
        }
        append(UInt32(hash[11]), 2, to: &text)
        return text
    }

    private static func append(_ value: UInt32, _ count: Int, to text: inout [UInt8]) {
        var rest = value
        for _ in 0..<count {
            text.append(alphabet[Int(rest & 63)])
            rest >>= 6
        }
    }
}
