import Foundation

/// A `dnsmasq` on loopback that answers for given names, refuses all others, and asks no other server.
package final class TestNameServer: Sendable {
    private let process: Companion
    /// The port on 127.0.0.1 and ::1, for UDP and TCP.
    package let port: Int

    /// The value for `--resolver`.
    package var endpoint: String { "127.0.0.1:\(port)" }

    /// Starts a name server, and returns when it answers.
    ///
    /// - Parameter options: what it knows: `--mx-host=example.test,mx.example.test,10`,
    ///   `--host-record=mx.example.test,192.0.2.1`, `--local=/example.test/` for `NXDOMAIN` where nothing is known.
    package static func start(_ options: [String]) async throws -> TestNameServer {
        // dnsmasq cannot let the system pick a port, so another program may be faster.
        for _ in 0..<10 {
            let port = try FreePort.find()
            let words = [
                "--keep-in-foreground", "--port=\(port)", "--listen-address=127.0.0.1,::1", "--bind-interfaces",
                "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--no-dhcp-interface=lo", "--user=", "--group=",
                "--pid-file=", "--log-facility=-",
            ]
            let process = try Companion(
                "sh", ["-c", "exec \"$@\" 2>&1", "sh", "dnsmasq"] + words + options)
            while case let line = try await process.line(), !line.isEmpty {
                if line.contains("started") { return TestNameServer(process, port) }
                if line.contains("ddress already in use") { break }
                if line.contains("bad ") || line.contains("error") { throw HarnessError(line) }
            }
        }
        throw HarnessError("no port for dnsmasq")
    }

    private init(_ process: Companion, _ port: Int) {
        self.process = process
        self.port = port
    }

    /// Sends it a signal: `SIGKILL`, after which nothing listens, or `SIGSTOP`, after which it is silent.
    package func signal(_ number: Int32) { kill(process.processIdentifier, number) }
}
