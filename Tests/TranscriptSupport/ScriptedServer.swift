import Foundation

/// A server that says exactly what it is told to, on a free port of 127.0.0.1.
///
/// Each connection has the script run for it, on a thread of its own; at the end of the script it is closed.
package final class ScriptedServer: Sendable {
    /// The port that it listens on.
    package let port: Int
    private let descriptor: Int32

    /// Starts the server. An error of the script's ends its connection: the client's test notices.
    package init(_ script: @escaping @Sendable (SocketClient) throws -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard result else {
            throw SocketClient.Failure(description: "cannot listen: \(String(cString: strerror(errno)))")
        }
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread {
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                Thread.detachNewThread {
                    let client = SocketClient(descriptor: connection)
                    try? script(client)
                    client.end()
                }
            }
            close(descriptor)
        }
    }

    /// Starts a server that answers commands in turn: each reply is sent when a line has come, the first one at once.
    /// Then it waits for the client to close.
    package convenience init(replies: [String]) throws {
        try self.init { client in
            for (index, reply) in replies.enumerated() {
                if index > 0 { guard try client.readLine() != nil else { return } }
                client.send(reply)
            }
            while try client.readLine() != nil {}
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
