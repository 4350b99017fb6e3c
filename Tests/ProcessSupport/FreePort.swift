import Foundation

/// Ports for servers that cannot let the system pick one.
package enum FreePort {
    /// The ports from which one is taken: below those that the system gives to connections, of which there are
    /// thousands in tests of load.
    private static let range = 10_000..<32_768

    /// Returns a port of 127.0.0.1 that was free for TCP and UDP a moment ago.
    ///
    /// - Throws: ``HarnessError`` when a hundred ports were taken.
    package static func find() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: range)
            if isFree(port, SOCK_STREAM), isFree(port, SOCK_DGRAM) { return port }
        }
        throw HarnessError("no free port")
    }

    private static func isFree(_ port: Int, _ kind: __socket_type) -> Bool {
        let descriptor = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        // All addresses: some servers listen on more than 127.0.0.1.
        address.sin_addr = in_addr(s_addr: 0)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
