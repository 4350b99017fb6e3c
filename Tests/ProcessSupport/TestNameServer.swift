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
            let port = try freePort()
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

    /// A port of 127.0.0.1 that was free for UDP a moment ago.
    package static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0 else { throw HarnessError("no free port: \(String(cString: strerror(errno)))") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
