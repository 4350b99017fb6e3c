/// `SCRAM-…` and `SCRAM-…-PLUS`, the client's side (RFC 5802, RFC 7677).
struct SCRAMClient: SASLClientMachine {
    /// Above this, a server only wants to keep the client busy.
    static let maximumIterations = 2_000_000

    private enum State {
        case initial
        case begun
        case answered(serverSignature: [UInt8])
        case proved
    }

    private let function: SASLHash
    /// The name and the password, prepared with SASLprep.
    private let credentials: SASLClientExchange.Credentials
    private let cryptography: any SASLCryptography
    private let header: GS2Header
    /// The channel binding input: the GS2 header, and the connection's own data.
    private let bound: [UInt8]
    private let nonce: [UInt8]
    private var state = State.initial

    init(
        _ function: SASLHash,
        bindsChannel: Bool,
        _ credentials: SASLClientExchange.Credentials,
        _ surroundings: SASLClientExchange.Surroundings,
        nonce: [UInt8]? = nil
    ) throws(SASLFailure) {
        guard !credentials.user.isEmpty else { throw .malformed("the user is empty") }
        self.function = function
        cryptography = surroundings.cryptography
        var credentials = credentials
        guard let user = cryptography.prepared(credentials.user), let secret = cryptography.prepared(credentials.secret)
        else { throw .malformed("the user or the password has a character that SCRAM does not allow (RFC 4013)") }
        credentials.user = user
        credentials.secret = secret
        self.credentials = credentials
        self.nonce = nonce ?? cryptography.randomText(18)
        let binding = surroundings.channelBinding
        if bindsChannel {
            guard let binding else { throw .malformed("there is no TLS connection to bind to") }
            header = GS2Header(.used(binding.kind.rawValue), identity: credentials.actingAs)
            bound = header.octets + binding.data
        } else {
            // `y` lets the server find out when its offer was taken away on the way (RFC 5802, section 6).
            let couldBind = binding != nil && !surroundings.isBindingOffered
            header = GS2Header(couldBind ? .notOffered : .unsupported, identity: credentials.actingAs)
            bound = header.octets
        }
    }

    var isProved: Bool {
        switch state {
        case .proved: true
        case .initial, .begun, .answered: false
        }
    }

    private var bare: [UInt8] { Array("n=\(SCRAMName.escape(credentials.user)),r=".utf8) + nonce }

    mutating func initialResponse() -> [UInt8]? {
        state = .begun
        return header.octets + bare
    }

    mutating func step(_ challenge: [UInt8]) -> SASLClientExchange.Step {
        switch state {
        case .initial, .begun:
            if challenge.isEmpty { return .response(initialResponse() ?? []) }
            return answer(challenge)
        case .answered(let signature):
            return check(challenge, signature)
        case .proved:
            return .cancel(.malformed("the exchange is over"))
        }
    }

    private mutating func answer(_ serverFirst: [UInt8]) -> SASLClientExchange.Step {
        guard let message = SCRAMMessage(serverFirst[...]), let nonce = message.value(0, "r"),
            let salt = message.value(1, "s").flatMap(Base64.decode), !salt.isEmpty,
            let iterations = message.value(2, "i").flatMap({ Int(String(decoding: $0, as: UTF8.self)) })
        else { return .cancel(.malformed("r=nonce,s=salt,i=iterations is needed")) }
        guard nonce.starts(with: self.nonce), nonce.count > self.nonce.count, SCRAMMessage.isNonce(nonce) else {
            return .cancel(.notAuthentic("its nonce does not go on from ours"))
        }
        guard 1...Self.maximumIterations ~= iterations else {
            return .cancel(.malformed("1 to \(Self.maximumIterations) iterations are possible"))
        }
        let salted = cryptography.stretch(
            function,
            password: credentials.secret.octets,
            salt: salt,
            iterations: iterations
        )
        let clientKey = cryptography.hmac(function, key: salted, Array("Client Key".utf8))
        let serverKey = cryptography.hmac(function, key: salted, Array("Server Key".utf8))
        let final = Array("c=".utf8) + Base64.encode(bound) + Array(",r=".utf8) + nonce
        let authMessage = bare + [SCRAMName.comma] + serverFirst + [SCRAMName.comma] + final
        let signature = cryptography.hmac(function, key: cryptography.hash(function, clientKey), authMessage)
        state = .answered(serverSignature: cryptography.hmac(function, key: serverKey, authMessage))
        return .response(final + Array(",p=".utf8) + Base64.encode(combined(clientKey, signature)))
    }

    private mutating func check(_ serverFinal: [UInt8], _ signature: [UInt8]) -> SASLClientExchange.Step {
        guard let message = SCRAMMessage(serverFinal[...]) else {
            return .cancel(.malformed("v=signature is needed"))
        }
        if message.value(0, "e") != nil { return .cancel(.refused) }
        guard let proof = message.value(0, "v").flatMap(Base64.decode), cryptography.isEqual(proof, signature) else {
            return .cancel(.notAuthentic("it does not know the password"))
        }
        state = .proved
        return .response([])
    }
}
