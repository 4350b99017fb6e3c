import NIOCore
import SMTPCore

extension Peer.Address {
    /// Where the other end of a channel is.
    init(of channel: any Channel) {
        guard let address = channel.remoteAddress, let host = address.ipAddress, let port = address.port else {
            self = .local
            return
        }
        self.init(socketAddress: host, port: UInt16(truncatingIfNeeded: port))
    }
}
