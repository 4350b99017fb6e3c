import Glibc
import NIOCore
import NIOPosix

/// The least that a receiver on SwiftNIO can do: the floor under the instruction counts of every server on it.
///
/// It is to SwiftNIO what `limit.c` is to the system: it looks at the first letter of a command, finds the end of the
/// content, and answers each read with one write. No address is parsed and no limit enforced. Not a usable server.
enum BareServer {
    /// Serves until the process is ended.
    static func run(port: Int) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(BareHandler()) }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await channel.closeFuture.get()
    }
}

/// One connection.
private final class BareHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let end: StaticString = "\r\n.\r\n"

    private var isInContent = false
    /// The last bytes of content that came, of which the end may be the rest.
    private var tail: [UInt8] = []
    private var replies = ByteBuffer()

    func channelActive(context: ChannelHandlerContext) {
        replies.writeStaticString("220 bench.test\r\n")
        flush(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var isOver = false
        unwrapInboundIn(data).withUnsafeReadableBytes { octets in
            var rest = octets[...]
            while !rest.isEmpty, !isOver {
                if isInContent { skipContent(&rest) } else { isOver = answerLine(&rest) }
            }
        }
        if isOver {
            flush(context)
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { flush(context) }

    private func skipContent(_ rest: inout Slice<UnsafeRawBufferPointer>) {
        let length = Self.end.utf8CodeUnitCount
        tail.append(contentsOf: rest.prefix(length - 1))
        if let behind = position(behindEndIn: tail) {
            let known = tail.count - min(rest.count, length - 1)
            rest = rest.dropFirst(behind - known)
        } else if let behind = UnsafeRawBufferPointer(rebasing: rest).withMemoryRebound(
            to: UInt8.self, { position(behindEndIn: $0) })
        {
            rest = rest.dropFirst(behind)
        } else {
            tail = rest.count < length - 1 ? tail.suffix(length - 1) : Array(rest.suffix(length - 1))
            rest = rest.suffix(0)
            return
        }
        tail.removeAll(keepingCapacity: true)
        isInContent = false
        replies.writeStaticString("250 2.0.0 Ok\r\n")
    }

    private func position(behindEndIn octets: some Collection<UInt8>) -> Int? {
        octets.withContiguousStorageIfAvailable { octets -> Int? in
            let length = Self.end.utf8CodeUnitCount
            guard let start = octets.baseAddress, octets.count >= length else { return nil }
            var index = length - 1
            while let found = memchr(start + index, 0x0A, octets.count - index) {
                index = UnsafeRawPointer(found) - UnsafeRawPointer(start) + 1
                if memcmp(start + index - length, Self.end.utf8Start, length) == 0 { return index }
            }
            return nil
        } ?? nil
    }

    /// - Returns: whether the session is over.
    private func answerLine(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Bool {
        let first = rest[rest.startIndex]
        let line = UnsafeRawBufferPointer(rebasing: rest)
        guard let start = line.baseAddress, let lineFeed = memchr(start, 0x0A, line.count) else {
            // A line in two pieces does not happen under the loads that this is for.
            rest = rest.suffix(0)
            return false
        }
        rest = rest.dropFirst(UnsafeRawPointer(lineFeed) - start + 1)
        switch first {
        case UInt8(ascii: "D"):
            isInContent = true
            replies.writeStaticString("354 \r\n")
        case UInt8(ascii: "Q"):
            replies.writeStaticString("221 2.0.0 Bye\r\n")
            return true
        case _:
            replies.writeStaticString("250 2.0.0 Ok\r\n")
        }
        return false
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard replies.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(replies), promise: nil)
        replies.clear()
    }
}
