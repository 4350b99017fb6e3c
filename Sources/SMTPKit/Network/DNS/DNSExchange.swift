import Glibc
import SMTPCore

/// One question to one name server: over UDP, and over TCP when the answer is too long for a datagram.
///
/// Everything ends by the deadline. A datagram that does not answer the question is ignored, whoever sent it.
struct DNSExchange {
    let server: NameServer
    let question: DNSQuestion

    /// Asks, and waits for the answer.
    ///
    /// - Throws: ``ResolverError``; the name in it is that of the question.
    func ask(until deadline: ContinuousClock.Instant) throws(ResolverError) -> DNSMessage {
        let answer = try overUDP(until: deadline)
        return answer.isTruncated ? try overTCP(until: deadline) : answer
    }

    // MARK: Transports

    private func overUDP(until deadline: ContinuousClock.Instant) throws(ResolverError) -> DNSMessage {
        let socket = try connect(SOCK_DGRAM, until: deadline)
        defer { close(socket) }
        let octets = question.octets
        guard send(socket, octets, octets.count, Int32(MSG_NOSIGNAL)) == octets.count else { throw failure(errno) }
        var isMalformed = false
        while wait(socket, POLLIN, until: deadline) {
            guard let datagram = receive(socket, DNSMessage.maximumLength) else { throw failure(errno) }
            do throws(DNSMessageError) {
                let message = try DNSMessage(parsing: datagram)
                if message.answers(question) { return message }
            } catch {
                // With the right number it is the server's own answer; with another it is a stranger's.
                isMalformed = datagram.starts(with: octets[..<2])
                if isMalformed { break }
            }
        }
        throw isMalformed ? .malformedAnswer(question.name) : .timedOut(question.name)
    }

    private func overTCP(until deadline: ContinuousClock.Instant) throws(ResolverError) -> DNSMessage {
        let socket = try connect(SOCK_STREAM, until: deadline)
        defer { close(socket) }
        let octets = question.octets
        let framed = [UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets
        guard send(socket, framed, framed.count, Int32(MSG_NOSIGNAL)) == framed.count else { throw failure(errno) }
        let size = try read(socket, 2, until: deadline)
        let answer = try read(socket, Int(size[0]) << 8 | Int(size[1]), until: deadline)
        guard let message = try? DNSMessage(parsing: answer), message.answers(question), !message.isTruncated else {
            throw .malformedAnswer(question.name)
        }
        return message
    }

    private func read(
        _ socket: Int32, _ count: Int, until deadline: ContinuousClock.Instant
    ) throws(ResolverError) -> [UInt8] {
        var octets: [UInt8] = []
        while octets.count < count {
            guard wait(socket, POLLIN, until: deadline) else { throw .timedOut(question.name) }
            guard let piece = receive(socket, count - octets.count) else { throw failure(errno) }
            guard !piece.isEmpty else { throw .malformedAnswer(question.name) }
            octets += piece
        }
        return octets
    }

    // MARK: Sockets

    private func connect(
        _ type: __socket_type, until deadline: ContinuousClock.Instant
    ) throws(ResolverError) -> Int32 {
        let (family, address) = server.socketAddress
        let kind = Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let socket = socket(family, kind, 0)
        guard socket >= 0 else { throw failure(errno) }
        let result = address.withUnsafeBytes { octets in
            octets.withMemoryRebound(to: sockaddr.self) {
                Glibc.connect(socket, $0.baseAddress, socklen_t(octets.count))
            }
        }
        if result == 0 { return socket }
        var error = errno
        if error == EINPROGRESS {
            error = ETIMEDOUT
            if wait(socket, POLLOUT, until: deadline) {
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size)
            }
        }
        guard error == 0 else {
            close(socket)
            throw failure(error)
        }
        return socket
    }

    /// The next bytes; none at the end of the stream, `nil` after an error.
    private func receive(_ socket: Int32, _ count: Int) -> [UInt8]? {
        var isGood = true
        let octets = [UInt8](unsafeUninitializedCapacity: count) { space, used in
            let result = recv(socket, space.baseAddress, space.count, 0)
            isGood = result >= 0
            used = max(result, 0)
        }
        return isGood ? octets : nil
    }

    private func wait(_ socket: Int32, _ events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        var question = pollfd(fd: socket, events: Int16(events), revents: 0)
        while true {
            let left = ContinuousClock.now.duration(to: deadline).components
            guard left.seconds >= 0, left.attoseconds >= 0 else { return false }
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
            let result = poll(&question, 1, Int32(clamping: milliseconds))
            if result > 0 { return true }
            if result < 0, errno != EINTR { return false }
        }
    }

    private func failure(_ error: Int32) -> ResolverError {
        error == ETIMEDOUT
            ? .timedOut(question.name) : .unreachable(question.name, reason: String(cString: strerror(error)))
    }
}

extension NameServer {
    /// The family of the address, and its `sockaddr_in` or `sockaddr_in6`.
    fileprivate var socketAddress: (family: Int32, octets: [UInt8]) {
        var address = [UInt8](repeating: 0, count: 16)
        let family = inet_pton(AF_INET, self.address, &address) == 1 ? AF_INET : AF_INET6
        // A server can only be made of an address of one of both families.
        if family == AF_INET6 { _ = inet_pton(AF_INET6, self.address, &address) }
        let head = withUnsafeBytes(of: sa_family_t(family)) { Array($0) } + [UInt8(port >> 8), UInt8(port & 0xFF)]
        let zeros = { (count: Int) in [UInt8](repeating: 0, count: count) }
        return family == AF_INET
            ? (family, head + address[..<4] + zeros(8)) : (family, head + zeros(4) + address + zeros(4))
    }
}
