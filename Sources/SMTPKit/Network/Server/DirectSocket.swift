import Glibc
import NIOCore

/// The socket of a connection, for replies that go past the pipeline.
///
/// A reply is short, and nearly always there is room for it at once: then one system call is all that it needs.
/// SwiftNIO's own way of a write takes thousands of instructions more. It is taken by what finds no room, and by every
/// connection with a handler in front. Nothing may go this way while something waits in the pipeline, or its order
/// would be lost.
struct DirectSocket {
    private let descriptor: NIOBSDSocket.Handle

    /// The socket of a channel that is active; `nil` for a channel that is none, such as a pair of pipes.
    init?(_ context: ChannelHandlerContext) {
        // What `withUnsafeTransportIfAvailable(of:)` does, without its cast to a protocol of which the transport is
        // known: that alone would cost each session as much as three replies.
        guard let core = context.channel._channelCore as? any NIOTransportAccessibleChannelCore,
            let descriptor = Self.descriptor(of: core)
        else { return nil }
        self.descriptor = descriptor
    }

    private static func descriptor(of core: some NIOTransportAccessibleChannelCore) -> NIOBSDSocket.Handle? {
        do {
            return try core.withUnsafeTransport { $0 as? NIOBSDSocket.Handle }
        } catch {
            return nil
        }
    }

    /// Sends as many bytes as there is room for, without waiting.
    ///
    /// - Returns: how many; less than 0 for an error, which the pipeline will meet as well.
    func send(_ octets: [UInt8]) -> Int {
        octets.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
