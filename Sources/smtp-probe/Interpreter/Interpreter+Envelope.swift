import CommandLineSupport
import SMTPKit

/// Senders, recipients, and chunks.
extension Interpreter {
    /// `[ADDRESS [PARAMETER ...]]`, or the sender that `:from` named.
    func sendMail(_ rest: String) throws {
        guard let text = rest.isEmpty ? draft.sender : rest else {
            throw ValueError("an address is wanted, such as :mail joe@example.org, or :from before")
        }
        try sendCommand("MAIL FROM:\(bracketed(text))")
    }

    /// `[ADDRESS [PARAMETER ...]]`, or the recipients that `:to` named.
    func sendRecipients(_ rest: String) throws {
        let recipients = rest.isEmpty ? draft.recipients : [rest]
        guard !recipients.isEmpty else {
            throw ValueError("an address is wanted, such as :rcpt ann@example.net, or :to before")
        }
        for recipient in recipients where dialogue.isOpen { try sendCommand("RCPT TO:\(bracketed(recipient))") }
    }

    /// The first word in angle brackets, unless it has them.
    private func bracketed(_ text: String) -> String {
        guard !text.hasPrefix("<") else { return text }
        let address = text.prefix { $0 != " " }
        return "<\(address)>\(text.dropFirst(address.count))"
    }

    /// `FILE [SIZE]`: the file as it is, in chunks of SIZE octets (RFC 3030).
    func sendChunks(_ rest: String) throws {
        let words = words(rest)
        guard 1...2 ~= words.count else { throw ValueError("a file is wanted, and the size of a chunk perhaps") }
        let size = words.count == 2 ? try ByteCount.parse(words[1]) : 256 << 10
        guard 1...(64 << 20) ~= size else { throw ValueError("a chunk has 1 octet to 64M") }
        let file = try ChunkFile(words[0], size)
        repeat {
            let head = "BDAT \(file.chunk.count)\(file.isLast ? " LAST" : "")\r\n"
            let octets = Array(head.utf8) + file.chunk
            let before = answers.count
            try dialogue.perform { session, output throws(SMTPError) in session.sendRaw(octets, into: &output) }
            try awaitReplies()
            // What is left of a message that was refused would only be refused again.
            guard dialogue.isOpen, answers[before...].allSatisfy({ $0.status == nil }) else { return }
        } while try file.next()
    }
}

/// A file, chunk by chunk.
private final class ChunkFile {
    private(set) var chunk: [UInt8] = []
    private var following: [UInt8] = []
    private let source: FileReader
    private let size: Int

    init(_ path: String, _ size: Int) throws {
        source = try FileReader(path: path)
        self.size = size
        following = try source.readFully(size)
        _ = try next()
    }

    /// Whether no other chunk follows.
    var isLast: Bool { following.isEmpty }

    /// Goes on to the next chunk, if there is one.
    func next() throws -> Bool {
        chunk = following
        guard !chunk.isEmpty else { return false }
        following = try source.readFully(size)
        return true
    }
}
