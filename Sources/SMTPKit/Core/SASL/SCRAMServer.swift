/// `SCRAM-…` and `SCRAM-…-PLUS` (RFC 5802, RFC 7677).
///
///     C: n,,n=user,r=rOprNGfwEbeRWgbNEkqO
///     S: r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096
///     C: c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=
///     S: v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=
///     C: (empty)
struct SCRAMServer: SASLServerMachine {
    /// How often passwords are stretched that are kept as they are (RFC 7677, section 4).
    static let iterations = 4096

    private enum State {
        case initial
        case asked(First)
        case challenged(First, keys: SCRAMKeys, serverFirst: [UInt8], isKnown: Bool)
        case proved(user: String)
    }

    /// The contents of the client's first message.
    private struct First {
        var header: GS2Header
        var bare: [UInt8]
        var user: String
        var nonce: [UInt8]
        var actingAs: String? { header.identity == user ? nil : header.identity }
    }

    private let function: SASLHash
    private let bindsChannel: Bool
    private let surroundings: SASLServerExchange.Surroundings
    /// The server's part of the nonce; set by tests.
    private let nonce: [UInt8]
    private var state = State.initial

    init(
        _ function: SASLHash,
        bindsChannel: Bool,
        _ surroundings: SASLServerExchange.Surroundings,
        nonce: [UInt8]? = nil
    ) {
        self.function = function
        self.bindsChannel = bindsChannel
        self.surroundings = surroundings
        self.nonce = nonce ?? surroundings.cryptography.randomText(18)
    }

    mutating func step(_ response: [UInt8]) -> SASLServerExchange.Step {
        switch state {
        case .initial: return first(response)
        case .asked: return .failure(.outOfOrder)
        case .challenged(let first, let keys, let serverFirst, let isKnown):
            return final(response, first, keys, serverFirst, isKnown)
        case .proved(let user):
            return response.isEmpty ? .success(user: user) : .failure(.malformed("an empty response is due"))
        }
    }

    mutating func answer(_ answer: SASLAnswer) -> SASLServerExchange.Step {
        guard case .asked(let first) = state else { return .failure(.outOfOrder) }
        let (keys, isKnown): (SCRAMKeys, Bool)
        switch answer {
        case .keys(let known) where known.storedKey.octets.count == function.size:
            (keys, isKnown) = (known, true)
        case .password(let password):
            (keys, isKnown) = (derive(password, for: first.user), true)
        case .unavailable:
            return .failure(.unavailable)
        case .accepted, .acceptedAs, .refused, .keys:
            // The same work as for a user who exists; the proof is refused at the end.
            let nobody = Secret(surroundings.cryptography.random(16))
            (keys, isKnown) = (derive(nobody, for: first.user), false)
        }
        let salt = String(decoding: Base64.encode(keys.salt), as: UTF8.self)
        let message = first.nonce + nonce
        let serverFirst = Array("r=".utf8) + message + Array(",s=\(salt),i=\(keys.iterations)".utf8)
        state = .challenged(first, keys: keys, serverFirst: serverFirst, isKnown: isKnown)
        return .challenge(serverFirst)
    }

    /// The salt follows from the user's name, for those who exist and those who do not.
    private func derive(_ password: Secret, for user: String) -> SCRAMKeys {
        let cryptography = surroundings.cryptography
        let salt = cryptography.hmac(function, key: surroundings.saltKey.octets, Array(user.utf8)).prefix(16)
        return SCRAMKeys(
            function,
            password: password,
            salt: Array(salt),
            iterations: Self.iterations,
            cryptography
        )
    }

    private mutating func first(_ response: [UInt8]) -> SASLServerExchange.Step {
        guard let header = GS2Header(response) else { return .failure(.malformed("the GS2 header is not well formed")) }
        if let failure = judge(header.binding) { return .failure(failure) }
        let bare = response[header.octets.count...]
        // `m=` at the beginning is an extension that must be understood; there is none (section 5.1).
        guard let message = SCRAMMessage(bare), let name = message.value(0, "n"), let nonce = message.value(1, "r"),
            SCRAMMessage.isNonce(nonce), let name = SCRAMName.unescape(name)
        else { return .failure(.malformed("n=user,r=nonce is needed")) }
        guard let user = surroundings.cryptography.prepared(name) else {
            return .failure(.malformed("the user name has a prohibited character (RFC 4013)"))
        }
        let first = First(header: header, bare: Array(bare), user: user, nonce: Array(nonce))
        state = .asked(first)
        let mechanism = SASLMechanism.scram(function, bindsChannel: bindsChannel)
        return .verify(.secret(user: user, actingAs: first.actingAs, mechanism))
    }

    private func judge(_ binding: GS2Header.Binding) -> SASLFailure? {
        switch (binding, bindsChannel) {
        case (.used, false): .malformed("a channel binding needs a mechanism with -PLUS")
        case (.used(let kind), true):
            channelBinding(kind) == nil ? .malformed("the channel binding is not supported") : nil
        case (.unsupported, true), (.notOffered, true): .malformed("a mechanism with -PLUS needs a channel binding")
        // An attacker hid the offer from the client (section 6).
        case (.notOffered, false):
            surroundings.offersBinding ? .notAuthentic("the client did not see the offer of channel binding") : nil
        case (.unsupported, false): nil
        }
    }

    private func channelBinding(_ kind: String) -> ChannelBinding? {
        surroundings.channelBindings.first { $0.kind.rawValue == kind }
    }

    private mutating func final(
        _ response: [UInt8],
        _ first: First,
        _ keys: SCRAMKeys,
        _ serverFirst: [UInt8],
        _ isKnown: Bool
    ) -> SASLServerExchange.Step {
        guard let message = SCRAMMessage(response[...]), let bound = message.value(0, "c").flatMap(Base64.decode),
            let returned = message.value(1, "r"), let proof = message.last("p").flatMap(Base64.decode),
            proof.count == function.size
        else { return .failure(.malformed("c=binding,r=nonce,p=proof is needed")) }

        let cryptography = surroundings.cryptography
        var expected = first.header.octets
        if case .used(let kind) = first.header.binding { expected += channelBinding(kind)?.data ?? [] }
        let proofAttribute = 3 + Base64.encode(proof).count
        let authMessage =
            first.bare + [SCRAMName.comma] + serverFirst + [SCRAMName.comma] + response.dropLast(proofAttribute)
        let signature = cryptography.hmac(function, key: keys.storedKey.octets, authMessage)
        let clientKey = combined(proof, signature)
        let isProved = cryptography.isEqual(cryptography.hash(function, clientKey), keys.storedKey.octets)
        let isBound = cryptography.isEqual(bound, expected)
        let isFresh = cryptography.isEqual(Array(returned), first.nonce + nonce)
        guard isProved, isBound, isFresh, isKnown else { return .failure(.refused) }
        state = .proved(user: first.actingAs ?? first.user)
        let answer = cryptography.hmac(function, key: keys.serverKey.octets, authMessage)
        return .challenge(Array("v=".utf8) + Base64.encode(answer))
    }
}

extension SASLMechanism {
    /// The mechanism of a hash function.
    fileprivate static func scram(_ function: SASLHash, bindsChannel: Bool) -> SASLMechanism {
        switch (function, bindsChannel) {
        case (.sha1, false), (.md5, false): .scramSHA1
        case (.sha1, true), (.md5, true): .scramSHA1Plus
        case (.sha256, false): .scramSHA256
        case (.sha256, true): .scramSHA256Plus
        }
    }
}
