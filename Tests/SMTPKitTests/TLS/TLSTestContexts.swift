import NIOCore
import NIOEmbedded
import SMTPTLS

@testable import SMTPKit

/// A server's and a client's context that trust each other.
struct TLSTestContexts {
    let server: TLSContext
    let client: TLSContext

    init(change: (_ server: inout TLSConfiguration, _ client: inout TLSConfiguration) -> Void = { _, _ in }) throws {
        let identity = try TLSIdentity.selfSigned(names: ["mail.example"])
        var server = TLSConfiguration.server(identity)
        var client = TLSConfiguration.client()
        client.trust = .certificates(.bytes(Array(identity.certificatePEM.utf8)))
        change(&server, &client)
        self.server = try TLSContext(server)
        self.client = try TLSContext(client)
    }
}

/// Writes down what reaches the end of a pipeline.
final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var text: [UInt8] = []
    private(set) var reads = 0
    private(set) var established: Peer.TLSProperties?
    private(set) var inputClosedCount = 0
    private(set) var failures: [TLSFailure] = []
    private(set) var isInactive = false
    /// The text that is written as soon as the handshake is done.
    var greeting: String?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reads += 1
        text.append(contentsOf: unwrapInboundIn(data).readableBytesView)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSEvent, case .established(let properties) = event {
            established = properties
            if let greeting {
                context.writeAndFlush(NIOAny(ByteBuffer(string: greeting)), promise: nil)
            }
        }
        if let event = event as? ChannelEvent, event == .inputClosed { inputClosedCount += 1 }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? TLSFailure { failures.append(failure) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isInactive = true
    }
}

/// Two channels in memory with TLS between them.
struct TLSChannelPair {
    let server: EmbeddedChannel
    let client: EmbeddedChannel
    let serverEnd = Recorder()
    let clientEnd = Recorder()
    let serverHandler: TLSHandler

    init(_ contexts: TLSTestContexts, serverName: String = "mail.example") throws {
        serverHandler = try TLSHandler(server: contexts.server)
        server = EmbeddedChannel()
        client = EmbeddedChannel()
        try server.pipeline.syncOperations.addHandlers([serverHandler, serverEnd])
        try client.pipeline.syncOperations.addHandlers([
            TLSHandler(client: contexts.client, serverName: serverName), clientEnd,
        ])
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 25)
        server.connect(to: address, promise: nil)
        client.connect(to: address, promise: nil)
    }

    /// Passes ciphertext back and forth until there is none.
    func run() {
        while true {
            let isServerDone = pass(from: client, to: server) == 0
            let isClientDone = pass(from: server, to: client) == 0
            if isServerDone, isClientDone { return }
        }
    }

    /// - Returns: How many writes were passed on.
    @discardableResult
    func pass(from: EmbeddedChannel, to: EmbeddedChannel) -> Int {
        let writes = outbound(of: from)
        for write in writes where to.isActive { _ = try? to.writeInbound(write) }
        return writes.count
    }

    func outbound(of channel: EmbeddedChannel) -> [ByteBuffer] {
        var writes: [ByteBuffer] = []
        while let write = try? channel.readOutbound(as: ByteBuffer.self) { writes.append(write) }
        return writes
    }
}
