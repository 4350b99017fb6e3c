import CommandLineSupport
import Glibc
import SMTPKit

/// Addresses to connect from.
enum SourceAddress {
    /// An IPv4 or IPv6 address, without the brackets that the latter may have.
    static func parse(_ text: String) throws -> String {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        var address = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET, bare, &address) == 1 || inet_pton(AF_INET6, bare, &address) == 1 else {
            throw ValueError("an IP address of this machine is wanted")
        }
        return bare
    }
}

/// Names of servers in certificates and handshakes.
enum ServerName {
    /// The name in ASCII, without a dot at its end.
    ///
    /// - Throws: ``ValueError`` for an empty name, and for one that has no ASCII form.
    static func parse(_ text: String) throws -> String {
        guard let name = try? DomainName.ascii(text), !name.isEmpty else {
            throw ValueError("a server name is wanted, such as mx.example.net")
        }
        return name
    }
}

/// Text that becomes part of a line of the wire.
enum WireText {
    /// The text itself.
    ///
    /// - Throws: ``ValueError`` if it has a line end: the rest would be another command.
    static func parse(_ text: String) throws -> String {
        guard !text.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) else {
            throw ValueError("neither CR, LF nor NUL may stand in it")
        }
        return text
    }
}

/// The line that a proxy puts before a connection.
///
///     PROXY TCP4 192.0.2.9 192.0.2.1 4711 25
enum ProxyHeader {
    /// The line, without its end.
    static func parse(_ text: String) throws -> String {
        let line = try WireText.parse(text)
        // The protocol's first version allows 107 octets with CRLF.
        guard line.hasPrefix("PROXY "), line.utf8.count <= 105 else {
            throw ValueError("a line of at most 105 octets is wanted that begins with PROXY and a space")
        }
        return line
    }
}

extension NameServer {
    /// An IP address with an optional port. With a port, an IPv6 address is in brackets.
    static func parse(_ text: String) throws -> NameServer {
        guard let place = HostAndPort(text), let server = NameServer(address: place.host, port: place.port ?? 53) else {
            throw ValueError("a name server is an IP address with an optional port, such as 127.0.0.1:5353")
        }
        return server
    }
}
