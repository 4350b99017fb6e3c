/// Counts what ``MboxFormat/mboxcl2`` writes into `Content-Length`, in a pass over the content before it
/// is encoded.
///
/// Counted are the bytes after the empty line that ends the header, each CRLF as one, and the LF that
/// is added to a last line without one. Content that does not begin with a header is all body.
public struct MboxBodyLength: Sendable {
    private var isInHeader: Bool
    /// Bytes of the line so far while in the header, CRs left out: an empty line ends the header.
    private var isLineEmpty = true
    private var previous = ASCII.lineFeed
    private var length: UInt64 = 0

    /// Starts counting.
    public init() { isInHeader = true }

    /// Starts counting.
    ///
    /// - Parameter hasHeader: whether the content begins with a header.
    package init(hasHeader: Bool) { isInHeader = hasHeader }

    /// Counts a piece of the content.
    public mutating func append(_ content: Span<UInt8>) {
        content.withUnsafeBytes { append($0) }
    }

    /// Counts a piece of the content.
    package mutating func append(_ content: UnsafeRawBufferPointer) {
        var rest = content[...]
        while isInHeader, let octet = rest.popFirst() { takeHeader(octet) }
        length += UInt64(rest.count)
        var pairs: UInt64 = 0
        for octet in rest {
            if octet == ASCII.lineFeed, previous == ASCII.carriageReturn { pairs += 1 }
            previous = octet
        }
        length -= pairs
    }

    /// The length of the body, when all of the content has been counted. 0 without an end of the header.
    public var total: UInt64 {
        isInHeader || length == 0 || previous == ASCII.lineFeed ? length : length + 1
    }

    private mutating func takeHeader(_ octet: UInt8) {
        if octet == ASCII.lineFeed {
            if isLineEmpty { isInHeader = false }
            isLineEmpty = true
        } else if octet != ASCII.carriageReturn || previous != ASCII.lineFeed {
            // A CR right after a line end leaves the line empty if an LF comes next.
            isLineEmpty = false
        }
        previous = octet
    }
}
