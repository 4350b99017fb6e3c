import CommandLineSupport
import Glibc
import SMTPKit

/// The sockets that systemd(1) hands to a service it starts, or anybody else who keeps to its convention.
///
/// `LISTEN_PID` says to whom, `LISTEN_FDS` how many from descriptor 3 on, and `LISTEN_FDNAMES` their names: one
/// called `smtps` speaks TLS from the first byte on.
///
/// - SeeAlso: sd_listen_fds(3).
struct HandedSockets: Sendable {
    var clear: [ListenAddress] = []
    var secured: [ListenAddress] = []

    /// Whether there are none.
    var isEmpty: Bool { clear.isEmpty && secured.isEmpty }

    /// Those of this process; a program that it starts does not see them.
    static let ofThisProcess: HandedSockets = {
        let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) } }
        guard environment("LISTEN_PID") == "\(getpid())", let text = environment("LISTEN_FDS"),
            let count = WholeNumber.parse(text), 1...1_000 ~= count
        else { return HandedSockets() }
        let names = (environment("LISTEN_FDNAMES") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        return (0..<count).reduce(into: HandedSockets()) { sockets, index in
            let address = ListenAddress.descriptor(3 + Int32(index))
            if index < names.count, names[index] == "smtps" {
                sockets.secured.append(address)
            } else {
                sockets.clear.append(address)
            }
        }
    }()
}
