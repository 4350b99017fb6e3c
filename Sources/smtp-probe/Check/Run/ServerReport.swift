import SMTPKit

/// The report about a server beside the results of its checks.
struct ServerReport: Sendable {
    let host: String
    let port: UInt16
    /// The address that was connected to.
    let address: String?
    let tls: TLSReport?
    let isImplicitTLS: Bool
    let capabilities: (before: Capabilities?, after: Capabilities?)

    init(_ server: ServerProbe) {
        let facts = server.facts
        host = server.host.name
        port = server.port
        address = facts.address
        tls = facts.tls
        isImplicitTLS = server.target.isImplicitTLS
        capabilities = (facts.capabilities, facts.securedCapabilities)
    }

    /// The status of a server with which nothing could be done: `done` when that is not so.
    static func status(_ facts: ServerFacts) -> ExitStatus {
        if let problem = facts.connectProblem { return problem.code == .timedOut ? .timeout : .connect }
        guard let greeting = facts.greeting else {
            return facts.problem?.contains("within") == true ? .timeout : .closed
        }
        guard greeting.code == 220 else { return .banner }
        return facts.tlsProblem == nil ? .done : .tls
    }
}
