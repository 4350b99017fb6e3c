import CommandLineSupport
import SMTPKit
import SMTPTLS

extension Draft {
    /// The message that was put together; what nobody said is made up.
    ///
    /// - Parameter host: our name, for the identification of the message.
    func composition(host: String) throws -> Composition {
        let now = Timestamp.now
        let chance = OpenSSLCryptography().random(12).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return Composition(
            date: now, from: try HeaderAddress.parse(sender ?? "<>"), to: try recipients.map(HeaderAddress.parse),
            subject: "Test from smtp-probe", messageID: "<\(chance)@\(host)>",
            headers: try header.map(HeaderLine.parse), body: Array((body ?? "This is a test.").utf8),
            attachments: try attachments.map(Attachment.parse), boundary: "=_\(chance)")
    }
}
