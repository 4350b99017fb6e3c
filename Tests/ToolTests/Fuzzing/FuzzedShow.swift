import FuzzSupport
import SMTPKit

@testable import smtpd_lite

/// The files that `smtpd-lite show` reads, and the text that it prints.
///
/// An mbox is read the same in any pieces, an mbox that was written is read back, the beginning of a JSON object is an
/// object, and a message on a terminal has only visible text.
///
/// The first byte of an input chooses what the rest is, the second one the pieces.
enum FuzzedShow {
    static func check(_ input: FuzzInput) throws {
        var input = input
        let choice = input.byte()
        let seed = input.byte()
        let bytes = input.bytes
        switch choice & 3 {
        case 0: try checkMbox(Array("From ".utf8) + bytes, seed)
        case 1: try checkWritten(bytes, choice & 4 == 0 ? .mboxrd : .mboxcl2, seed)
        case 2: try checkJSON(bytes)
        case _: try checkPretty(bytes, columns: Int(seed))
        }
    }

    private static func checkMbox(_ mbox: [UInt8], _ seed: UInt8) throws {
        var cutter = Cutter(seed)
        let whole = read([mbox], of: mbox)
        let cut = read(cutter.pieces(of: mbox), of: mbox)
        try expect(whole.map(\.content.octets) == cut.map(\.content.octets), "the pieces make a difference")
        try expect(
            whole.map(\.heading.title) == cut.map(\.heading.title)
                && whole.map(\.heading.lines) == cut.map(\.heading.lines), "the pieces make a difference to the heading"
        )
        try expect(
            whole.reduce(0) { $0 + $1.content.count } <= UInt64(mbox.count), "the messages are longer than the file")
    }

    private static func checkWritten(_ body: [UInt8], _ format: MboxFormat, _ seed: UInt8) throws {
        let content = Array("Subject: s\r\n\r\n".utf8) + body
        var mbox = Array("From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n".utf8)
        var length = MboxBodyLength()
        length.append(content.span)
        format.appendLengthField(bodyLength: length.total, to: &mbox)
        let start = mbox.count
        var encoder = MboxEncoder(format)
        encoder.append(content.span, to: &mbox)
        encoder.finish(&mbox)
        let isWhole = !mbox[start...].contains(ASCII.carriageReturn)
        mbox += mbox
        var cutter = Cutter(seed)
        let messages = read(cutter.pieces(of: mbox), of: mbox)
        try expect(messages.count == 2, "two messages are read as \(messages.count)")
        let found = messages[0].content.octets
        try expect(found == messages[1].content.octets, "the same message is read as another")
        // Where no CR is kept, the content is what was received, with LF for CRLF.
        guard isWhole else { return }
        let field = format == .mboxcl2 ? Array("Content-Length: \(length.total)\n".utf8) : []
        var expected = field + content.filter { $0 != ASCII.carriageReturn }
        if expected.last != ASCII.lineFeed { expected.append(ASCII.lineFeed) }
        try expect(found == expected, "the message is not what was written")
    }

    private static func read(_ pieces: [[UInt8]], of file: [UInt8]) -> [SavedMessage] {
        var messages: [SavedMessage] = []
        var reader = MboxReader(name: "mbox") { offset in
            guard offset <= UInt64(file.count) else { return false }
            let next = file[Int(offset)...].prefix(7)
            let text = next.drop { $0 == 10 || $0 == 13 }
            return text.isEmpty ? next.count < 7 : text.starts(with: "From".utf8)
        }
        for piece in pieces { try? piece.withUnsafeBytes { try reader.read($0) { messages.append($0) } } }
        try? reader.finish { messages.append($0) }
        return messages
    }

    private static func checkJSON(_ text: [UInt8]) throws {
        guard let value = JSONValue(text) else { return }
        // The beginning of a text that is read is read, too, and as a value of the same kind.
        if case .object(let members) = value, let brace = text.firstIndex(of: UInt8(ascii: "{")) {
            for end in [brace + 1, (brace + text.count) / 2, text.count - 1] where end > brace {
                guard case .object(let some)? = JSONValue(Array(text[..<end]), isCut: true) else {
                    throw FuzzFailure("the first \(end) bytes are not read as an object")
                }
                try expect(some.count <= members.count, "the beginning has more members")
            }
        }
        guard let octets = value.octets else { return }
        var writer = JSONWriter()
        octets.withUnsafeBytes { writer.string($0) }
        guard let again = JSONValue(writer.octets)?.octets else { throw FuzzFailure("a written string is not read") }
        try expect(String(decoding: octets, as: UTF8.self).utf8.elementsEqual(again), "a string is read as another")
    }

    private static func checkPretty(_ message: [UInt8], columns: Int) throws {
        var printer = PrettyPrinter()
        printer.columns = { columns }
        printer.isColored = false
        var heading = PrettyHeading("name", date: nil)
        heading.addEnvelope(of: message, sender: String(decoding: message.prefix(20), as: UTF8.self))
        var output: [UInt8] = []
        printer.append(message, of: UInt64(message.count), heading, to: &output)
        guard let text = String(validating: output, as: UTF8.self) else { throw FuzzFailure("the text is not UTF-8") }
        for scalar in text.unicodeScalars where scalar != "\n" {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate:
                throw FuzzFailure("U+\(String(scalar.value, radix: 16)) reaches the terminal")
            case _:
                // What changes the direction of text can make it look like another.
                let isDirection = [0x202A...0x202E, 0x2066...0x2069].contains { $0 ~= scalar.value }
                try expect(!isDirection, "U+\(String(scalar.value, radix: 16)) reaches the terminal")
            }
        }
        try expect(output.count <= 64 * message.count + 65_536, "\(output.count) bytes for \(message.count)")
    }
}
