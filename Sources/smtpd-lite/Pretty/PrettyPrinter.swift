import CommandLineSupport
import SMTPKit

/// Writes messages as a person wants to read them.
///
///     ---- 06R4N2XG0001  2026-11-22 15:00:00 UTC  1.2 KiB ----------------------
///     from joe@example.org to ann@example.net
///     by client.example [192.0.2.1], ESMTPS, TLSv1.3
///
///     From:    Joe Doe <joe@example.org>
///     To:      Ann <ann@example.net>
///     Subject: Grüße
///     Date:    Sun, 22 Nov 2026 15:00:00 +0000
///
///     The text.
///
///     [report.pdf, application/pdf, 12.3 KiB]
struct PrettyPrinter: Sendable {
    /// The most bytes of a message that are read.
    private static let mostOctets = 4 << 20
    /// The fields that come first.
    private static let firstFields = ["From", "To", "Subject", "Date"]
    /// Fields that say how the message is built, which is seen.
    private static let silentFields = [
        "mime-version", "content-type", "content-transfer-encoding", "content-disposition",
    ]
    /// The most other fields, recipients and attachments that are shown.
    static let mostItems = 50

    /// The most lines of text; 0 for all.
    var mostLines = 100
    /// How many columns there are.
    var columns: @Sendable () -> Int = { Screen.columns ?? 80 }
    /// Whether colour is wanted.
    var isColored = Screen.wantsColor()

    /// Appends a message that was received.
    func append(_ message: Message, to output: inout [UInt8]) throws {
        let octets = try message.content.prefix(Self.mostOctets)
        append(octets, of: message.content.count, PrettyHeading(message), to: &output)
    }

    /// Appends a message.
    ///
    /// - Parameters:
    ///   - bytes: its content, or the beginning of it.
    ///   - count: how long the content is.
    ///   - heading: what is known of it beside its content.
    func append(_ octets: [UInt8], of count: UInt64, _ heading: PrettyHeading, to output: inout [UInt8]) {
        let columns = max(20, columns())
        let readable = ReadableMessage(parsing: octets, .system)
        var lines = [title(heading, count, columns)]
        for line in heading.lines {
            let hanging = line.prefix { $0 != " " }.count + 1
            lines += FoldedLines.fold(SafeText.visible(line), columns: columns, hanging: hanging)
                .map { styled($0, .accent) }
        }
        lines.append("")
        lines += fields(readable, columns)
        lines.append("")
        lines += text(readable, columns)
        lines += attachments(readable, columns)
        if count > UInt64(octets.count), !octets.isEmpty {
            lines.append(note("the message is longer than the part that is shown", columns))
        }
        lines.append("")
        for line in lines {
            output.append(contentsOf: line.utf8)
            output.append(UInt8(ascii: "\n"))
        }
    }

    // MARK: Parts

    private func title(_ heading: PrettyHeading, _ count: UInt64, _ columns: Int) -> String {
        let text = SafeText.visible("---- \(heading.title)  \(Self.size(count)) ")
        let rule = String(repeating: "-", count: max(0, columns - SafeText.width(text)))
        return styled(SafeText.cut(text + rule, to: columns), .accent)
    }

    private func fields(_ message: ReadableMessage, _ columns: Int) -> [String] {
        var lines: [String] = []
        for name in Self.firstFields {
            guard let value = message.field(name) else { continue }
            lines += field(name, value, columns)
        }
        let known = Self.silentFields + Self.firstFields.map { $0.lowercased() }
        let others = message.header.fields.filter { !known.contains($0.name.lowercased()) }
        for other in others.prefix(Self.mostItems) {
            let text = SafeText.visible("\(other.name): \(Self.oneLine(message.decoded(other)))")
            lines.append(styled(SafeText.cut(text, to: columns), .dim))
        }
        if others.count > Self.mostItems {
            lines.append(note("\(others.count - Self.mostItems) more fields", columns))
        }
        return lines
    }

    /// A field that matters: all of it, with what follows the first line set off.
    private func field(_ name: String, _ value: String, _ columns: Int) -> [String] {
        let indent = 9
        var folded = FoldedLines(columns: columns - indent, limit: 10)
        folded.append(Self.oneLine(value))
        return folded.lines.enumerated().map { index, line in
            guard index == 0 else { return String(repeating: " ", count: indent) + line }
            let label = "\(name):".padding(to: indent)
            return styled(label, .strong) + line
        }
    }

    private func text(_ message: ReadableMessage, _ columns: Int) -> [String] {
        var folded = FoldedLines(columns: columns, limit: mostLines == 0 ? .max : mostLines)
        var text = message.text[...]
        while text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else { return [] }
        if message.isFromHTML { folded.append("[from HTML]") }
        folded.append(String(text))
        var lines = folded.lines
        if folded.omitted > 0 {
            lines.append(note("\(folded.omitted) more lines; --pretty-lines 0 shows all", columns))
        }
        if let size = message.hiddenHTML { lines += ["", note("also as HTML, \(Self.size(UInt64(size)))", columns)] }
        return lines
    }

    private func attachments(_ message: ReadableMessage, _ columns: Int) -> [String] {
        guard !message.attachments.isEmpty else { return [] }
        var lines = [""]
        for attachment in message.attachments.prefix(Self.mostItems) {
            let name = attachment.name.map { "\(Self.oneLine($0)), " } ?? ""
            let text = "[\(name)\(attachment.type), \(Self.size(UInt64(attachment.size)))]"
            lines.append(styled(SafeText.cut(SafeText.visible(text), to: columns), .strong))
        }
        if message.attachments.count > Self.mostItems {
            lines.append(note("\(message.attachments.count - Self.mostItems) more attachments", columns))
        }
        return lines
    }

    // MARK: Words

    private enum Style: String {
        case accent = "36"
        case strong = "1"
        case dim = "2"
    }

    /// Something that is said about the message.
    private func note(_ text: String, _ columns: Int) -> String { styled(SafeText.cut("[\(text)]", to: columns), .dim) }

    private func styled(_ text: String, _ style: Style) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// A text without the tabs and line ends that a header may have been folded with.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\t" || $0 == "\n" || $0 == "\r" ? " " : $0 }))
    }

    /// A size for people, in powers of 1,024 as in options: `999 B`, `1.2 KiB`, `3.4 MiB`.
    static func size(_ octets: UInt64) -> String {
        guard octets >= 1024 else { return "\(octets) B" }
        var (whole, unit) = (octets, "")
        var rest: UInt64 = 0
        for name in ["KiB", "MiB", "GiB"] where whole >= 1024 {
            (whole, rest) = whole.quotientAndRemainder(dividingBy: 1024)
            unit = name
        }
        return "\(whole).\(rest * 10 / 1024) \(unit)"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
