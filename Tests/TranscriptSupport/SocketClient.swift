import Glibc

/// A client that says exactly what it is told to, over a blocking socket.
///
/// It belongs on a thread of its own. Waiting for the server ends with an error after 45 seconds.
package final class SocketClient {
    /// A call that failed, or an answer that did not come.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let descriptor: Int32
    private var received: [UInt8] = []
    private var isOpen = true
    /// Whether the server no longer takes what is sent.
    package private(set) var isRefused = false

    /// Connects to a port of 127.0.0.1.
    package init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Failure(description: "cannot connect to port \(port): \(reason)")
        }
        setOptions()
    }

    /// Connects to a socket of the file system.
    package init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard octets.count < place.count else { return false }
            place.copyBytes(from: octets)
            return true
        }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard fits, result == 0 else {
            let reason = fits ? String(cString: strerror(errno)) : "the path is too long"
            close(descriptor)
            throw Failure(description: "cannot connect to \(path): \(reason)")
        }
        setOptions()
    }

    /// Takes over a connection that was accepted.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        setOptions()
    }

    private func setOptions() {
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { if isOpen { close(descriptor) } }

    /// Sends bytes. That the server has closed is no error here: its last words can still be read.
    package func send(_ octets: [UInt8]) {
        var sent = 0
        while sent < octets.count {
            let count = octets.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + sent }, octets.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                isRefused = true
                return
            }
            sent += count
        }
    }

    /// Sends the same bytes again and again, until the server has taken none of them for a second.
    ///
    /// - Returns: how many bytes were sent; `limit` or more when the server takes them all.
    package func sendUntilBlocked(_ octets: [UInt8], atMost limit: Int) throws -> Int {
        var total = 0
        while total < limit {
            var question = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&question, 1, 1_000) > 0 else { return total }
            let start = total % octets.count
            let count = octets.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + start }, octets.count - start,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                total += count
            } else if errno != EAGAIN {
                throw Failure(description: "cannot send: \(String(cString: strerror(errno)))")
            }
        }
        return total
    }

    /// Sends text as it is.
    package func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends a command and reads its reply.
    ///
    /// - Returns: the reply's last line.
    @discardableResult
    package func command(_ line: String) throws -> String {
        send(line + "\r\n")
        return try reply()
    }

    /// Reads a reply of one line or more.
    ///
    /// - Returns: its last line, or an empty one when the server has closed.
    @discardableResult
    package func reply() throws -> String {
        while let line = try readLine() {
            if !line.dropFirst(3).hasPrefix("-") { return line }
        }
        return ""
    }

    /// Says that nothing more will be sent.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes; with `isReset`, so that the server sees a reset.
    package func end(isReset: Bool = false) {
        guard isOpen else { return }
        isOpen = false
        if isReset {
            var lingering = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        }
        close(descriptor)
    }

    /// The next line without its CRLF, or `nil` when the server has closed.
    package func readLine() throws -> String? {
        while true {
            if let end = received.firstIndex(of: 10) {
                let line = received[..<end]
                received.removeSubrange(...end)
                return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
            }
            guard try fill() else { return nil }
        }
    }

    /// A line that has come already, or `nil`.
    package func lineIfAny() throws -> String? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) > 0 else { return nil }
        return try readLine()
    }

    /// Everything up to the end of the connection.
    package func readToEnd() throws -> String {
        while try fill() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// - Returns: whether something came, and not the end.
    private func fill() throws -> Bool {
        let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { received += buffer[..<count] }
            return count
        }
        if count < 0, errno == EAGAIN { throw Failure(description: "the server said nothing for 45 seconds") }
        return count > 0
    }
}
