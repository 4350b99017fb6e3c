import Foundation
import ProcessSupport
import SMTPKit
import Testing

@Suite("Message content", .timed)
struct MessageContentTests {
    static func pieces(_ content: MessageContent) throws -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        try content.forEachChunk { pieces.append(Array($0)) }
        return pieces
    }

    static func octets(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    @Test(arguments: [0, 1, 262_143, 262_144, 262_145, 700_000])
    func `a spooled content comes back in pieces of bounded size`(size: Int) throws {
        let octets = Self.octets(size)
        let file = try SpoolFile()
        for start in stride(from: 0, to: size, by: 100_000) {
            try file.append(octets[start..<min(start + 100_000, size)].span)
        }
        let content = MessageContent.spooled(file)
        #expect(content.count == UInt64(size))
        let pieces = try Self.pieces(content)
        #expect(pieces.allSatisfy { $0.count <= MessageContent.chunkSize && !$0.isEmpty })
        #expect(pieces.reduce([], +) == octets)
    }

    @Test
    func `content in memory comes in one piece, what was discarded in none`() throws {
        #expect(try Self.pieces(.memory([1, 2, 3])) == [[1, 2, 3]])
        #expect(try Self.pieces(.memory([])) == [])
        #expect(try Self.pieces(.discarded(count: 9)) == [])
        #expect(MessageContent.discarded(count: 9).count == 9)
    }

    @Test
    func `an error ends the reading`() throws {
        struct Stop: Error {}
        let file = try SpoolFile()
        try file.append(Self.octets(600_000).span)
        var count = 0
        #expect(throws: Stop.self) {
            try MessageContent.spooled(file).forEachChunk { _ in
                count += 1
                throw Stop()
            }
        }
        #expect(count == 1)
    }

    @Test(arguments: [0, 1, 5, 6, 100])
    func `the first octets are the same wherever the content lies`(limit: Int) throws {
        let file = try SpoolFile()
        try file.append(Array("hello!".utf8).span)
        let expected = Array("hello!".utf8.prefix(limit))
        #expect(try MessageContent.spooled(file).prefix(limit) == expected)
        #expect(try MessageContent.memory(Array("hello!".utf8)).prefix(limit) == expected)
    }

    @Test
    func `a spool file has no name`() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("spool-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = try SpoolFile(directory: directory.path)
        try file.append([1, 2, 3].span)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
        #expect(file.count == 3)
    }

    @Test
    func `a directory that is not there is named in the error`() {
        let error = #expect(throws: StoreError.self) { try SpoolFile(directory: "/nowhere/at/all") }
        #expect(error?.description == "/nowhere/at/all: cannot make a spool file: No such file or directory")
        #expect(error?.isFull == false)
    }

    @Test
    func `the header is read from memory and from a spool file alike`() throws {
        let octets = Array("Subject: a\r\n b\r\nX: y\r\n\r\nZ: body\r\n".utf8)
        let file = try SpoolFile()
        try file.append(octets.span)
        for content in [MessageContent.memory(octets), .spooled(file)] {
            let message = Message(
                envelope: Envelope(reversePath: .null),
                peer: Peer(address: .local, serverName: "mx"),
                id: QueueID(rawValue: "1"),
                receivedAt: Timestamp(seconds: 0),
                content: content
            )
            let header = try message.header
            #expect(header.fields.map(\.name) == ["Subject", "X"])
            #expect(header["subject"]?.value == "a b")
        }
    }
}
