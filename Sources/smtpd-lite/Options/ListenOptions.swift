import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Where the server listens, and how it says that it does.
struct ListenOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Listen on [HOST]:PORT, PORT or unix:PATH; may be given several times.",
            discussion: "A PORT alone is on 127.0.0.1, :PORT on every address, port 0 picks a free one. "
                + "(default: 127.0.0.1:2525 and [::1]:2525)",
            valueName: "address"),
        transform: ListenValue.parse)
    var listen: [ListenAddress] = []

    @Option(
        help: ArgumentHelp(
            "Listen for connections that speak TLS from the first octet on; the addresses are written the same.",
            valueName: "address"),
        transform: ListenValue.parse)
    var tlsListen: [ListenAddress] = []

    @Flag(help: "Speak LMTP on every listener: LHLO, and one reply for each recipient. Not on port 25.")
    var lmtp = false

    @Option(
        help: ArgumentHelp("Write the port of the first TCP listener to FILE, when ready.", valueName: "file"),
        completion: .file())
    var portFile: String?

    @Option(
        help: ArgumentHelp("Write a newline to descriptor N, when ready, and close it.", valueName: "n"),
        transform: WholeNumber.parseDescriptor)
    var readyFd: Int32?

    /// The addresses asked for, or the usual ones.
    var addresses: [ListenAddress] { listen.isEmpty && tlsListen.isEmpty ? Loopback.addresses : listen }

    mutating func validate() throws {
        // RFC 2033, section 5.
        if lmtp, (addresses + tlsListen).contains(where: { $0.port == 25 }) {
            throw ValidationError("--lmtp cannot be served on port 25, which is that of SMTP; listen on another")
        }
        if portFile != nil, !(addresses + tlsListen).contains(where: \.isTCP) {
            throw ValidationError("--port-file needs a listener with a port, and --listen names UNIX sockets only")
        }
    }
}

extension ListenAddress {
    /// The host of a TCP address that is no wildcard.
    var host: String? {
        switch self {
        case .tcp("0.0.0.0", _), .tcp("::", _), .unix: nil
        case .tcp(let host, _): host
        }
    }

    /// The port of a TCP address.
    var port: Int? {
        switch self {
        case .tcp(_, let port): port
        case .unix: nil
        }
    }

    /// Whether the address has a port.
    var isTCP: Bool { port != nil }
}
