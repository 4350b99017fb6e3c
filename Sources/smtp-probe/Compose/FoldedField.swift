/// A header field while it is written: words that are joined by spaces, folded where a line would be too long.
///
///     Subject: a long text that goes on and on, until it does not fit any
///      more
///
/// - SeeAlso: RFC 5322, section 2.2.3.
struct FoldedField {
    /// How long a line should be at most, in bytes without CRLF (RFC 5322, section 2.1.1).
    private static let width = 78

    private(set) var octets: [UInt8]
    /// How long the last line is.
    private(set) var column: Int

    /// Begins a field; the first word follows the colon and a space.
    init(name: String) {
        octets = Array("\(name):".utf8)
        column = octets.count
    }

    /// Writes a word after a space, on a line of its own where it does not fit.
    ///
    /// An empty word is a further space. A line of blanks only is never written.
    mutating func append(_ word: some StringProtocol) {
        let length = word.utf8.count
        if !word.isEmpty, column + 1 + length > Self.width {
            octets += [13, 10]
            column = 0
        }
        octets.append(UInt8(ascii: " "))
        octets += word.utf8
        column += 1 + length
    }

    /// Writes a mark that belongs to the word before.
    mutating func appendMark(_ mark: String) {
        octets += mark.utf8
        column += mark.utf8.count
    }

    /// Ends the field.
    consuming func finish() -> [UInt8] { octets + [13, 10] }
}
