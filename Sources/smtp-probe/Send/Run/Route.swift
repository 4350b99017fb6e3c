import CommandLineSupport
import SMTPKit

/// Where a message goes, and how: everything about connections that the command line says.
struct Route {
    /// How connections are made, but for the name of the host.
    private let options: PollableConnection.Options
    /// How long each stage may take.
    let timeouts: ClientTimeouts
    /// When TLS begins.
    let tlsMode: TLSOptions.Mode
    /// Who logs in.
    let credentials: SASLCredentials?
    let mechanism: SASLMechanism?
    /// The attributes of `XCLIENT`.
    let xclient: [(name: String, value: String)]
    private let target: Target
    private let connection: ConnectionOptions

    /// - Throws: what is wrong with a file, a certificate or a value.
    init(_ common: CommonOptions, _ target: Target, isLMTP: Bool, allowsSecretsInClear: Bool) throws {
        self.target = target
        connection = common.connection
        timeouts = common.connection.timeouts
        tlsMode = common.tls.mode(for: target) ?? .none
        let authentication = common.authentication
        let secret = try authentication.readSecret()
        mechanism = authentication.mechanism
        credentials =
            authentication.user != nil || mechanism == .external
            ? SASLCredentials(user: authentication.user ?? "", secret: secret ?? Secret("")) : nil
        xclient = try XCLIENTAttributes.parse(common.connection.xclient ?? "")

        var options = PollableConnection.Options()
        options.session.isLMTP = isLMTP
        options.session.isTraced = true
        options.session.allowsSecretsInClear = allowsSecretsInClear
        options.session.cryptography = OpenSSLCryptography()
        if case .host(_, let port) = target.place { options.session.port = port }
        options.security = try common.tls.security(tlsMode)
        if let header = common.connection.proxyHeader { options.preamble = Array("\(header)\r\n".utf8) }
        if let source = common.connection.source { options.source = try SocketTarget.source(source) }
        self.options = options
    }

    /// Whether a PROXY header comes first.
    var hasProxyHeader: Bool { !options.preamble.isEmpty }

    /// A connection to one of the candidates, not yet open.
    func connection(to candidate: Candidate) -> PollableConnection {
        var options = options
        options.host = candidate.host
        options.session.host = candidate.host
        return PollableConnection(options)
    }

    /// The hosts to try, in order.
    ///
    /// - Throws: ``ResolverError`` or ``SMTPError``.
    func candidates() throws -> [Candidate] { try Candidate.find(target, connection) }
}

/// What `XCLIENT` says: `ADDR=192.0.2.9 NAME=host.example`.
enum XCLIENTAttributes {
    static func parse(_ text: String) throws -> [(name: String, value: String)] {
        try text.split(separator: " ").map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw ValueError("--xclient takes NAME=value pairs with spaces between them, such as ADDR=192.0.2.9")
            }
            return (String(parts[0]), String(parts[1]))
        }
    }
}
