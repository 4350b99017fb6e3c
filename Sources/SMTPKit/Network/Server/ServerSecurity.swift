public import SMTPCore
public import SMTPTLS
import Synchronization

/// How a server secures its connections.
public struct ServerSecurity: Sendable {
    private enum Source: Sendable {
        case none
        case ready(TLSContext)
        case later(LaterContext)
    }

    private let source: Source
    /// Whether clients must use TLS.
    public var requiresTLS = false

    /// No TLS.
    public init() {
        source = .none
    }

    /// TLS with a context.
    public init(_ context: TLSContext, requiresTLS: Bool = false) {
        source = .ready(context)
        self.requiresTLS = requiresTLS
    }

    /// TLS with a context that is made when the first client asks for it, which keeps the start quick.
    ///
    /// For contexts that can hardly fail: when one does, `STARTTLS` ends that connection, and the observer is
    /// told; a listener of implicit TLS does not start.
    public init(requiresTLS: Bool = false, makingContext make: @escaping @Sendable () throws -> TLSContext) {
        source = .later(LaterContext(make))
        self.requiresTLS = requiresTLS
    }

    /// Whether there is TLS at all.
    public var isOffered: Bool {
        switch source {
        case .none: false
        case .ready, .later: true
        }
    }

    /// The certificate and everything else about TLS.
    ///
    /// - Throws: `TLSConfigurationError.Code.missingIdentity` without TLS, and what the making of a context throws.
    func context() throws -> TLSContext {
        switch source {
        case .none: throw TLSConfigurationError.missingIdentity
        case .ready(let context): context
        case .later(let later): try later.context()
        }
    }
}

/// A context that is made once.
final class LaterContext: Sendable {
    private let make: @Sendable () throws -> TLSContext
    private let made = Mutex<TLSContext?>(nil)

    init(_ make: @escaping @Sendable () throws -> TLSContext) { self.make = make }

    func context() throws -> TLSContext {
        try made.withLock { made in
            if let made { return made }
            let context = try make()
            made = context
            return context
        }
    }
}

/// How a server's clients prove who they are.
public struct ServerAuthentication: Sendable {
    /// The mechanisms, in the order in which they are offered. None, and `AUTH` is not offered.
    public var mechanisms: [SASLMechanism]
    /// Whether `MAIL` needs `AUTH` first.
    public var isRequired = false
    /// Whether passwords and tokens may be sent in clear (RFC 4954, section 4 forbids it by default).
    public var allowsSecretsInClear = false

    /// Authentication by mechanisms; who the users are, ``Hooks/authenticate`` knows.
    public init(mechanisms: [SASLMechanism] = []) {
        self.mechanisms = mechanisms
    }
}
