/// `CRAM-MD5`, the server's side (RFC 2195).
struct CRAMMD5Server: SASLServerMachine {
    private let cryptography: any SASLCryptography
    private let challenge: [UInt8]
    private var asked: (user: String, digest: [UInt8])?

    init(_ surroundings: SASLServerExchange.Surroundings, challenge: [UInt8]? = nil) {
        cryptography = surroundings.cryptography
        let name = surroundings.serverName.utf8.filter { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: ">") }
        let chance = CRAMMD5.hexadecimal(cryptography.random(16))
        self.challenge = challenge ?? Array("<".utf8) + chance + Array("@".utf8) + name + Array(">".utf8)
    }

    /// The server speaks first; an initial response is an error (RFC 4954, section 4).
    func begin(_ initialResponse: [UInt8]?) -> SASLServerExchange.Step {
        initialResponse == nil ? .challenge(challenge) : .failure(.unexpectedInitialResponse)
    }

    mutating func step(_ response: [UInt8]) -> SASLServerExchange.Step {
        guard asked == nil else { return .failure(.outOfOrder) }
        // The digest follows the last space: a user name may contain spaces.
        guard let space = response.lastIndex(of: ASCII.space), space > 0, response.count - space == 33,
            !response.contains(0), let user = String(validating: response[..<space], as: UTF8.self)
        else { return .failure(.malformed("a user and 32 hexadecimal digits are needed")) }
        asked = (user, Array(response[(space + 1)...]))
        return .verify(.secret(user: user, actingAs: nil, .cramMD5))
    }

    func answer(_ answer: SASLAnswer) -> SASLServerExchange.Step {
        guard let asked else { return .failure(.outOfOrder) }
        switch answer {
        case .accepted: return .success(user: asked.user)
        case .acceptedAs(let name): return .success(user: name)
        case .password(let password):
            let digest = CRAMMD5.digest(password, challenge, cryptography)
            return cryptography.isEqual(digest, asked.digest) ? .success(user: asked.user) : .failure(.refused)
        case .refused, .keys:
            // The same work as for a user who exists.
            _ = cryptography.isEqual(CRAMMD5.digest(Secret(challenge), challenge, cryptography), asked.digest)
            return .failure(.refused)
        case .unavailable: return .failure(.unavailable)
        }
    }
}

/// The computation that both sides of `CRAM-MD5` share.
enum CRAMMD5 {
    /// The keyed hash of the challenge in lower-case hexadecimal digits (RFC 2195, section 2).
    static func digest(_ password: Secret, _ challenge: [UInt8], _ cryptography: any SASLCryptography) -> [UInt8] {
        hexadecimal(cryptography.hmac(.md5, key: password.octets, challenge))
    }

    static func hexadecimal(_ octets: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
