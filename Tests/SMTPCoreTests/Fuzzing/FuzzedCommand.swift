import FuzzSupport

@testable import SMTPCore

/// A command line that is read is read as the same when it is written again: verbs, addresses and parameters.
///
/// An input is a line. Its first byte chooses the grammar.
enum FuzzedCommand {
    static func check(_ input: FuzzInput) throws {
        var input = input
        let policy: SyntaxPolicy = input.byte() & 1 == 0 ? .lenient : .strict
        let line = input.bytes
        try checkAddresses(input.text)
        guard !line.contains(ASCII.lineFeed) else { return }
        guard let command = read(line, policy) else { return }
        let written = CommandSerializer.line(command)
        try expect(
            written.suffix(2) == [13, 10] && !written.dropLast(2).contains { $0 == 13 || $0 == 10 },
            "\(command) is more than one line")
        // Responses of AUTH are secrets and have no equality that can be shown.
        if case .auth = command { return }
        guard let again = read(Array(written.dropLast(2)), policy) else {
            throw FuzzFailure("\(command) is written as a line that is refused")
        }
        try expect(again == command, "\(command) is read as \(again)")
        // What the strict grammar allows, the lenient one reads as the same.
        guard policy == .strict else { return }
        let lenient = read(line, .lenient)
        try expect(lenient == command, "strictly it is \(command), leniently \(String(describing: lenient))")
    }

    private static func read(_ line: [UInt8], _ policy: SyntaxPolicy) -> Command? {
        do {
            return try CommandParser(policy: policy).parse(line.span)
        } catch {
            return nil
        }
    }

    private static func checkAddresses(_ text: String) throws {
        if let block = CIDRBlock(text) {
            try expect(CIDRBlock("\(text)") == block, "the network changes")
        }
        let encoded = XText.encode(text)
        try expect(encoded.utf8.allSatisfy { 0x21...0x7E ~= $0 }, "xtext has a character that it must not have")
        try expect(XText.decode(encoded) == text || text.utf8.contains(0), "xtext is not read again")
    }
}
