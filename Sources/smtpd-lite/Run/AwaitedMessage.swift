import CommandLineSupport
import SMTPKit

/// A message that the server waits for: one `--wait-for`.
///
///     subject~^Welcome
///     header:X-Campaign~spring
struct AwaitedMessage: Sendable {
    /// Where it is looked at.
    enum Field: Hashable, Sendable {
        /// The envelope's sender, empty for a bounce.
        case from
        /// Each of the envelope's recipients.
        case to
        /// Each field of the header with this name, as it came and decoded.
        case header(String)
        /// The body, as it came and decoded, with LF as line end.
        case body
    }

    /// How much of a body is searched, in bytes.
    static let longestBody = 1 << 20

    let field: Field
    let pattern: Pattern
    /// The message as the command line names it.
    let text: String

    /// Parses the condition on a message.
    static func parse(_ text: String) throws -> AwaitedMessage {
        guard let sign = text.firstIndex(of: "~") else {
            throw ValueError(
                "FIELD~REGEX is wanted, such as subject~^Welcome; a FIELD is from, to, subject, header:NAME or body")
        }
        let field: Field
        switch text[..<sign] {
        case "from": field = .from
        case "to": field = .to
        case "subject": field = .header("Subject")
        case "body": field = .body
        case let name where name.hasPrefix("header:") && isFieldName(name.dropFirst(7)):
            field = .header(String(name.dropFirst(7)))
        case let name:
            throw ValueError("'\(name)' is no field: from, to, subject, header:NAME or body is wanted")
        }
        let pattern = try Pattern(String(text[text.index(after: sign)...]), matchesLines: field == .body)
        return AwaitedMessage(field: field, pattern: pattern, text: text)
    }

    private static func isFieldName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: ":") }
    }

    /// Whether the content of messages has to be kept to be looked at.
    var needsContent: Bool {
        switch field {
        case .from, .to: false
        case .header, .body: true
        }
    }

    /// Whether a message is the one.
    func matches(_ message: Message) -> Bool {
        switch field {
        case .from: pattern.matches(message.envelope.reversePath.description)
        case .to: message.envelope.recipients.contains { pattern.matches($0.path.description) }
        case .header(let name): (try? message.header)?.all(name).contains(where: matches) ?? false
        case .body: matchesBody(of: message)
        }
    }

    /// Whether a field matches as it came, or with its encoded words read.
    private func matches(_ field: HeaderFields.Field) -> Bool {
        pattern.matches(field.value) || pattern.matches(EncodedWords(.system).decode(field.octets))
    }

    /// Whether a body matches as it came, or one of its texts does once it is decoded.
    private func matchesBody(of message: Message) -> Bool {
        let bounds = HeaderFields.Bounds()
        guard let octets = try? message.content.prefix(bounds.octets + Self.longestBody) else { return false }
        let part = MIMEPart(parsing: octets, .system)
        let body = octets[part.body].prefix(Self.longestBody).filter { $0 != 13 }
        return pattern.matches(String(decoding: body, as: UTF8.self))
            || part.texts(of: octets, .system).contains { pattern.matches($0) }
    }
}
