import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

/// The server that hooks are measured with, as a program.
@Suite("Messages taken while they come in", .blocking)
struct StreamMemoryTests {
    /// A piece that is sent again and again, in lines.
    private static let piece = Array(String(repeating: String(repeating: "x", count: 62) + "\r\n", count: 1 << 14).utf8)

    @Test(arguments: [true, false])
    func `a message of any size passes through in little memory`(inChunks: Bool) async throws {
        let server = try await ExampleProgram("bench-hooks", ["stream", "0"])
        let port = try server.port
        let figures = server.figures
        let grown = try await onThread {
            let client = try SocketClient(port: port)
            try client.reply()
            for command in ["EHLO client.example", "MAIL FROM:<> BODY=BINARYMIME", "RCPT TO:<a@b.example>"] {
                #expect(
                    try client.command(inChunks ? command : command.replacing("BINARYMIME", with: "7BIT")).first == "2")
            }
            let before = try figures.memory
            // Binary content is not looked at, so more of it takes no longer.
            let count = inChunks ? 256 : 32
            if inChunks {
                client.send("BDAT \(count * Self.piece.count) LAST\r\n")
            } else {
                #expect(try client.command("DATA").hasPrefix("354 "))
            }
            for _ in 0..<count { client.send(Self.piece) }
            if !inChunks { client.send(".\r\n") }
            #expect(try client.reply().hasPrefix("250 2.0.0 "))
            return try figures.peakMemory - before
        }
        #expect(grown < 16 << 10, "\(grown) KiB")
        try await server.stop()
    }
}
