import Glibc

/// The name servers that the system asks.
///
/// - SeeAlso: resolv.conf(5).
package struct ResolverConfiguration: Hashable, Sendable {
    /// As many servers as the C library takes.
    static let maximumServers = 3
    /// More of the file is not read.
    private static let maximumSize = 64 << 10

    /// The servers, in the order in which they are asked. There is always one.
    package var servers: [NameServer]
    /// Whether an AD bit of theirs can be relied on: the configuration says so, or all of them are on this machine.
    package var trustsAuthenticatedData: Bool

    /// Reads the text of a configuration. Without a server in it, the one of this machine is asked.
    package init(parsing text: String) {
        var servers: [NameServer] = []
        var isTrusted = false
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count > 1 else { continue }
            if words[0] == "nameserver", servers.count < Self.maximumServers {
                if let server = NameServer(address: String(words[1])) { servers.append(server) }
            }
            if words[0] == "options", words.contains("trust-ad") { isTrusted = true }
        }
        if servers.isEmpty, let local = NameServer(address: "127.0.0.1") { servers = [local] }
        self.servers = servers
        trustsAuthenticatedData =
            isTrusted || servers.allSatisfy { $0.address.hasPrefix("127.") || $0.address == "::1" }
    }

    /// The system's configuration.
    package static var system: ResolverConfiguration {
        let descriptor = open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return ResolverConfiguration(parsing: "") }
        defer { close(descriptor) }
        let octets = [UInt8](unsafeUninitializedCapacity: maximumSize) { space, count in
            count = max(read(descriptor, space.baseAddress, space.count), 0)
        }
        return ResolverConfiguration(parsing: String(decoding: octets, as: UTF8.self))
    }
}
