import NIOCore
import NIOEmbedded
import ProcessSupport
import SMTPCore
import SMTPTLS
import Testing

@testable import SMTPKit

@Suite("TLS handler", .timed)
struct TLSHandlerTests {
    @Test
    func `the handshake is told to both ends, and text passes`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.run()
        #expect(pair.serverEnd.established?.version == "TLSv1.3")
        #expect(pair.serverEnd.established == pair.clientEnd.established)
        pair.client.writeAndFlush(ByteBuffer(string: "EHLO a\r\n"), promise: nil)
        pair.server.writeAndFlush(ByteBuffer(string: "220 b\r\n"), promise: nil)
        pair.run()
        #expect(pair.serverEnd.text == Array("EHLO a\r\n".utf8))
        #expect(pair.clientEnd.text == Array("220 b\r\n".utf8))
        #expect(pair.serverEnd.failures.isEmpty)
    }

    @Test
    func `writes before the handshake wait for it`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        let promise = pair.client.eventLoop.makePromise(of: Void.self)
        pair.client.write(ByteBuffer(string: "EHLO "), promise: nil)
        pair.client.write(ByteBuffer(string: "a\r\n"), promise: promise)
        pair.client.flush()
        pair.run()
        #expect(pair.serverEnd.text == Array("EHLO a\r\n".utf8))
        #expect(pair.serverEnd.reads == 1)
        try promise.futureResult.wait()
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `a greeting leaves with the end of the handshake`(version: TLSVersion) throws {
        let pair = try TLSChannelPair(TLSTestContexts { server, _ in server.maximumVersion = version })
        pair.serverEnd.greeting = "220 mail.example ESMTP\r\n"
        pair.pass(from: pair.client, to: pair.server)
        pair.pass(from: pair.server, to: pair.client)
        for write in pair.outbound(of: pair.client) { try pair.server.writeInbound(write) }
        let answers = pair.outbound(of: pair.server)
        #expect(answers.count == 1)
        for answer in answers { try pair.client.writeInbound(answer) }
        #expect(pair.clientEnd.text == Array("220 mail.example ESMTP\r\n".utf8))
    }

    @Test
    func `small writes between two flushes make one record`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.run()
        for _ in 0..<100 { pair.server.write(ByteBuffer(string: "250 Ok\r\n"), promise: nil) }
        pair.server.flush()
        let writes = pair.outbound(of: pair.server)
        #expect(writes.map { $0.readableBytes } == [800 + 22])
    }

    @Test
    func `large writes arrive whole, in one write and few reads`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.run()
        let text = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let promise = pair.client.eventLoop.makePromise(of: Void.self)
        pair.client.writeAndFlush(ByteBuffer(bytes: text), promise: promise)
        var writes = pair.outbound(of: pair.client)
        #expect(writes.count == 1)
        try promise.futureResult.wait()
        while let slice = writes[0].readSlice(length: min(65_536, max(writes[0].readableBytes, 1))) {
            try pair.server.writeInbound(slice)
        }
        #expect(pair.serverEnd.text == text)
        #expect(pair.serverEnd.reads <= 3_100_000 / 65_536 + 1)
    }

    @Test
    func `a close_notify is the end of input, said once, and writing still works`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.run()
        pair.client.close(mode: .output, promise: nil)
        pair.pass(from: pair.client, to: pair.server)
        #expect(pair.serverEnd.inputClosedCount == 1)
        pair.server.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(pair.serverEnd.inputClosedCount == 1)
        pair.server.writeAndFlush(ByteBuffer(string: "221 Bye\r\n"), promise: nil)
        #expect(pair.outbound(of: pair.server).count == 1)
        pair.server.pipeline.fireChannelInactive()
        #expect(pair.serverEnd.failures.isEmpty)
    }

    @Test
    func `closing says goodbye to the peer`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.run()
        pair.server.close(promise: nil)
        pair.pass(from: pair.server, to: pair.client)
        #expect(pair.clientEnd.inputClosedCount == 1)
        #expect(pair.serverEnd.failures.isEmpty)
        #expect(pair.serverEnd.isInactive)
    }

    @Test
    func `a connection that ends without close_notify is truncated`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.run()
        pair.server.pipeline.fireChannelInactive()
        #expect(pair.serverEnd.failures == [.truncated])
        #expect(pair.serverEnd.isInactive)
    }

    @Test
    func `a half-closed socket without close_notify is truncated, and closed`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.run()
        pair.server.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(pair.serverEnd.failures == [.truncated])
        #expect(!pair.server.isActive)
    }

    @Test
    func `a connection that ends in the handshake is told apart`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.pass(from: pair.client, to: pair.server)
        pair.server.pipeline.fireChannelInactive()
        #expect(pair.serverEnd.failures == [.interruptedHandshake])
    }

    @Test
    func `garbage for a hello fails, sends an alert and closes`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        let promise = pair.server.eventLoop.makePromise(of: Void.self)
        pair.server.writeAndFlush(ByteBuffer(string: "never"), promise: promise)
        try pair.server.writeInbound(ByteBuffer(string: "\u{16}\u{3}\u{1}\u{0}\u{4}abcdEHLO a.example\r\n"))
        guard pair.serverEnd.failures.first?.code == .handshake else {
            Issue.record("\(pair.serverEnd.failures)")
            return
        }
        #expect(pair.serverEnd.text.isEmpty)
        #expect(!pair.server.isActive)
        #expect(pair.outbound(of: pair.server).first?.getInteger(at: 0, as: UInt8.self) == 21)
        #expect(throws: TLSFailure.self) { try promise.futureResult.wait() }
    }

    @Test
    func `a replayed record fails, and no text of it is passed on`() throws {
        let pair = try TLSChannelPair(TLSTestContexts())
        pair.run()
        pair.client.writeAndFlush(ByteBuffer(string: "RSET\r\n"), promise: nil)
        for write in pair.outbound(of: pair.client) {
            try pair.server.writeInbound(write)
            try pair.server.writeInbound(write)
        }
        #expect(pair.serverEnd.text == Array("RSET\r\n".utf8))
        #expect(pair.serverEnd.failures.count == 1)
        #expect(!pair.server.isActive)
    }

    @Test
    func `a client refuses a server with another name and says so`() throws {
        let pair = try TLSChannelPair(TLSTestContexts(), serverName: "other.example")
        pair.run()
        #expect(
            pair.clientEnd.failures == [
                .certificate(.wrongName(expected: "other.example", found: ["mail.example"]))
            ]
        )
        #expect(pair.serverEnd.failures.count == 1)
        #expect(!pair.client.isActive && !pair.server.isActive)
    }

    @Test
    func `it can be put into a running pipeline`() throws {
        let contexts = try TLSTestContexts()
        let server = EmbeddedChannel()
        let end = Recorder()
        try server.pipeline.syncOperations.addHandler(end)
        server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 25), promise: nil)
        try server.writeInbound(ByteBuffer(string: "STARTTLS\r\n"))
        try server.pipeline.syncOperations.addHandler(TLSHandler(server: contexts.server), position: .before(end))
        let client = EmbeddedChannel()
        let clientEnd = Recorder()
        try client.pipeline.syncOperations.addHandlers([
            TLSHandler(client: contexts.client, serverName: "mail.example"), clientEnd,
        ])
        client.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 25), promise: nil)
        for _ in 0..<3 {
            while let write = try client.readOutbound(as: ByteBuffer.self) { try server.writeInbound(write) }
            while let write = try server.readOutbound(as: ByteBuffer.self) { try client.writeInbound(write) }
        }
        #expect(end.established != nil)
        #expect(clientEnd.established != nil)
    }
}
