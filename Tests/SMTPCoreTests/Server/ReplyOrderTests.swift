import ProcessSupport
import SMTPCore
import Testing

/// Every command has its reply, in order, whatever is sent in one go and however it is cut.
@Suite("Replies stay in step", .timed)
struct ReplyOrderTests {
    @Test(arguments: [ServerProtocol.esmtp, .lmtp], 0..<12)
    func `a random pipeline has as many replies as commands, in any pieces`(
        serverProtocol: ServerProtocol, seed: Int
    ) {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<12 {
            var pipeline = RandomPipeline(serverProtocol)
            for _ in 0..<40 { pipeline.addStep(&random) }
            #expect(pipeline.mismatches == [])
            for longest in [1, 2, 5, 20, 200, Int.max] {
                for _ in 0..<(longest > 2 && longest < .max ? 3 : 1) {
                    let dialogue = RandomPipeline.dialogue(serverProtocol)
                    var rest = pipeline.wire[...]
                    while !rest.isEmpty {
                        let size = longest == .max ? rest.count : Int.random(in: 1...longest, using: &random)
                        dialogue.send(Array(rest.prefix(size)))
                        rest = rest.dropFirst(size)
                    }
                    guard dialogue.replies != pipeline.replies else { continue }
                    Issue.record(
                        "pieces of up to \(longest), seed \(seed): \(String(decoding: pipeline.wire, as: UTF8.self))")
                    return
                }
            }
        }
    }

    @Test func `ten thousand recipients have ten thousand replies`() {
        let dialogue = Dialogue()
        let recipients = (0..<10_000).map { "RCPT TO:<r\($0)@d.example>\r\n" }.joined()
        dialogue.send("EHLO c.example\r\nMAIL FROM:<>\r\n" + recipients + "DATA\r\n.\r\nNOOP\r\n", inPiecesOf: 1 << 16)
        let replies = dialogue.replies.split(separator: "\r\n")
        let limit = Limits().recipients
        #expect(replies.count { $0.hasPrefix("250 2.1.5 ") } == limit)
        #expect(replies.count { $0.hasPrefix("452 4.5.3 ") } == 10_000 - limit)
        #expect(replies.suffix(3).map { $0.prefix(4) } == ["354 ", "250 ", "250 "])
    }

    @Test func `whether a test of this kind would see anything amiss`() {
        var pipeline = RandomPipeline(.esmtp)
        pipeline.add("MAIL FROM:<a@b.example>", replies: 2)
        #expect(pipeline.mismatches.count == 1)
    }
}

/// Commands at random, good and bad, each with the number of replies that it must have.
private struct RandomPipeline {
    private let serverProtocol: ServerProtocol
    private let dialogue: Dialogue
    private(set) var wire: [UInt8] = []
    /// The mismatches in the number of replies.
    private(set) var mismatches: [String] = []
    /// Whether a transaction is under way, as a client knows it from the replies.
    private var isInTransaction = false
    private var recipients = 0

    var replies: String { dialogue.replies }

    init(_ serverProtocol: ServerProtocol) {
        self.serverProtocol = serverProtocol
        dialogue = Self.dialogue(serverProtocol)
        add(serverProtocol == .lmtp ? "LHLO c.example" : "EHLO c.example", replies: 1)
    }

    static func dialogue(_ serverProtocol: ServerProtocol) -> Dialogue {
        var limits = Limits()
        limits.messageSize = 1_000
        limits.recipients = 5
        limits.badCommands = .max
        let dialogue = Dialogue(
            .init(
                serverProtocol: serverProtocol, hostname: "mx.example", limits: limits,
                decisions: [.recipient, .sender]))
        dialogue.verdict = { decision in
            if case .recipient(let recipient) = decision, recipient.path.description.hasPrefix("no") {
                .reply(.mailboxNotFound)
            } else {
                .accept
            }
        }
        return dialogue
    }

    mutating func addStep(_ random: inout SeededGenerator) {
        switch Int.random(in: 0..<24, using: &random) {
        case 0..<5:
            mail(random.pick(["", " SIZE=10", " BODY=8BITMIME", " BODY=BINARYMIME", " SIZE=x", " FOO", " SIZE=9999"]))
        case 5..<11:
            recipient(random.pick(["<yes@d.example>", "<yes@d.example>", "<no@d.example>", "<@>", "<a@b> X=1"]))
        case 11: add(random.pick(["NOOP", "NOOP x", "HELP", "VRFY x", "EXPN x", "VRFY", "TURN"]), replies: 1)
        case 12:
            add(random.pick(["", "FOO", "AUTH PLAIN", "STARTTLS", "DATA now", "QUIT now", "RSET now"]), replies: 1)
        case 13: add(String(repeating: "x", count: 5_000), replies: 1)
        case 14: reset(random.pick(["RSET", serverProtocol == .lmtp ? "LHLO d.example" : "EHLO d.example"]))
        case 15..<18: data(&random)
        case _: chunk(&random)
        }
    }

    // MARK: Steps

    private mutating func mail(_ parameters: String) {
        if add("MAIL FROM:<a@b.example>\(parameters)", replies: 1).hasPrefix("250 ") {
            isInTransaction = true
            recipients = 0
        }
    }

    private mutating func recipient(_ path: String) {
        if add("RCPT TO:\(path)", replies: 1).hasPrefix("250 ") { recipients += 1 }
    }

    private mutating func reset(_ line: String) {
        add(line, replies: 1)
        isInTransaction = false
        recipients = 0
    }

    private mutating func data(_ random: inout SeededGenerator) {
        guard add("DATA", replies: 1).hasPrefix("354 ") else { return }
        let content = random.pick([
            "", "text\r\n", "..\r\nQUIT\r\n", "bare\nline\r\n", "\r.\r\n", String(repeating: "long\r\n", count: 300),
        ])
        add(Array("\(content).\r\n".utf8), replies: serverProtocol == .lmtp ? recipients : 1)
        isInTransaction = false
        recipients = 0
    }

    private mutating func chunk(_ random: inout SeededGenerator) {
        let size = random.pick([0, 1, 2, 10, 100, 2_000])
        let isLast = Bool.random(using: &random)
        let content = (0..<size).map { _ in random.pick([10, 13, 46, 65, 81, 255] as [UInt8]) }
        let isPerRecipient = serverProtocol == .lmtp && isLast && isInTransaction
        let line = "BDAT \(size)\(isLast ? " LAST" : "")\r\n"
        add(Array(line.utf8) + content, replies: isPerRecipient ? recipients : 1)
        guard isLast, recipients > 0 || isPerRecipient else { return }
        isInTransaction = false
        recipients = 0
    }

    @discardableResult
    mutating func add(_ line: String, replies: Int) -> String { add(Array("\(line)\r\n".utf8), replies: replies) }

    /// - Returns: the replies.
    @discardableResult
    private mutating func add(_ octets: [UInt8], replies: Int) -> String {
        wire += octets
        let before = dialogue.replies.utf8.count
        dialogue.send(octets)
        let answer = String(decoding: dialogue.replies.utf8.dropFirst(before), as: UTF8.self)
        let count = answer.split(separator: "\r\n").count { $0.dropFirst(3).first == " " }
        if count != replies {
            mismatches.append("\(String(decoding: octets.prefix(80), as: UTF8.self)): \(count) replies, not \(replies)")
        }
        return answer
    }
}

extension RandomNumberGenerator {
    /// One of several.
    fileprivate mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &self)]
    }
}
