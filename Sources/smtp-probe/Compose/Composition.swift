import SMTPCore

/// The parts of a message.
///
/// Any of them makes a complete message: parts that are not given are filled in, and a given field replaces the
/// generated one.
///
/// - SeeAlso: RFC 5322, section 3.6; RFC 2046, section 5.1.3.
struct Composition {
    /// The largest text; more goes into an attachment, or is a whole message.
    static let maximumBody = 16 << 20

    /// When it is written.
    var date: Timestamp
    /// The author.
    var from: HeaderAddress
    /// For whom, as everybody may know.
    var to: [HeaderAddress] = []
    var cc: [HeaderAddress] = []
    var subject: String
    /// With its angle brackets.
    var messageID: String
    /// Further fields, in order.
    var headers: [HeaderLine] = []
    /// The text.
    var body: [UInt8]
    var attachments: [Attachment] = []
    /// The delimiter between the parts; it must not appear in the text.
    var boundary: String

    /// The message.
    ///
    /// - Parameter allows8bit: whether the server takes bytes above 127.
    /// - Throws: ``CommandLineSupport/ValueError`` when an attachment cannot be opened.
    func message(allows8bit: Bool) throws -> MessageContent {
        let text = BodyText(body, allows8bit: allows8bit)
        // Fields that describe the content are written where its text begins.
        let given = headers.filter { Self.contentFields.contains($0.name.lowercased()) }
        let isEncoded = given.contains { $0.isNamed("Content-Transfer-Encoding") }
        let part =
            given.flatMap(\.octets)
            + (given.contains { $0.isNamed("Content-Type") }
                ? [] : field("Content-Type", "text/plain", ("charset", text.charset)))
            + (isEncoded ? [] : HeaderLine("Content-Transfer-Encoding", text.encoding.rawValue).octets)
            + [13, 10] + (isEncoded ? text.unencoded : text.encoded)
        var octets = fields.flatMap(\.octets)
        let is8bit = (octets + part).contains { $0 >= 0x80 }
        guard !attachments.isEmpty else {
            return MessageContent([.octets(octets + part)])
        }
        octets += field("Content-Type", "multipart/mixed", ("boundary", boundary))
        // RFC 2045, section 6.4: the encoding of a whole is that of its parts.
        if is8bit { octets += HeaderLine("Content-Transfer-Encoding", "8bit").octets }
        octets += Array("\r\n--\(boundary)\r\n".utf8) + part
        var parts: [MessageContent.Part] = []
        for attachment in attachments {
            octets += Array("\r\n--\(boundary)\r\n".utf8)
            octets += field("Content-Type", attachment.mediaType)
            octets += field("Content-Disposition", "attachment", ("filename", attachment.name))
            octets += HeaderLine("Content-Transfer-Encoding", "base64").octets + [13, 10]
            parts += [.octets(octets), .base64(try FileReader(path: attachment.path))]
            octets = []
        }
        parts.append(.octets(Array("\r\n--\(boundary)--\r\n".utf8)))
        return MessageContent(parts)
    }

    private static let contentFields: Set<String> = ["content-type", "content-transfer-encoding"]

    /// The fields of the whole message, but those of its content.
    private var fields: [HeaderLine] {
        let made = [
            HeaderLine("Date", date.internetDate), HeaderLine("From", [from]), HeaderLine("To", to),
            HeaderLine("Cc", cc), HeaderLine("Subject", subject), HeaderLine("Message-Id", messageID),
        ]
        let given = headers.filter { !Self.contentFields.contains($0.name.lowercased()) }
        return made.filter { field in !given.contains { $0.isNamed(field.name) } } + given
            + (given.contains { $0.isNamed("MIME-Version") } ? [] : [HeaderLine("MIME-Version", "1.0")])
    }

    private func field(_ name: String, _ value: String, _ parameter: (String, String)? = nil) -> [UInt8] {
        var field = FoldedField(name: name)
        field.append(value + (parameter == nil ? "" : ";"))
        if let parameter { MIMEParameter.append(parameter.0, parameter.1, to: &field) }
        return field.finish()
    }
}
