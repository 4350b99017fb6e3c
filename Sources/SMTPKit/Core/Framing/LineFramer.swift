/// Finds the end of the next line, whatever the pieces in which it comes.
///
/// A line ends with CRLF. What a lone CR or LF means is the ``BareNewlinePolicy``'s to say; the answer
/// does not depend on how the bytes were cut into segments. A line over its limit is skipped, not kept.
/// `AUTH` commands have a limit of their own, as an initial response may be long (RFC 4954, section 4).
///
/// - SeeAlso: RFC 5321, section 2.3.8.
struct LineFramer {
    /// The result of a look into the buffer.
    enum Frame: Equatable {
        /// No end yet. Bytes up to `next` are used up; pass the rest again, with more bytes after it.
        case incomplete(next: Int)
        /// A line ends before `end`; the next one begins at `next`.
        case line(end: Int, next: Int)
        /// A line ended that was over its limit; the next one begins at `next`.
        case tooLong(next: Int, isAuthentication: Bool)
        /// The line contains a lone CR or LF.
        case bareNewline
        /// The end of a line over its limit did not come within ``Limits/skippedLine``.
        case endless
    }

    private let limit: Int
    private let authenticationLimit: Int
    private let skipLimit: Int
    private let takesBareLineFeed: Bool
    /// How many bytes of the line have been looked at.
    private var length = 0
    /// Whether the last byte looked at was a CR.
    private var isBehindCarriageReturn = false
    /// Whether the line was over the limit and found to be an `AUTH` command.
    private var isAuthentication = false

    /// - Parameter authenticationLimit: The limit of `AUTH` commands; `nil` when it is that of all lines.
    init(limit: Int, authenticationLimit: Int? = nil, skipLimit: Int, policy: BareNewlinePolicy) {
        self.limit = limit
        self.authenticationLimit = max(authenticationLimit ?? limit, limit)
        self.skipLimit = skipLimit
        takesBareLineFeed = policy != .reject
    }

    /// Whether nothing of the next line has come yet.
    var isAtLineStart: Bool { length == 0 }

    /// The limit of the line under way.
    private var lineLimit: Int { isAuthentication ? authenticationLimit : limit }

    /// Looks for the end of the line that begins at `start`, the same `start` until it is found,
    /// unless `incomplete` said otherwise.
    mutating func next(in octets: Span<UInt8>, from start: Int) -> Frame {
        if length == 0, let frame = wholeLine(in: octets, from: start) { return frame }
        // The bytes that were looked at before are at the start of the buffer, unless they were skipped.
        var index = length > lineLimit ? start : start + length
        while index < octets.count {
            let octet = octets[index]
            index += 1
            length += 1
            // Its beginning is still at hand in the one step in which it goes over the limit.
            if length == limit + 1, authenticationLimit > limit {
                isAuthentication = octets.hasWord("AUTH ", at: start)
            }
            if octet == ASCII.lineFeed {
                guard isBehindCarriageReturn || takesBareLineFeed else { return .bareNewline }
                let frame: Frame =
                    length > lineLimit
                    ? .tooLong(next: index, isAuthentication: isAuthentication)
                    : .line(end: index - (isBehindCarriageReturn ? 2 : 1), next: index)
                length = 0
                isBehindCarriageReturn = false
                isAuthentication = false
                return frame
            }
            if isBehindCarriageReturn, !takesBareLineFeed { return .bareNewline }
            isBehindCarriageReturn = octet == ASCII.carriageReturn
            if length > skipLimit { return .endless }
        }
        return .incomplete(next: length > lineLimit ? octets.count : start)
    }

    /// The usual case: the whole line is there, short enough and ended as it should be.
    @inline(__always)
    private func wholeLine(in octets: Span<UInt8>, from start: Int) -> Frame? {
        let bound = min(octets.count, start + limit)
        // If another control character comes first, the line is read byte by byte.
        guard let end = octets.firstControl(in: start..<bound), end + 1 < bound, octets[end] == ASCII.carriageReturn,
            octets[end + 1] == ASCII.lineFeed
        else { return nil }
        return .line(end: end, next: end + 2)
    }
}
