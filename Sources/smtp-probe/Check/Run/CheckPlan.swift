import CommandLineSupport
import SMTPKit
import SMTPTLS

/// The plan of a run: the options, checked.
struct CheckPlan: Sendable {
    /// The checks that were selected, in the order of the catalogue.
    let checks: [Check]
    let isActive: Bool
    /// `--rcpt`.
    let recipient: String?
    /// `--outside`.
    let outside: String
    /// `--domain`.
    let domain: String?
    /// `--role`.
    let role: Role?
    /// How long to wait for each reply.
    let timeout: Duration
    /// How long to wait for a connection.
    let connectTimeout: Duration
    /// How long the whole run may take.
    let deadline: Duration
    /// The name in EHLO.
    let ownName: String
    let resolver: NameServer?
    let family: Resolver.Family
    let source: String?
    /// `--ca`.
    let authorities: PEMSource?
    /// `--name`: the name that certificates have to hold, in place of the host's.
    let certificateName: String?
    /// The policy of `--policy`.
    let policy: [UInt8]?
    /// `--https`.
    let https: HostAndPort?

    /// The pause between two connections.
    static let pause = Duration.milliseconds(100)
    /// How long a server may be silent before that is taken for its answer.
    static let silence = Duration.seconds(2)
    /// How long a goodbye is waited for.
    static let goodbye = Duration.seconds(5)

    var lookup: DNSLookup { DNSLookup(server: resolver, timeout: timeout) }
}
