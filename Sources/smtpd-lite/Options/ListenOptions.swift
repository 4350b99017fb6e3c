import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Where the server listens, and how it says that it does.
struct ListenOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Listen on [HOST]:PORT, PORT, unix:PATH[,mode=660] or fd:N; may be given several times.",
            discussion:
                "A host name is all of its addresses, a PORT alone is on 127.0.0.1, :PORT on every address, port "
                + "0 picks a free one, and fd:N is a socket that listens already. (default: what LISTEN_FDS hands over, "
                + "or 127.0.0.1:2525 and [::1]:2525)",
            valueName: "address"),
        completion: .list(["localhost:2525", "unix:", "fd:", ":0"]), transform: ListenValue.parse)
    var listen: [ListenValue] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Listen on this port of 127.0.0.1 and ::1; may be given several times.", valueName: "port"),
        transform: ListenValue.parsePort)
    var port: [ListenValue] = []

    @Option(
        help: ArgumentHelp(
            "Listen for connections that speak TLS from the first octet on; the addresses are written the same.",
            valueName: "address"),
        completion: .list(["localhost:4650", "unix:", "fd:", ":0"]), transform: ListenValue.parse)
    var tlsListen: [ListenValue] = []

    @Flag(
        help: "Serve one session on standard input and output, a socket or pipes, as inetd starts it, and end with it.")
    var inetd = false

    @Flag(name: .customShort("4"), help: "Listen on IPv4 alone.")
    var ipv4 = false

    @Flag(name: .customShort("6"), help: "Listen on IPv6 alone.")
    var ipv6 = false

    @Flag(help: "Speak LMTP on every listener: LHLO, and one reply for each recipient. Not on port 25.")
    var lmtp = false

    @Option(
        help: ArgumentHelp("Write the port of the first TCP listener to FILE, when ready.", valueName: "file"),
        completion: .file(), transform: FileName.parse)
    var portFile: String?

    @Option(
        help: ArgumentHelp("Write a newline to descriptor N, when ready, and close it.", valueName: "n"),
        transform: WholeNumber.parseDescriptor)
    var readyFd: Int32?

    /// Which kind of address there may be.
    var family: BoundSocket.Family { ipv4 ? .ipv4 : ipv6 ? .ipv6 : .any }

    /// The addresses asked for, those handed over, or the usual ones.
    var addresses: [ListenAddress] { values.map(\.address) }

    /// The addresses for TLS from the first byte on.
    var securedAddresses: [ListenAddress] { securedValues.map(\.address) }

    private var values: [ListenValue] {
        let handed = HandedSockets.ofThisProcess
        let isDefault = listen.isEmpty && port.isEmpty && tlsListen.isEmpty && handed.isEmpty && !inetd
        guard !isDefault else { return [ListenValue(.tcp(host: ListenValue.loopback, port: 2525))] }
        return handed.clear.map { ListenValue($0) } + listen + port
    }

    private var securedValues: [ListenValue] { HandedSockets.ofThisProcess.secured.map { ListenValue($0) } + tlsListen }

    /// Binds all of them.
    ///
    /// - Throws: ``BindError`` for the first that cannot be had.
    func bind() throws -> (clear: [ListenAddress], secured: [ListenAddress]) {
        let bound = { (value: ListenValue) in try BoundSocket.bind(value, family) }
        return (try values.flatMap(bound), try securedValues.flatMap(bound))
    }

    mutating func validate() throws {
        if ipv4, ipv6 { throw ValidationError("-4 and -6 contradict each other; give one of them, or none for both") }
        if inetd, let other = besideInetd {
            throw ValidationError("--inetd and \(other) contradict each other: the session is there already")
        }
        for case .tcp(let host, let port) in (listen + tlsListen).map(\.address) {
            let isIPv6 = host.contains(":")
            let isIPv4 = !isIPv6 && host.utf8.allSatisfy { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }
            guard ipv4 && isIPv6 || ipv6 && isIPv4 else { continue }
            throw ValidationError(
                "\(ipv4 ? "-4" : "-6") and --listen \(ListenAddress.tcp(host: host, port: port)) contradict each other; "
                    + "write [HOST]:PORT or give one of them")
        }
        // RFC 2033, section 5.
        if lmtp, (addresses + securedAddresses).contains(where: { $0.port == 25 }) {
            throw ValidationError("--lmtp cannot be served on port 25, which is that of SMTP; listen on another")
        }
        if portFile != nil, !(addresses + securedAddresses).contains(where: \.mayBeTCP) {
            throw ValidationError("--port-file needs a listener with a port, and --listen names UNIX sockets only")
        }
    }

    private var besideInetd: String? {
        let given: [(Bool, String)] = [
            (!listen.isEmpty, "--listen"), (!port.isEmpty, "--port"), (!tlsListen.isEmpty, "--tls-listen"),
            (portFile != nil, "--port-file"),
            (ipv4, "-4"), (ipv6, "-6"),
        ]
        return given.first(where: \.0)?.1
    }
}

extension ListenAddress {
    /// The host of a TCP address that is no wildcard.
    var host: String? {
        switch self {
        case .tcp("0.0.0.0", _), .tcp("::", _), .tcp(ListenValue.anyHost, _), .tcp(ListenValue.loopback, _), .unix,
            .descriptor:
            nil
        case .tcp(let host, _): host
        }
    }

    /// The port of a TCP address.
    var port: Int? {
        switch self {
        case .tcp(_, let port): port
        case .unix, .descriptor: nil
        }
    }

    /// Whether the address may have a port once it is known.
    fileprivate var mayBeTCP: Bool {
        switch self {
        case .tcp, .descriptor: true
        case .unix: false
        }
    }

    /// Whether the address has a port.
    var isTCP: Bool { port != nil }
}
