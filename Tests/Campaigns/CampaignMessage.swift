import ProcessSupport

/// A message of a campaign: its content follows from its number and the seed of the round.
struct CampaignMessage {
    /// The number, which no other message of the round has.
    let number: Int
    /// The content as it is sent, with CRLF line ends and without transparency dots.
    let content: [UInt8]

    /// Whether the message with a number has up to 500 bytes: every other one.
    static func isSmall(_ number: Int) -> Bool { number % 2 == 1 }

    init(number: Int, seed: UInt64) {
        self.number = number
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x1_0000_0001)
        var text = "Subject: campaign \(number)\r\n\r\n"
        for line in 0..<Int.random(in: 0...(Self.isSmall(number) ? 5 : 20), using: &random) {
            // Lines that mbox quotes, and those that begin with a dot, have to come back as they were.
            let start = ["", "", "From ", ">From ", ".", "..", "\t"].randomElement(using: &random) ?? ""
            text +=
                "\(start)\(number).\(line) \(String(repeating: "x", count: Int.random(in: 0...60, using: &random)))\r\n"
        }
        var content = Array(text.utf8)
        // From 128 KiB on, content is in a spool file. From 1 MiB on, it is written in pieces.
        let sizes = [0, 0, 500, 3_000, 8_000, 8_000, 40_000, 140_000, 300_000]
        let isLarge = Int.random(in: 0..<100, using: &random) == 0
        let size = isLarge ? 1_300_000 : sizes.randomElement(using: &random) ?? 0
        let block = Array("\(number) \(String(repeating: "y", count: 66))\r\n".utf8)
        for _ in 0..<(Self.isSmall(number) ? 0 : size / block.count) { content += block }
        self.content = content + Array("the end of \(number)\r\n".utf8)
    }

    /// The content with LF line ends.
    var withLineFeeds: [UInt8] { content.filter { $0 != 13 } }

    /// The content as it follows `354`, with transparency dots and the end of data.
    var onTheWire: [UInt8] {
        var wire: [UInt8] = []
        wire.reserveCapacity(content.count + 64)
        var isLineStart = true
        for octet in content {
            if isLineStart, octet == UInt8(ascii: ".") { wire.append(octet) }
            wire.append(octet)
            isLineStart = octet == 10
        }
        return wire + Array(".\r\n".utf8)
    }

    /// Returns the number in the first line of stored content, `nil` when it is not that of a campaign.
    static func number(of content: some Collection<UInt8>) -> Int? {
        let line = content.prefix { $0 != 10 && $0 != 13 }
        let start = "Subject: campaign "
        guard line.starts(with: start.utf8) else { return nil }
        return Int(String(decoding: line.dropFirst(start.utf8.count), as: UTF8.self))
    }
}
