import CommandLineSupport
import SMTPKit

/// Senders, recipients, and chunks.
extension Interpreter {
    /// `[ADDRESS [PARAMETER ...]]`, or the sender that `:from` named.
    func sendMail(_ rest: String) throws {
        guard !rest.isEmpty else {
            guard let sender = draft.sender else {
                throw ValueError("an address is wanted, such as :mail joe@example.org, or :from before")
            }
            return try sendCommand("MAIL", "FROM:<\(sender.asciiDomain().path)>", "")
        }
        let (address, parameters) = try AddressWords.first(rest)
        try sendCommand("MAIL", "FROM:<\(address.asciiDomain().path)>", parameters)
    }

    /// `[ADDRESS [PARAMETER ...]]`, or the recipients that `:to` named.
    func sendRecipients(_ rest: String) throws {
        guard rest.isEmpty else {
            let (address, parameters) = try AddressWords.first(rest)
            guard let path = try address.asciiDomain().forwardPath else { throw ValueError("<> is no recipient") }
            return try sendCommand("RCPT", "TO:<\(path)>", parameters)
        }
        guard !draft.recipients.isEmpty else {
            throw ValueError("an address is wanted, such as :rcpt ann@example.net, or :to before")
        }
        for address in draft.recipients where dialogue.isOpen {
            guard let path = try address.asciiDomain().forwardPath else { continue }
            try sendCommand("RCPT", "TO:<\(path)>", "")
        }
    }

    /// Sends `MAIL` or `RCPT`.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when one of the parameters cannot be one, such as a second address.
    private func sendCommand(_ verb: String, _ argument: String, _ parameters: String) throws {
        for word in words(parameters) where !Self.isParameter(word) {
            let shown = SafeText.cut(SafeText.visible(word), to: 80)
            let hint = word.contains("@") ? "; :to and :rcpt without arguments take several addresses" : ""
            throw ValueError(
                "'\(shown)' after the address is no parameter; a parameter is NAME or NAME=VALUE, such as SIZE=1000\(hint)"
            )
        }
        try sendCommand("\(verb) \(argument) \(parameters)".trimmingBlanks)
    }

    /// Whether a word is a keyword, alone or followed by an equals sign (RFC 5321, section 4.1.2).
    private static func isParameter(_ word: String) -> Bool {
        ASCII.isKeyword(word.utf8.prefix { $0 != UInt8(ascii: "=") })
    }

    /// `FILE [SIZE]`: the file as it is, in chunks of SIZE bytes (RFC 3030).
    func sendChunks(_ rest: String) throws {
        let words = words(rest)
        guard 1...2 ~= words.count else {
            throw ValueError("a file and an optional chunk size are wanted, such as :bdat mail.eml 64K")
        }
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
