import Foundation
import ProcessSupport

/// Waiting for servers that do not say when they are ready.
enum Loopback {
    /// Waits until a port of 127.0.0.1 can be connected to.
    static func awaitListener(_ port: Int) throws {
        let isThere = try Self.until {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
        guard isThere else { throw HarnessError("nothing listens on port \(port)") }
    }

    /// Asks again until something is so.
    ///
    /// - Returns: whether it became so in good time.
    static func until(_ isDone: () throws -> Bool) throws -> Bool {
        let patience = ContinuousClock.now + .seconds(Patience.seconds)
        while try !isDone() {
            guard ContinuousClock.now < patience else { return false }
            // Nothing to wait for is named, so this yields the processor for a moment.
            poll(nil, 0, 10)
        }
        return true
    }
}
