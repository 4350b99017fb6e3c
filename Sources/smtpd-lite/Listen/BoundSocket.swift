import CommandLineSupport
import Glibc
import SMTPKit

/// Sockets that are bound to their addresses, before the server listens on them.
///
/// The tool binds by itself and not through the server: that has to be done before privileges are given up,
/// and outputs are opened after that.
enum BoundSocket {
    /// IPv4, IPv6 or whichever there is.
    enum Family: Sendable {
        case any, ipv4, ipv6
    }

    /// Binds sockets to an address, which may be a name with several, or takes one that was handed over.
    ///
    /// - Returns: the sockets as the server takes them.
    /// - Throws: ``BindError``.
    static func bind(_ value: ListenValue, _ family: Family) throws -> [ListenAddress] {
        switch value.address {
        case .tcp(let host, let port): return try tcp(host, port, family).map { .descriptor($0) }
        case .unix(let path): return [.descriptor(try unix(path, value.mode, value.address))]
        case .descriptor(let number):
            guard Descriptor.isListening(number) else {
                throw BindError(
                    value.address, "no socket that connections can come to; --inetd is for those that have come")
            }
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            return [value.address]
        }
    }

    // MARK: TCP

    /// How often a free port is looked for that all addresses of a name have.
    private static let attempts = 20

    private static func tcp(_ host: String, _ port: Int, _ family: Family) throws(BindError) -> [Int32] {
        let hosts = host == ListenValue.loopback ? Loopback.hosts(family) : [host]
        var addresses: [TCPAddress] = []
        for host in hosts { addresses += try TCPAddress.resolve(host, port, family) }
        var failure: BindError?
        for _ in 0..<(port == 0 ? attempts : 1) {
            do {
                return try bindAll(addresses, family)
            } catch {
                failure = error
                // The port that was free at one address is taken at another.
                guard error.number == EADDRINUSE else { break }
            }
        }
        throw failure ?? BindError(.tcp(host: host, port: port), "the name has no address")
    }

    /// Binds a socket to each address, all with the port of the first. An address that the machine does not have is
    /// left out if there are others.
    private static func bindAll(_ addresses: [TCPAddress], _ family: Family) throws(BindError) -> [Int32] {
        var sockets: [Int32] = []
        var failure: BindError?
        var port: in_port_t?
        for address in addresses {
            do {
                let socket = try bind(port.map { address.with(port: $0) } ?? address, family)
                sockets.append(socket)
                port = port ?? TCPAddress.port(of: socket)
            } catch {
                failure = error
                if error.number == EADDRNOTAVAIL || error.number == EAFNOSUPPORT { continue }
                for socket in sockets { close(socket) }
                throw error
            }
        }
        if sockets.isEmpty, let failure { throw failure }
        return sockets
    }

    private static func bind(_ address: TCPAddress, _ family: Family) throws(BindError) -> Int32 {
        let descriptor = try open(address.family, address.asked)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        if family == .ipv6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size) }
        let number = address.withSocketAddress { Glibc.bind(descriptor, $0, $1) == 0 ? 0 : errno }
        guard number == 0 else {
            close(descriptor)
            throw BindError(address.asked, number)
        }
        return descriptor
    }

    // MARK: UNIX sockets

    private static func unix(_ path: String, _ mode: UInt32?, _ asked: ListenAddress) throws -> Int32 {
        let descriptor = try open(AF_UNIX, asked)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try clear(path, pointer, size, asked)
                // Until it has its mode, clients cannot connect.
                let mask = mode.map { _ in umask(0o777) }
                defer { if let mask { umask(mask) } }
                guard Glibc.bind(descriptor, pointer, size) == 0 else {
                    let number = errno
                    close(descriptor)
                    throw BindError(asked, number)
                }
            }
        }
        ProcessEnd.removeThen(path)
        if let mode, chmod(path, mode) != 0 { throw BindError(asked, errno) }
        return descriptor
    }

    /// Removes a socket that has no listener any more, and nothing else.
    private static func clear(
        _ path: String, _ address: UnsafePointer<sockaddr>, _ size: socklen_t, _ asked: ListenAddress
    ) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw BindError(asked, "there is a file that is no socket") }
        let client = try open(AF_UNIX, asked)
        defer { close(client) }
        guard connect(client, address, size) != 0, errno == ECONNREFUSED else {
            throw BindError(asked, EADDRINUSE)
        }
        unlink(path)
    }

    // MARK: Calls

    private static func open(_ family: Int32, _ asked: ListenAddress) throws(BindError) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BindError(asked, errno) }
        return descriptor
    }
}

/// An address that cannot be listened on.
struct BindError: Error, CustomStringConvertible {
    let description: String
    /// The system's number for the reason, if it has one.
    let number: Int32?

    init(_ address: ListenAddress, _ reason: String) {
        description = "cannot listen on \(address): \(reason)"
        number = nil
    }

    init(_ address: ListenAddress, _ number: Int32) {
        var hint = ""
        if case .tcp(_, let port) = address {
            switch number {
            case EADDRINUSE: hint = " (-p 0 picks a free port)"
            case EACCES where port < 1024: hint = " (ports below 1024 are for root; see --user)"
            case _: break
            }
        }
        description = "cannot listen on \(address): \(String(cString: strerror(number)))\(hint)"
        self.number = number
    }
}
