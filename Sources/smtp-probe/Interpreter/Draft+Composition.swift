import CommandLineSupport
import SMTPKit
import SMTPTLS

extension Draft {
    /// Returns the message that was put together. Missing parts get default values.
    ///
    /// - Parameter host: our name, for the identification of the message.
    func composition(host: String) throws -> Composition {
        let now = Timestamp.now
        let chance = OpenSSLCryptography().random(12).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return Composition(
            date: now, from: sender ?? HeaderAddress(path: .null), to: recipients,
            subject: "Test from smtp-probe", messageID: "<\(chance)@\(host)>",
            headers: header, body: Array((body ?? "This is a test.").utf8),
            attachments: attachments, boundary: "=_\(chance)")
    }
}
