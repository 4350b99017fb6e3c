import NIOCore
import SMTPCore

extension Peer.Address {
    /// Where the other end of a channel is.
    init(of channel: any Channel) {
        guard let address = channel.remoteAddress else {
            self = .local
            return
        }
        if case .v4 = address {
            // A `sockaddr_in` has the port in bytes 2 and 3 and the address in 4 to 7, both in network order.
            self = address.withSockAddr { pointer, _ in
                let octets = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
                let text = Self.text((octets[4], octets[5], octets[6], octets[7]))
                return .ip(text, port: UInt16(octets[2]) << 8 | UInt16(octets[3]))
            }
            return
        }
        guard let host = address.ipAddress, let port = address.port else {
            self = .local
            return
        }
        self.init(socketAddress: host, port: UInt16(truncatingIfNeeded: port))
    }

    /// The usual text of an IPv4 address, which inet_ntop(3) would take three thousand instructions for.
    private static func text(_ octets: (UInt8, UInt8, UInt8, UInt8)) -> String {
        String(unsafeUninitializedCapacity: 15) { text in
            var end = 0
            func append(_ octet: UInt8) {
                if end > 0 {
                    text[end] = UInt8(ascii: ".")
                    end += 1
                }
                if octet >= 100 {
                    text[end] = UInt8(ascii: "0") + octet / 100
                    end += 1
                }
                if octet >= 10 {
                    text[end] = UInt8(ascii: "0") + octet / 10 % 10
                    end += 1
                }
                text[end] = UInt8(ascii: "0") + octet % 10
                end += 1
            }
            append(octets.0)
            append(octets.1)
            append(octets.2)
            append(octets.3)
            return end
        }
    }
}
