import CommandLineSupport
import SMTPKit

/// The way to a server: where it is, how the connection is made and secured, and who logs in.
struct Route {
    /// Where the server is.
    let endpoint: Endpoint
    /// Which addresses are used.
    let family: Resolver.Family
    /// The name server to ask; `nil` for the system's.
    let resolver: NameServer?
    /// When TLS begins.
    let tlsMode: TLSOptions.Mode
    /// How connections are made, but for the name of the host.
    var options: PollableConnection.Options
    private let helloName: String
    private let xclient: [(name: String, value: String)]

    /// Makes a route from the command line.
    ///
    /// - Throws: what is wrong with a file, a certificate or a value.
    init(_ common: CommonOptions, _ target: Target, defaultMode: TLSOptions.Mode = .none) throws {
        let connection = common.connection
        switch target.place {
        case .unix(let path): endpoint = .unix(path: path)
        case .host(let name, let port):
            endpoint = connection.mx ? .mailExchange(of: name, port: port) : .host(name, port: port)
        }
        family = connection.family
        resolver = connection.resolver
        tlsMode = common.tls.mode(for: target) ?? defaultMode
        helloName = connection.ownName
        xclient = try XCLIENTAttributes.parse(connection.xclient ?? "")
        options = PollableConnection.Options()
        options.session.isLMTP = target.scheme == .lmtp
        options.session.isTraced = true
        options.session.cryptography = OpenSSLCryptography()
        if case .host(_, let port) = target.place { options.session.port = port }
        options.security = try common.tls.security(tlsMode)
        setProxyLine(connection.proxyHeader)
        if let source = connection.source { options.source = try SocketTarget.source(source) }
    }

    /// Has connections begin with a line of the PROXY protocol, or with none.
    mutating func setProxyLine(_ line: String?) {
        options.session.preamble = line.map { Array("\($0)\r\n".utf8) } ?? []
    }

    /// How a connection to a host is made.
    func options(for host: Candidates.Host) -> PollableConnection.Options {
        var options = options
        options.host = host.name
        options.session.host = host.name
        return options
    }

    /// The plan that the options ask for.
    func plan(_ credentials: SASLCredentials? = nil, _ mechanism: SASLMechanism? = nil) -> SessionPlan {
        var plan = SessionPlan(helloName: helloName)
        plan.security =
            switch tlsMode {
            case .none, .implicit: .none
            case .optional: .opportunistic
            case .required: .required
            }
        plan.xclient = xclient
        plan.credentials = credentials
        plan.mechanism = mechanism
        return plan
    }
}

/// The attributes of `XCLIENT`: `ADDR=192.0.2.9 NAME=host.example`.
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
