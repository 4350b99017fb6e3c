/// The dialects of mbox: how a reader tells a line of the message from the line that starts the next.
///
/// Every message starts with a line `From sender date` and ends with an empty line; lines end in a
/// single LF. A line of the message that looks like such a start is what the dialects treat differently.
///
/// - SeeAlso: RFC 4155, appendix A, which prescribes no quoting at all.
public enum MboxFormat: String, Hashable, Sendable, CaseIterable {
    /// A line `From ` after any number of `>` gets one more `>`, which a reader can take off again:
    /// nothing is lost. The default. Known to qmail and `git mailsplit --mboxrd`.
    case mboxrd
    /// A line `From ` gets a `>`; a line that had one before looks the same. What Postfix, Exim and
    /// Python's `mailbox` write.
    case mboxo
    /// The body is stored as received, and a field `Content-Length` gives its length in bytes.
    ///
    /// That count is the only frame, so a message must not bring its own: such a field is kept under the
    /// name `Content-Length-Original`. A header line that starts with `From `, which no count covers and
    /// no valid header holds, is quoted as in ``mboxo``.
    case mboxcl2

    /// Appends the line that starts a message.
    ///
    ///     From joe@example.org Sun Nov 22 15:00:00 2026
    ///
    /// Readers split the line at blanks and take it for ASCII, so everything in the sender that is not a
    /// visible ASCII character becomes a hyphen. A `Return-Path` field has the whole of it.
    ///
    /// - Parameters:
    ///   - sender: the envelope's sender; the null path is written as `MAILER-DAEMON`.
    ///   - date: when the message came.
    ///   - output: where the bytes go, up to and with the LF.
    public func appendFromLine(sender: ReversePath, date: Timestamp, to output: inout [UInt8]) {
        output.append(text: "From ")
        switch sender {
        case .null:
            output.append(text: "MAILER-DAEMON")
        case .mailbox(let mailbox):
            TraceText(allowed: .visible, replacement: UInt8(ascii: "-")).append(mailbox, to: &output)
        }
        output.append(ASCII.space)
        date.appendAsctime(to: &output)
        output.append(ASCII.lineFeed)
    }

    /// Appends the field that frames the body in ``mboxcl2``; nothing in the other dialects.
    ///
    /// - Parameters:
    ///   - bodyLength: what a ``MboxBodyLength`` counted.
    ///   - output: where the bytes go, up to and with the LF.
    public func appendLengthField(bodyLength: UInt64, to output: inout [UInt8]) {
        guard self == .mboxcl2 else { return }
        output.append(text: "Content-Length: ")
        output.append(contentsOf: String(bodyLength).utf8)
        output.append(ASCII.lineFeed)
    }
}
