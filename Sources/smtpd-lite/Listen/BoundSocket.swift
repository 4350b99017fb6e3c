import CommandLineSupport
import Glibc
import SMTPKit

/// A socket that is bound to its address, before anybody is listening.
///
/// The tool binds by itself and not through the server: that has to be done before privileges are given up,
/// and outputs are opened behind that.
struct BoundSocket {
    /// IPv4, IPv6 or whichever there is.
    enum Family: Sendable {
        case any, ipv4, ipv6
    }

    /// The socket as the server takes it.
    let address: ListenAddress

    /// Binds a socket, or takes one that was handed over.
    ///
    /// - Throws: ``BindError``.
    init(_ asked: ListenAddress, _ family: Family) throws {
        switch asked {
        case .tcp(let host, let port): address = .descriptor(try Self.tcp(host, port, family, asked))
        case .unix(let path): address = .descriptor(try Self.unix(path, asked))
        case .descriptor(let number):
            guard Descriptor.isListening(number) else {
                throw BindError(asked, "no socket that connections can come to; --inetd is for those that have come")
            }
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            address = asked
        }
    }

    // MARK: TCP

    private static func tcp(_ host: String, _ port: Int, _ family: Family, _ asked: ListenAddress) throws -> Int32 {
        let addresses = try resolve(host, port, family, asked)
        defer { freeaddrinfo(addresses) }
        let information = addresses.pointee
        let descriptor = try open(information.ai_family, asked)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        if family == .ipv6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size) }
        try bind(descriptor, information.ai_addr, information.ai_addrlen, asked)
        return descriptor
    }

    private static func resolve(
        _ host: String, _ port: Int, _ family: Family, _ asked: ListenAddress
    ) throws -> UnsafeMutablePointer<addrinfo> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        switch family {
        case .any: hints.ai_family = host == ListenValue.anyHost ? (Loopback.hasIPv6 ? AF_INET6 : AF_INET) : AF_UNSPEC
        case .ipv4: hints.ai_family = AF_INET
        case .ipv6: hints.ai_family = AF_INET6
        }
        var list: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(host == ListenValue.anyHost ? nil : host, "\(port)", &hints, &list)
        guard error == 0, let list else { throw BindError(asked, String(cString: gai_strerror(error))) }
        return list
    }

    // MARK: UNIX sockets

    private static func unix(_ path: String, _ asked: ListenAddress) throws -> Int32 {
        let descriptor = try open(AF_UNIX, asked)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try clear(path, pointer, size, asked)
                try bind(descriptor, pointer, size, asked)
            }
        }
        ProcessEnd.removeThen(path)
        return descriptor
    }

    /// Takes away a socket that nobody listens on any more, and nothing else.
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

    private static func open(_ family: Int32, _ asked: ListenAddress) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BindError(asked, String(cString: strerror(errno))) }
        return descriptor
    }

    private static func bind(
        _ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ size: socklen_t, _ asked: ListenAddress
    ) throws {
        guard Glibc.bind(descriptor, address, size) != 0 else { return }
        let number = errno
        close(descriptor)
        throw BindError(asked, number)
    }
}

/// An address that cannot be listened on.
struct BindError: Error, CustomStringConvertible {
    let description: String

    init(_ address: ListenAddress, _ reason: String) {
        description = "cannot listen on \(address): \(reason)"
    }

    /// - Parameter number: the system's number for the reason.
    init(_ address: ListenAddress, _ number: Int32) {
        let reason = String(cString: strerror(number))
        let port = address.port
        let remedy: String? =
            switch number {
            case EADDRINUSE where port != nil: "-l 0 picks a free port"
            case EADDRINUSE: "a server is listening there"
            case EACCES where port.map({ $0 < 1_024 }) == true:
                "ports below 1024 are for root; --user gives that up, and systemd can hand over a socket"
            case EADDRNOTAVAIL: "this machine has no such address"
            case _: nil
            }
        self.init(address, reason + (remedy.map { " (\($0))" } ?? ""))
    }
}
