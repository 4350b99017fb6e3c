import CommandLineSupport
import SMTPKit

/// Replies on the command line: `450`, `550 5.1.1 No such user`.
enum ReplyText {
    /// Parses a reply.
    ///
    /// - Parameter usual: the text of one that has none.
    /// - Throws: ``ValueError`` for anything else, also for a status whose class is not the code's.
    static func parse(_ text: some StringProtocol, usual: String) throws -> Reply {
        let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard let number = words.first, number.utf8.count == 3, let value = WholeNumber.parse(number),
            let code = ReplyCode(rawValue: UInt16(value))
        else {
            throw ValueError("a reply is a code from 200 to 599, a status and a text, such as 550 5.1.1 No such user")
        }
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw ValueError("a reply holds no control characters")
        }
        guard text.utf8.count <= 480 else { throw ValueError("a reply has at most 480 octets") }
        guard words.count > 1 else { return Reply(code, status(code), usual) }
        guard let status = EnhancedStatus(String(words[1])) else {
            return Reply(code, nil, String(text.dropFirst(4)))
        }
        guard status.class.rawValue == value / 100 else {
            throw ValueError("the status \(status) contradicts the code \(code): both begin with the same digit")
        }
        return Reply(code, status, words.count > 2 ? String(words[2]) : usual)
    }

    /// The status of a reply that was given as a code alone.
    private static func status(_ code: ReplyCode) -> EnhancedStatus? {
        switch code.severity {
        case .success: .success(.otherUndefinedStatus)
        case .intermediate: nil
        case .transient: .transient(.otherOrUndefinedMailSystemStatus)
        case .permanent: .permanent(.otherOrUndefinedMailSystemStatus)
        }
    }
}
