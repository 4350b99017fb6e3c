import CommandLineSupport
import NIOCore
import SMTPKit

/// The content of every message of a run, encoded once for the wire.
///
/// It is a list of pieces of at most 256 KiB, several of which may share their memory, so that a message of any size
/// takes little of it. A generated message has a `Message-ID` of its own, at a fixed place in the first piece.
struct LoadContent {
    /// The largest piece, in bytes.
    static let pieceSize = 256 << 10
    /// The largest file, in bytes.
    static let largestFile = 256 << 20

    /// The pieces in their order. For `DATA`, the last one ends with the final dot.
    let pieces: [ByteBuffer]
    /// The facts of the content, for `SIZE` and `BODY`.
    let facts: ContentFacts
    /// The size of the content in bytes, with CRLF line ends and without doubled dots.
    let size: Int
    /// The size of all pieces, in bytes.
    let encodedSize: Int
    /// The place of the number in the first piece; `nil` for content that is the same in every message.
    private let numberPlace: Int?

    private static let numberLength = 12

    /// Encodes a message that was given.
    init(message: [UInt8], as transfer: Transaction.Transfer) {
        facts = ContentFacts(of: message.span)
        size = facts.size.map { Int(clamping: $0) } ?? message.count
        let whole = ByteBuffer(bytes: ContentEncoder.encoded(message, as: transfer))
        encodedSize = whole.readableBytes
        pieces = stride(from: 0, to: max(whole.readableBytes, 1), by: Self.pieceSize).compactMap { start in
            whole.getSlice(at: start, length: min(Self.pieceSize, whole.readableBytes - start))
        }
        numberPlace = nil
    }

    /// Makes a message of a size.
    ///
    /// - Parameters:
    ///   - size: the number of bytes, ``LoadMessageOptions/smallest`` or more.
    ///   - from: the address of its author. One that is long or not ASCII is not put into the header.
    ///   - host: the name of this machine.
    ///   - seed: the seed of its text.
    ///   - run: a word that makes its `Message-ID` differ from those of other runs.
    ///   - transfer: how it will be sent.
    init(size: Int, from: ReversePath, host: String, seed: UInt64, run: String, as transfer: Transaction.Transfer) {
        let host = Self.isShort(host) ? String(host.filter { $0 != "[" && $0 != "]" }) : "localhost"
        var author = "load@\(host)"
        if case .mailbox(let mailbox) = from, Self.isShort("\(mailbox)") { author = "\(mailbox)" }
        let start = "Message-ID: <"
        let header =
            start + String(repeating: "0", count: Self.numberLength) + ".\(run)@\(host)>\r\n"
            + "Date: \(Timestamp.now.internetDate)\r\nFrom: <\(author)>\r\nTo: undisclosed-recipients:;\r\n"
            + "Subject: smtp-probe load\r\n\r\n"
        numberPlace = start.utf8.count
        facts = ContentFacts(size: UInt64(size), is8bit: false)
        self.size = size
        var text = LoadText(seed: seed)
        let end = transfer == .data ? ".\r\n" : ""
        var pieces: [ByteBuffer] = []
        let length = max(size - header.utf8.count, 2)
        // Whole lines, and one that makes up the size. A line has its end, so one byte more makes the last line longer.
        var lines = length / LoadText.lineLength
        var last = length % LoadText.lineLength
        if last == 1 {
            lines -= 1
            last += LoadText.lineLength
        }
        let block = text.block(lines: min(lines, Self.pieceSize / LoadText.lineLength))
        var piece = ByteBuffer(string: header)
        if lines <= block.readableBytes / LoadText.lineLength, header.utf8.count + length < Self.pieceSize {
            piece.writeImmutableBuffer(block)
            lines = 0
        } else {
            pieces.append(piece)
            while lines > 0 {
                let count = min(lines, block.readableBytes / LoadText.lineLength)
                pieces.append(block.getSlice(at: 0, length: count * LoadText.lineLength) ?? block)
                lines -= count
            }
            piece = ByteBuffer()
        }
        piece.writeBytes(text.line(length: last))
        piece.writeString(end)
        pieces.append(piece)
        self.pieces = pieces
        encodedSize = size + end.utf8.count
    }

    /// Whether a text has a place in the header of the smallest message.
    private static func isShort(_ text: String) -> Bool {
        1...100 ~= text.utf8.count && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }

    /// Returns the first piece of a message.
    ///
    /// - Parameter number: the number of the message.
    func first(_ number: Int) -> ByteBuffer {
        guard let numberPlace else { return pieces[0] }
        var piece = pieces[0]
        var digits = [UInt8](repeating: UInt8(ascii: "0"), count: Self.numberLength)
        var rest = number
        for index in digits.indices.reversed() where rest > 0 {
            digits[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        // Copies the piece, for its memory is shared.
        piece.setBytes(digits, at: numberPlace)
        return piece
    }
}

/// The text of generated messages: words in lines of 64 bytes.
struct LoadText {
    /// The length of a line with its end, in bytes.
    static let lineLength = 64

    private static let words: [[UInt8]] = """
        about after again almost along also another answer because before began below between both carry change city clear close \
        could country cross earth enough every example family father feature figure first follow found great group house idea \
        important island large later letter light little message minute morning mother mountain music never night notice number \
        often order paper people person piece place plain plant point power problem product question quick reach ready river round \
        science second sentence short simple single sound spell stand start state still story street study table their thing think \
        thought through together travel under until usual voice watch water white whole without wonder world write young
        """.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) }

    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    private mutating func random() -> Int {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) >> 1)
    }

    /// Returns a line of a length, two bytes or more, with its CRLF.
    mutating func line(length: Int) -> [UInt8] {
        guard length >= 2 else { return [] }
        var line: [UInt8] = []
        while line.count < length - 2 {
            if !line.isEmpty { line.append(UInt8(ascii: " ")) }
            line += Self.words[random() % Self.words.count]
        }
        line.removeLast(line.count - (length - 2))
        if line.last == UInt8(ascii: " ") { line[line.count - 1] = UInt8(ascii: ".") }
        return line + [13, 10]
    }

    /// Returns lines of ``lineLength``.
    mutating func block(lines: Int) -> ByteBuffer {
        var block = ByteBuffer()
        block.reserveCapacity(lines * Self.lineLength)
        for _ in 0..<lines { block.writeBytes(line(length: Self.lineLength)) }
        return block
    }
}
