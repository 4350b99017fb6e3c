import CPCRE2
import CommandLineSupport
import Synchronization

/// A regular expression on the command line, as Perl has them, for characters of Unicode: `.` is one of them, and
/// `(?i)` in front ignores the case of letters in all scripts.
///
/// What it is matched against comes from clients, so the time that takes has to be bounded. PCRE2 counts its steps, and
/// a search that takes more than its length allows is given up. What takes time without counting as a step is refused,
/// see ``PatternSyntax``.
final class Pattern: Sendable {
    /// As it was written.
    let text: String
    /// Never changed once it is compiled (pcre2api(3), "Multithreading").
    nonisolated(unsafe) private let code: OpaquePointer
    /// Whether a search was given up, which is said once.
    private let wasGivenUp = Atomic(false)

    /// Reads a regular expression.
    ///
    /// - Parameter matchesLines: whether `^` and `$` match the ends of lines, which `.` does not match.
    /// - Throws: ``ValueError`` with what is wrong with it.
    init(_ text: String, matchesLines: Bool = false) throws {
        self.text = text
        guard !text.isEmpty, !text.utf8.contains(0) else { throw ValueError("a regular expression is missing") }
        if let construct = PatternSyntax.unsupported(in: text) {
            throw ValueError(
                "\(construct) is not available, so that no text can make a search take long; the rest of Perl's regular "
                    + "expressions is")
        }
        let options =
            PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C
            | PCRE2_NO_AUTO_POSSESS | (matchesLines ? PCRE2_MULTILINE : PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY)
        // Alone first, so that an error is about what was written.
        pcre2_code_free_8(try Self.compile(text, options, as: text))
        // The steps are counted anew for each position that a search begins at, so it begins at one alone. \E ends a
        // quotation that is open at the end, and a line end a comment.
        let whole = { (end: String) in
            try Self.compile("(?s:.*?)(?:\(text)\(end))", options | PCRE2_ANCHORED, as: text)
        }
        code = try (try? whole("\\E")) ?? whole("\n")
    }

    deinit { pcre2_code_free_8(code) }

    private static func compile(_ source: String, _ options: UInt32, as text: String) throws -> OpaquePointer {
        var (number, offset): (Int32, Int) = (0, 0)
        var source = source
        let code = source.withUTF8 { pcre2_compile_8($0.baseAddress, $0.count, options, &number, &offset, nil) }
        if let code { return code }
        var message = [UInt8](repeating: 0, count: 256)
        pcre2_get_error_message_8(number, &message, message.count)
        let reason = String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
        throw ValueError("'\(text)' is no regular expression: \(reason), at byte \(offset)")
    }

    /// Whether it is found somewhere in a text. A search that is given up has found nothing, and a line on standard
    /// error says so.
    func matches(_ text: some StringProtocol) -> Bool {
        var text = String(text)
        let result = text.withUTF8(search)
        switch result {
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT:
            if !wasGivenUp.exchange(true, ordering: .relaxed) {
                let reason = "'\(self.text)' was not looked for to the end of a text: it takes too many steps"
                try? Descriptor.write("smtpd-lite: \(SafeText.visible(reason))\n", to: 2)
            }
        case _: break
        }
        return result >= 0
    }

    private func search(_ octets: UnsafeBufferPointer<UInt8>) -> Int32 {
        guard let data = pcre2_match_data_create_8(1, nil) else { return PCRE2_ERROR_NOMEMORY }
        defer { pcre2_match_data_free_8(data) }
        let context = pcre2_match_context_create_8(nil)
        defer { pcre2_match_context_free_8(context) }
        pcre2_set_match_limit_8(context, UInt32(clamping: 200_000 + 20 * octets.count))
        // In KiB.
        pcre2_set_heap_limit_8(context, 16_384)
        return withUnsafePointer(to: 0 as UInt8) { nothing in
            pcre2_match_8(
                code, octets.baseAddress ?? nothing, octets.count, 0, PCRE2_NO_UTF_CHECK, data, context)
        }
    }
}
