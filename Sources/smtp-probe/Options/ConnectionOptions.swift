import ArgumentParser
import CommandLineSupport
import SMTPKit

/// How a server is reached, and who we are to it.
struct ConnectionOptions: ParsableArguments {
    @Flag(help: "TARGET is a domain: look its mail exchangers up, and try them in their order.")
    var mx = false

    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Use IPv4 only.")
    var usesIPv4Only = false

    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Use IPv6 only.")
    var usesIPv6Only = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The local address to connect from.", valueName: "address"),
        transform: SourceAddress.parse)
    var source: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The name in HELO, EHLO or LHLO. (default: the name of this machine)", valueName: "name"),
        transform: HostName.parse)
    var helo: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long to wait for each reply, such as 500ms, 30s or 5m. (default: what RFC 5321 asks for, 2m to 10m)",
            valueName: "duration"),
        transform: TimeSpan.parse)
    var timeout: Duration?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long to wait for each connection to be made. (default: 30s)", valueName: "duration"),
        transform: TimeSpan.parse)
    var connectTimeout: Duration = .seconds(30)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long everything may take, from start to end, such as 30s. (default: no limit)", valueName: "duration"),
        transform: TimeSpan.parse)
    var deadline: Duration?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Send a PROXY header first, such as 'PROXY TCP4 192.0.2.9 192.0.2.1 4711 25'.", valueName: "line"),
        transform: ProxyHeader.parse)
    var proxyHeader: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Send XCLIENT with these attributes behind EHLO, such as 'ADDR=192.0.2.9 NAME=host.example'.",
            valueName: "attributes"),
        transform: WireText.parse)
    var xclient: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The name server to ask, such as 127.0.0.1:5353. (default: the system's)", valueName: "host:port"),
        transform: NameServer.parse)
    var resolver: NameServer?

    mutating func validate() throws {
        if usesIPv4Only, usesIPv6Only { throw ValidationError("-4 and -6 contradict each other; give one of them") }
    }

    /// The name that we say hello with.
    var ownName: String { helo ?? HostName.own }
}
