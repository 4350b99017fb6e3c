import SMTPKit

/// The way of one message to a server, with the plan of its connection.
struct SendRoute {
    let route: Route
    let plan: SessionPlan

    /// - Throws: what is wrong with a file, a certificate or a value.
    init(_ command: SendCommand, _ target: Target) throws {
        let authentication = command.common.authentication
        let secret = try authentication.readSecret()
        let isNamed = authentication.user != nil || authentication.mechanism == .external
        var route = try Route(command.common, target)
        if command.transfer.lmtp { route.options.session.isLMTP = true }
        route.options.session.allowsSecretsInClear = command.transfer.insecureAuth
        var plan = route.plan(
            isNamed ? SASLCredentials(user: authentication.user ?? "", secret: secret ?? Secret("")) : nil,
            authentication.mechanism)
        switch command.transfer.end {
        case .connect, .banner: plan.end = .greeting
        case .ehlo: plan.end = .hello
        case .tls: plan.end = .handshake
        case .ehloTLS: plan.end = .startTLS
        case .xclient: plan.end = .xclient
        case .auth, .mail, .rcpt, .data, .message, nil: break
        }
        self.route = route
        self.plan = plan
    }
}
