import CommandLineSupport
import Glibc
import SMTPKit

/// Tells whoever started the server that it is ready, in up to three ways.
struct ReadyAnnouncement {
    /// Whether a line for each listener goes to standard error.
    let saysLines: Bool
    /// The file that gets the port of the first TCP listener.
    let portFile: String?
    /// The descriptor that gets a newline.
    let descriptor: Int32?
    /// The protocol of the listeners.
    let serverProtocol: ServerProtocol
    /// How many listeners, the first ones, begin in clear; the others speak TLS from the first byte on.
    let clearCount: Int
    /// Whether a person is told what to do next.
    var tellsNextStep = false

    /// Announces listeners that are open.
    ///
    ///     listening smtp 127.0.0.1:2525
    ///     listening smtps 127.0.0.1:4650
    ///
    /// - Throws: ``SystemError`` when the file or the descriptor cannot be written.
    func announce(_ addresses: [ListenAddress], to errors: ErrorOutput) throws {
        if let portFile, let port = addresses.firstPort { try WholeFile.write("\(port)\n", to: portFile) }
        if saysLines {
            for (index, address) in addresses.enumerated() {
                errors.say("listening \(serverProtocol.scheme)\(index < clearCount ? "" : "s") \(address)")
            }
            if tellsNextStep, let first = addresses.first {
                errors.say("Send mail to \(first.reachable). Ctrl-C stops, --help explains.")
            }
            errors.flush()
        }
        if let descriptor {
            try Descriptor.write("\n", to: descriptor)
            close(descriptor)
        }
    }
}

extension ListenAddress {
    /// The address as a client on this machine writes it.
    fileprivate var reachable: String {
        switch self {
        case .tcp("127.0.0.1", let port), .tcp("::1", let port), .tcp("0.0.0.0", let port), .tcp("::", let port):
            "localhost:\(port)"
        case .tcp, .unix, .descriptor: description
        }
    }
}

extension ServerProtocol {
    /// The protocol in an address, with a final `s` for TLS.
    var scheme: String {
        switch self {
        case .smtp, .esmtp: "smtp"
        case .lmtp: "lmtp"
        }
    }
}

extension [ListenAddress] {
    /// The port of the first TCP listener.
    var firstPort: Int? {
        for case .tcp(_, let port) in self { return port }
        return nil
    }
}
