import CommandLineSupport
import Glibc

/// A regular expression on the command line: the extended ones of POSIX, as `grep -E` has them, with `(?i)` in
/// front for letters of either case.
///
/// What it is matched against comes from clients, so the time that takes has to be bounded: the C library walks an
/// automaton, without going back, as long as there are no back-references, and those are refused.
final class Pattern: Sendable {
    /// As it was written.
    let text: String
    /// Written once, in `init`. Matching changes it, and takes a lock of its own for that (pthreads(7)).
    nonisolated(unsafe) private let expression: UnsafeMutablePointer<regex_t>

    /// Reads a regular expression.
    ///
    /// - Parameter matchesLines: whether `^` and `$` stand for the ends of lines, which `.` does not go beyond.
    /// - Throws: ``ValueError`` with what is wrong with it.
    init(_ text: String, matchesLines: Bool = false) throws {
        self.text = text
        let ignoresCase = text.hasPrefix("(?i)")
        let source = ignoresCase ? String(text.dropFirst(4)) : text
        guard !source.isEmpty, !source.utf8.contains(0) else { throw ValueError("a regular expression is wanted") }
        guard !Self.refersBack(source) else {
            throw ValueError("back-references such as \\1 are not for regular expressions here")
        }
        let expression = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        let flags = REG_EXTENDED | REG_NOSUB | (ignoresCase ? REG_ICASE : 0) | (matchesLines ? REG_NEWLINE : 0)
        let error = regcomp(expression, source, flags)
        guard error == 0 else {
            var message = [CChar](repeating: 0, count: 128)
            regerror(error, expression, &message, message.count)
            expression.deallocate()
            let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw ValueError("'\(text)' is no extended regular expression: \(reason)")
        }
        self.expression = expression
    }

    deinit {
        regfree(expression)
        expression.deallocate()
    }

    /// Whether it is found somewhere in a text.
    func matches(_ text: some StringProtocol) -> Bool {
        var text = String(text)
        return text.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }

    /// Whether it is found somewhere in some octets.
    func matches(_ octets: UnsafeRawBufferPointer) -> Bool {
        guard let start = octets.baseAddress, let end = regoff_t(exactly: octets.count) else {
            return octets.isEmpty && "".withCString { matches($0, 0) }
        }
        return matches(start.assumingMemoryBound(to: CChar.self), end)
    }

    private func matches(_ start: UnsafePointer<CChar>, _ end: regoff_t) -> Bool {
        var range = regmatch_t(rm_so: 0, rm_eo: end)
        return regexec(expression, start, 1, &range, REG_STARTEND) == 0
    }

    private static func refersBack(_ source: String) -> Bool {
        var isEscaped = false
        for octet in source.utf8 {
            if isEscaped, 0x31...0x39 ~= octet { return true }
            isEscaped = !isEscaped && octet == UInt8(ascii: "\\")
        }
        return false
    }
}
