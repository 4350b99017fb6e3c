/// A message, with LF line ends, and whom it is for.
struct MailTransaction {
    var text: String
    var recipients = ["ann@example.net"]

    /// The lines that a client sends for it after the hello.
    var dialogue: String {
        var dialogue = "MAIL FROM:<joe@example.org>\r\n"
        for recipient in recipients { dialogue += "RCPT TO:<\(recipient)>\r\n" }
        dialogue += "DATA\r\n"
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            dialogue += (line.hasPrefix(".") ? "." : "") + line + "\r\n"
        }
        return dialogue + ".\r\n"
    }
}
