import CommandLineSupport
import Glibc
import ProcessSupport
import Testing

@testable import smtpd_lite

@Suite("Regular expressions", .timed)
struct PatternTests {
    @Test(arguments: [
        ("(?i)grüsse", "GRÜSSE an alle", true), ("(?i)привет", "ПРИВЕТ", true), ("grüsse", "GRÜSSE", false),
        ("^gr[ü]n$", "grün", true), ("^gr[^a-z]n$", "grün", true), ("^.$", "ü", true), ("^..$", "ü", false),
        ("^.$", "\u{1F600}", true), ("\\w+", "ü", true), ("^\\p{Lu}", "Über", true),
        ("\\bröm\\b", "ein röm vier", true),
        ("[[:alpha:]]", "ß", true), ("a|^$", "", true), ("x", "", false), ("^$", "", true), ("a", "\0\0a", true),
        ("^b", "a\nb", false), ("a$", "a\n", false), ("a.b", "a\nb", true), ("(?x) a b # c", "ab", true),
        ("^(?:ab|cd){2,3}?e", "abcde", true), ("[]a]", "]", true), ("[+*?(?=]+", "(?=", true),
        ("\\Q(?=\\E", "x(?=", true),
        ("a\\+\\+", "a++", true), ("(?<name>a)(?P<n>b)(?'m'c)", "abc", true), ("\\.", "a", false),
    ])
    func `they work on characters`(expression: String, text: String, matches: Bool) throws {
        #expect(try Pattern(expression).matches(text) == matches)
    }

    @Test(arguments: [
        ("^b.d$", "a\nbcd\ne", true), ("a.b", "a\nb", false), ("(?s)a.b", "a\nb", true), ("^$", "a\n\nb", true),
    ])
    func `of a body the lines are looked at`(expression: String, text: String, matches: Bool) throws {
        #expect(try Pattern(expression, matchesLines: true).matches(text) == matches)
    }

    @Test(arguments: [
        ("(a)\\1", "back-reference"), ("\\g1", "back-reference"), ("(?<x>a)\\k<x>", "back-reference"),
        ("(?=a)", "look-ahead"),
        ("x(?!a)", "look-ahead"), ("(?<=a)b", "look-behind"), ("(?<!a)b", "look-behind"), ("(?>a+)", "atomic"),
        ("a++", "possessive"), ("(ab)*+", "possessive"), ("a?+", "possessive"), ("a{2}+", "possessive"),
        ("(?R)", "recursion"), ("(a)(?1)", "recursion"), ("(a)(?-1)", "recursion"), ("(?P>x)", "recursion"),
        ("(?&x)", "recursion"), ("(?(1)a)", "condition"), ("(*ACCEPT)", "verb"), ("a\\Kb", "\\K"),
        ("(?C1)a", "callout"),
        ("(", "at byte 1"), ("[a", "at byte 2"), ("", "missing"), ("a\\Cb", "is no regular expression"),
    ])
    func `what cannot be searched in bounded time is refused, with its name`(expression: String, part: String) {
        let error = #expect(throws: ValueError.self) { try Pattern(expression) }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }

    @Test func `random expressions are read or refused`() {
        let pieces = [
            "(", ")", "[", "]", "?", "*", "+", "\\", "a", "^", "$", "|", "{2}", ":", "(?:", "(?i)", "[[:alpha:]]",
            "\\Q", "\\E", "ü",
        ]
        var random = SeededGenerator()
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 1...10, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            _ = try? Pattern(text).matches("aü(]a\na")
        }
    }

    /// Texts that make engines which go back take a time that grows with the square of their length, or faster.
    @Test(arguments: [
        ("^(a+)+$", "a", "b"), ("(a|aa)+$", "a", "b"), ("(a*)*b", "a", "c"), ("a.*b", "a", "c"),
        ("(.*a){12}$", "a", "b"),
        ("(?i)(x+x+)+y", "X", "z"), ("(\\w+\\s?)+!", "a ", "?"),
        ("a+b", "a", "c"), ("a[^b]*b.", "a", "b"),
    ])
    func `no text makes a search take long`(expression: String, piece: String, end: String) throws {
        let pattern = try Pattern(expression)
        let text = String(repeating: piece, count: 400_000 / piece.utf8.count) + end
        let start = Self.processorTime
        #expect(!pattern.matches(text))
        // It is a tenth of a second. The square of the length would be minutes.
        #expect(Self.processorTime - start < 20_000_000_000)
    }

    /// The processor time of this thread, in nanoseconds: whatever else runs on the machine does not count.
    private static var processorTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
