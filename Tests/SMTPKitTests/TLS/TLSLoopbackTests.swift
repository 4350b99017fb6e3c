import NIOCore
import NIOPosix
import ProcessSupport
import SMTPCore
import SMTPTLS
import Testing

@testable import SMTPKit

/// Sends everything back, and pauses reading while the client does not take it.
private final class Echo: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        context.channel.setOption(.autoRead, value: isWritable).whenComplete { _ in }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

/// Compares what comes and says how the connection ended.
private final class Sink: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let expected: ByteBuffer
    private let done: EventLoopPromise<Bool>
    private var received = ByteBuffer()
    private var isDone = false

    init(expecting expected: ByteBuffer, done: EventLoopPromise<Bool>) {
        self.expected = expected
        self.done = done
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        if received.readableBytes >= expected.readableBytes { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isDone = true
        done.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone { done.succeed(received == expected) }
    }
}

@Suite("TLS over loopback", .timed)
struct TLSLoopbackTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    private func listen(_ context: TLSContext) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([TLSHandler(server: context), Echo()])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    @Test(arguments: [TLSVersion.tls12, .tls13], [1, 16_384, 5_000_000])
    func `what is sent comes back`(version: TLSVersion, size: Int) async throws {
        let contexts = try TLSTestContexts { server, _ in server.maximumVersion = version }
        let listener = try await listen(contexts.server)
        let address = try #require(listener.localAddress)
        let done = group.next().makePromise(of: Bool.self)
        let text = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 % 251) })
        let client = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(client: contexts.client, serverName: "mail.example"),
                        Sink(expecting: text, done: done),
                    ])
                }
            }
            .connect(to: address).get()
        client.writeAndFlush(text, promise: nil)
        #expect(try await done.futureResult.get())
        try await listener.close()
    }

    @Test
    func `a handshake that stalls stays until its owner closes it`() async throws {
        let contexts = try TLSTestContexts()
        let done = group.next().makePromise(of: Bool.self)
        // The server never answers: it is a listener that does not read its connections.
        let silent = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        let client = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(client: contexts.client, serverName: nil),
                        Sink(expecting: ByteBuffer(string: "x"), done: done),
                    ])
                }
            }
            .connect(to: try #require(silent.localAddress)).get()
        let promise = client.eventLoop.makePromise(of: Void.self)
        client.writeAndFlush(ByteBuffer(string: "x"), promise: promise)
        try await client.close()
        await #expect(throws: (any Error).self) { try await promise.futureResult.get() }
        #expect(try await done.futureResult.get() == false)
        try await silent.close()
    }
}
