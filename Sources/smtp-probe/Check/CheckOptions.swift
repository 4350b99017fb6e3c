import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Which checks run, and what they need to know.
struct SelectionOptions: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Run these checks or groups only, separated by commas.", valueName: "list"),
        completion: .list(Self.names), transform: Self.parseList)
    var only: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Leave these checks or groups out, separated by commas.", valueName: "list"),
        completion: .list(Self.names), transform: Self.parseList)
    var skip: [String] = []

    @Flag(help: "List the checks: identifier, group, needs, RFC and rule.")
    var list = false

    @Flag(
        help:
            "Run also the checks that begin the content of a message, talk before the greeting or send malformed input."
    )
    var active = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A recipient who exists here. (default: postmaster, where it is accepted)", valueName: "address"),
        transform: AddressArgument.parse)
    var rcpt: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The foreign address of the relay checks.", valueName: "address"),
        transform: AddressArgument.parse)
    var outside = "nobody@example.com"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The domain that the server serves. (default: that of --mx, the host of TARGET, or the name in the greeting)",
            valueName: "domain"),
        transform: HostName.parse)
    var domain: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The role of the server: mx, submission or local. (default: by its port)", valueName: "role"),
        completion: .list(Choice.words(of: Role.self)), transform: Choice.parse)
    var role: Role?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The MTA-STS policy, in place of the one that the domain serves.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var policy: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to fetch the MTA-STS policy; the name in TLS stays mta-sts.DOMAIN.", valueName: "host:port"),
        transform: Self.parseHTTPS)
    var https: HostAndPort?

    @Option(
        name: .customLong("fail-on"), parsing: .unconditional,
        help: ArgumentHelp("With warn, warnings count as failures for the exit status.", valueName: "verdict"),
        completion: .list(Choice.words(of: Threshold.self)), transform: Choice.parse)
    var failOn: Threshold = .fail

    /// The verdict from which on the exit status is 41.
    enum Threshold: String, CaseIterable {
        case fail, warn
    }

    private static var names: [String] {
        Check.Group.allCases.map(\.rawValue) + Check.catalogue.map(\.id)
    }

    private static func parseList(_ text: String) throws -> String {
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingBlanks }
        do {
            _ = try Check.named(words)
        } catch let error as UnknownCheck {
            throw ValueError(error.description)
        }
        return text
    }

    private static func parseHTTPS(_ text: String) throws -> HostAndPort {
        guard let place = HostAndPort(text) else { throw ValueError("HOST:PORT is wanted, such as 127.0.0.1:8443") }
        return place
    }

    /// The words of `--only` and `--skip`.
    static func words(_ lists: [String]) -> [String] {
        lists.flatMap { $0.split(separator: ",").map { $0.trimmingBlanks } }
    }
}

/// An address on the command line.
enum AddressArgument {
    /// `user@domain`, without angle brackets.
    static func parse(_ text: String) throws -> String {
        let isClean = text.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
        guard let sign = text.lastIndex(of: "@"), isClean, sign != text.startIndex, text.last != "@",
            text.utf8.count <= 254
        else { throw ValueError("an address such as ann@example.net is wanted, in ASCII, without angle brackets") }
        return text
    }
}

/// How a server is reached.
struct ReachOptions: ParsableArguments {
    @Flag(help: "TARGET is a domain: check its records, its MTA-STS policy, and each of its mail exchangers.")
    var mx = false

    @Flag(help: "Speak LMTP, and judge by the rules of a local server. (default: with lmtp://)")
    var lmtp = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The port of the mail exchangers of --mx. (default: 25)", valueName: "number"),
        transform: Self.parsePort)
    var port: UInt16?

    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Use IPv4 only.")
    var usesIPv4Only = false

    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Use IPv6 only.")
    var usesIPv6Only = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The local address to connect from.", valueName: "address"), transform: SourceAddress.parse)
    var source: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The name in HELO, EHLO or LHLO. (default: the name of this machine)", valueName: "name"),
        transform: HostName.parse)
    var helo: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long to wait for each reply, and each answer of the DNS. (default: 30s)", valueName: "duration"),
        transform: TimeSpan.parse)
    var timeout: Duration = .seconds(30)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long to wait for each connection to be made. (default: 30s)", valueName: "duration"),
        transform: TimeSpan.parse)
    var connectTimeout: Duration = .seconds(30)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long the whole run may take. (default: 5m)", valueName: "duration"),
        transform: TimeSpan.parse)
    var deadline: Duration = .seconds(300)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The name server to ask, such as 127.0.0.1:5353. (default: the system's)", valueName: "host:port"),
        transform: NameServer.parse)
    var resolver: NameServer?

    @Option(
        name: .customLong("ca"), parsing: .unconditional,
        help: ArgumentHelp(
            "The certificates of the authorities that are trusted, in a file or a folder. (default: the system's)",
            valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var authorities: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The name that certificates have to hold. (default: the host of TARGET)", valueName: "name"),
        transform: ServerName.parse)
    var name: String?

    mutating func validate() throws {
        if usesIPv4Only, usesIPv6Only { throw ValidationError("-4 and -6 contradict each other; give one of them") }
        if port != nil, !mx { throw ValidationError("--port is for --mx; without it, write HOST:PORT") }
        if lmtp, mx { throw ValidationError("--lmtp and --mx contradict each other; give one of them") }
        if name != nil, mx { throw ValidationError("--name is for one server, and --mx may find several") }
    }

    private static func parsePort(_ text: String) throws -> UInt16 {
        guard let number = WholeNumber.parse(text), let port = UInt16(exactly: number), port > 0 else {
            throw ValueError("a port is a number from 1 to 65535")
        }
        return port
    }

    var family: Resolver.Family { usesIPv4Only ? .ipv4 : usesIPv6Only ? .ipv6 : .any }
}
