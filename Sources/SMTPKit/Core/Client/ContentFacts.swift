/// What a client knows of a message's content before it sends it.
///
/// ``ClientSession/begin(_:_:into:)`` derives parameters of `MAIL` from it. What is not known is left out, or declared
/// on the safe side.
public struct ContentFacts: Hashable, Sendable {
    /// The size on the wire in octets, with CRLF line ends and without doubled dots (RFC 1870, section 5).
    public var size: UInt64?
    /// Whether there are octets above 127; `nil` when that is not known.
    public var is8bit: Bool?
    /// Whether the header has octets above 127, which needs SMTPUTF8 (RFC 6532, section 3).
    public var hasInternationalHeader = false
    /// Whether there are NULs, or lone CRs or LFs, that must arrive as they are: with `BDAT`, `BODY=BINARYMIME` is declared
    /// where it is offered (RFC 3030, section 3).
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
    /// How many octets were given.
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
            // Each block is compared with the octets one place before it, too, for CRLF.
            if index == 0, octets.count > 32 {
                count(octets[0])
                index = 1
            }
            var all = SIMD32<UInt8>()
            while octets.count - index >= 32 {
                index = countBlocks(UnsafeRawPointer(start), from: index, count: octets.count, &all)
                last = octets[index - 1]
            }
            if all.max() >= 0x80 { high = true }
            while index < octets.count {
                count(octets[index])
                index += 1
            }
        }
    }

    /// Counts 7-bit lines that end with CRLF and are known by their length only.
    public mutating func countLines(ofLength length: Int) {
        guard length > 0 else { return }
        given += UInt64(length)
        last = ASCII.lineFeed
    }

    /// Counts as many blocks of 32 octets as the sums of single octets can hold.
    ///
    /// - Returns: where it stopped.
    private mutating func countBlocks(
        _ start: UnsafeRawPointer, from index: Int, count: Int, _ all: inout SIMD32<UInt8>
    ) -> Int {
        var index = index
        let (zero, one) = (SIMD32<UInt8>(repeating: 0), SIMD32<UInt8>(repeating: 1))
        var (feeds, returns, both) = (zero, zero, zero)
        for _ in 0..<min(255, (count - index) / 32) {
            let block = start.loadUnaligned(fromByteOffset: index, as: SIMD32<UInt8>.self)
            let before = start.loadUnaligned(fromByteOffset: index - 1, as: SIMD32<UInt8>.self)
            let isFeed = block .== ASCII.lineFeed
            all |= block
            feeds &+= zero.replacing(with: one, where: isFeed)
            returns &+= zero.replacing(with: one, where: block .== ASCII.carriageReturn)
            both &+= zero.replacing(with: one, where: isFeed .& (before .== ASCII.carriageReturn))
            index += 32
        }
        func sum(_ counts: SIMD32<UInt8>) -> UInt64 { UInt64(SIMD32<UInt16>(truncatingIfNeeded: counts).wrappedSum()) }
        lineFeeds += sum(feeds)
        carriageReturns += sum(returns)
        pairs += sum(both)
        return index
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
