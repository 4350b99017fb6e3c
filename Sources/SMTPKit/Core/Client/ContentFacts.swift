/// Properties of a message's content that are known before it is sent.
///
/// ``ClientSession/begin(_:_:into:)`` derives parameters of `MAIL` from them. A property that is not known is left out,
/// or the safe value is declared.
public struct ContentFacts: Hashable, Sendable {
    /// The size on the wire in bytes, with CRLF line ends and without doubled dots (RFC 1870, section 5).
    public var size: UInt64?
    /// Whether there are bytes above 127; `nil` when that is not known.
    public var is8bit: Bool?
    /// Whether the header has bytes above 127, which needs SMTPUTF8 (RFC 6532, section 3).
    public var hasInternationalHeader = false
    /// Whether there are NULs, or lone CRs or LFs, that must arrive as they are: with `BDAT`, `BODY=BINARYMIME` is
    /// declared where it is offered (RFC 3030, section 3).
    public var isBinary = false

    /// Makes facts; by default nothing is known.
    public init(size: UInt64? = nil, is8bit: Bool? = nil) {
        self.size = size
        self.is8bit = is8bit
    }

    /// Counts content that is at hand.
    public init(of content: Span<UInt8>) {
        var counter = ContentCounter()
        counter.count(content)
        self = counter.facts
    }
}

/// Counts content in pieces, to find out its facts before it is sent.
public struct ContentCounter: Sendable {
    /// How many bytes were given.
    private var given: UInt64 = 0
    private var lineFeeds: UInt64 = 0
    private var carriageReturns: UInt64 = 0
    private var pairs: UInt64 = 0
    private var isBodyReached = false
    private var last: UInt8 = ASCII.lineFeed
    private var beforeLast: UInt8 = ASCII.lineFeed
    private var high = false
    private var headerHigh = false

    /// Makes a counter that has counted nothing.
    public init() {}

    /// Counts a piece; lines may be cut anywhere.
    public mutating func count(_ octets: Span<UInt8>) {
        octets.withUnsafeBufferPointer { octets in
            guard let start = octets.baseAddress else { return }
            given += UInt64(octets.count)
            var index = 0
            if !isBodyReached { index = countHeader(octets) }
            while index < octets.count {
                // A word is compared with the bytes one place before it, and a run begins with no LF.
                if index == 0 || octets[index] == ASCII.lineFeed {
                    count(octets[index])
                    index += 1
                }
                index += passOver(octets, from: index)
                let stop = min(index + Self.stretch, octets.count)
                let end = countWords(UnsafeRawPointer(start), from: index, count: stop)
                if end > index {
                    index = end
                } else if index < octets.count {
                    count(octets[index])
                    index += 1
                }
            }
        }
    }

    /// Counts 7-bit lines that end with CRLF and are known by their length only.
    public mutating func countLines(ofLength length: Int) {
        guard length > 0 else { return }
        given += UInt64(length)
        last = ASCII.lineFeed
    }

    /// How many bytes are counted after a line end that is no CRLF, before a run of ordinary lines is looked for again.
    private static let stretch = 2_048

    /// Passes over lines that end with CRLF, of which only the difference of all sums matters.
    ///
    /// - Returns: how many bytes were passed over.
    private mutating func passOver(_ octets: UnsafeBufferPointer<UInt8>, from index: Int) -> Int {
        guard index < octets.count, octets[index] != ASCII.lineFeed else { return 0 }
        let length = ContentScanner.pairedLength(in: octets, from: index, is7bit: !high)
        guard length > 0 else { return 0 }
        last = octets[index + length - 1]
        // Its LF comes next, and is counted with it.
        if last == ASCII.carriageReturn { carriageReturns += 1 }
        return length
    }

    /// Counts eight bytes at a time; a byte of each sum has the count of every eighth byte.
    ///
    /// - Precondition: `first` is not 0, so that there is a byte before it.
    /// - Returns: where less than eight are left.
    private mutating func countWords(_ start: UnsafeRawPointer, from first: Int, count: Int) -> Int {
        var index = first
        var all: UInt64 = 0
        while count - index >= 8 {
            var (feeds, returns, both) = (UInt64(0), UInt64(0), UInt64(0))
            // A byte counts to 255. The loop has no branch and carries no mark over, so that the compiler can use
            // vectors.
            let end = index + min((count - index) / 8, 255) * 8
            while index < end {
                let word = start.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let before = start.loadUnaligned(fromByteOffset: index &- 1, as: UInt64.self)
                let feedMarks = Self.marks(of: ASCII.lineFeed, in: word)
                feeds &+= feedMarks
                returns &+= Self.marks(of: ASCII.carriageReturn, in: word)
                both &+= feedMarks & Self.marks(of: ASCII.carriageReturn, in: before)
                all |= word
                index &+= 8
            }
            lineFeeds += Self.sum(feeds)
            carriageReturns += Self.sum(returns)
            pairs += Self.sum(both)
        }
        guard index > first else { return first }
        if all & (Self.word * 0x80) != 0 { high = true }
        last = start.load(fromByteOffset: index - 1, as: UInt8.self)
        return index
    }

    /// One in each byte.
    private static let word: UInt64 = 0x0101_0101_0101_0101

    /// Returns a word with 1 in each byte that has some value, and 0 in the others.
    @inline(__always)
    private static func marks(of value: UInt8, in word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let difference = word ^ (Self.word &* UInt64(value))
        return (~(((difference & low) &+ low) | difference) & ~low) &>> 7
    }

    /// Returns the sum of the bytes of a word.
    private static func sum(_ word: UInt64) -> UInt64 {
        let pairs = (word & 0x00FF_00FF_00FF_00FF) &+ ((word &>> 8) & 0x00FF_00FF_00FF_00FF)
        return (pairs &* 0x0001_0001_0001_0001) &>> 48
    }

    /// - Returns: the place where the body begins, or the end of the piece.
    private mutating func countHeader(_ octets: UnsafeBufferPointer<UInt8>) -> Int {
        for index in 0..<octets.count {
            let octet = octets[index]
            let isEnd =
                octet == ASCII.lineFeed
                && (last == ASCII.lineFeed || last == ASCII.carriageReturn && beforeLast == ASCII.lineFeed)
            count(octet)
            if octet >= 0x80 { headerHigh = true }
            if isEnd {
                isBodyReached = true
                return index + 1
            }
        }
        return octets.count
    }

    private mutating func count(_ octet: UInt8) {
        if octet == ASCII.lineFeed {
            lineFeeds += 1
            if last == ASCII.carriageReturn { pairs += 1 }
        } else if octet == ASCII.carriageReturn {
            carriageReturns += 1
        } else if octet >= 0x80 {
            high = true
        }
        beforeLast = last
        last = octet
    }

    /// The facts of everything that was counted, sent with ``BareNewlinePolicy/normalize``.
    public var facts: ContentFacts {
        var size = given + (lineFeeds - pairs) + (carriageReturns - pairs)
        // The last line is ended.
        if given > 0, last != ASCII.lineFeed, last != ASCII.carriageReturn { size += 2 }
        var facts = ContentFacts(size: size, is8bit: high)
        facts.hasInternationalHeader = headerHigh
        return facts
    }
}
