import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Chunks", .timed)
struct ChunkTests {
    private static let hello = "EHLO client.example\r\n"
    private static let envelope = "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"
    private static let content = "Subject: x\r\n\r\n.\r\n..\r\n\r\nlast\r\n"

    /// The content in chunks of at most `size` bytes, the last of them marked.
    private func chunked(_ content: [UInt8], by size: Int) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = content[...]
        while !rest.isEmpty {
            let piece = rest.prefix(size)
            rest = rest.dropFirst(size)
            octets += Array("BDAT \(piece.count)\(rest.isEmpty ? " LAST" : "")\r\n".utf8) + piece
        }
        return octets
    }

    @Test(arguments: 1...32)
    func `where chunks are cut makes no difference`(size: Int) {
        let wire = Array((Self.hello + Self.envelope).utf8) + chunked(Array(Self.content.utf8), by: size)
        for piece in [1, 2, 3, 7, wire.count] {
            let dialogue = Dialogue()
            dialogue.send(wire, inPiecesOf: piece)
            dialogue.send("NOOP\r\n")
            #expect(dialogue.messages == [Self.content])
            #expect(dialogue.replies.hasSuffix("\r\n250 2.0.0 Ok\r\n"))
        }
    }

    @Test func `a large message passes without being kept`() {
        let dialogue = Dialogue()
        let line = String(repeating: "x", count: 78) + "\r\n"
        let content = String(repeating: line, count: 1 << 17)
        dialogue.send(Self.hello + Self.envelope + "BDAT \(content.utf8.count) LAST\r\n")
        dialogue.send(Array(content.utf8), inPiecesOf: 1 << 16)
        #expect(dialogue.messages.first == content)
        let waiting = dialogue.session.waitingInputCount
        #expect(waiting == 0)
    }

    @Test func `octets of a refused chunk are counted off, not kept`() {
        let dialogue = Dialogue()
        dialogue.send(Self.hello + "BDAT 1000000\r\n")
        dialogue.send([UInt8](repeating: 10, count: 999_999), inPiecesOf: 1 << 16)
        #expect(dialogue.output.content.isEmpty)
        let isReading = dialogue.session.isReceivingContent
        #expect(isReading)
        #expect(!dialogue.replies.contains("503"))
        dialogue.send("\nNOOP\r\n")
        #expect(dialogue.replies.hasSuffix("503 5.5.1 Send MAIL first\r\n250 2.0.0 Ok\r\n"))
    }

    @Test func `a chunk that will be refused may be as large as the limit says, or as a message may be`() {
        for (size, messageSize, isRead) in [
            (1_000, 10, true), (1_001, 10, false), (2_000, 2_000, true), (2_001, 2_000, false), (1 << 40, nil, true),
        ] as [(Int, Int?, Bool)] {
            var limits = Limits()
            limits.discardedChunk = 1_000
            limits.messageSize = messageSize
            let dialogue = Dialogue(.init(hostname: "mx.example", banner: "", limits: limits))
            dialogue.send(Self.hello + Self.envelope + "BDAT \(size) LAST\r\n")
            #expect(dialogue.isClosed == !isRead, "\(size)")
            let isReading = dialogue.session.isReceivingContent
            #expect(isReading == isRead)
        }
    }

    @Test func `content in chunks that come to nothing is void`() {
        for end in ["RSET\r\n", "EHLO again.example\r\n", "QUIT\r\n"] {
            var session = ServerSession(
                configuration: .init(hostname: "mx.example"),
                peer: Peer(address: .local, serverName: "mx.example"))
            var output = ServerOutput()
            session.start(into: &output)
            session.receive(Array((Self.hello + Self.envelope + "BDAT 3\r\nabc").utf8).span, into: &output)
            #expect(output.content == Array("abc".utf8))
            session.receive(Array(end.utf8).span, into: &output)
            #expect(output.content.isEmpty)
            #expect(output.isContentDropped)
        }
    }

    @Test func `a deadline or the client's end between chunks leaves nothing`() {
        for ending in [true, false] {
            let dialogue = Dialogue()
            dialogue.send(Self.hello + Self.envelope + "BDAT 3\r\nabc")
            if ending {
                dialogue.session.deadlinePassed(into: &dialogue.output)
            } else {
                dialogue.session.inputClosed(into: &dialogue.output)
            }
            #expect(dialogue.output.isContentDropped)
            let isClosed = dialogue.session.isClosed
            #expect(isClosed)
        }
    }

    @Test func `the dialogue is shown with the size of each chunk`() {
        var session = ServerSession(
            configuration: .init(hostname: "mx.example", isTraced: true),
            peer: Peer(address: .local, serverName: "mx.example"))
        var output = ServerOutput()
        session.start(into: &output)
        session.receive(Array((Self.hello + Self.envelope + "BDAT 3\r\nabcBDAT 0 LAST\r\n").utf8).span, into: &output)
        let shown = output.trace.filter { entry in
            switch entry {
            case .client(let line): line.hasPrefix("BDAT")
            case .content: true
            case .server, .bareNewlines: false
            }
        }
        #expect(shown == [.client("BDAT 3"), .content(3), .client("BDAT 0 LAST"), .content(0)])
    }
}
