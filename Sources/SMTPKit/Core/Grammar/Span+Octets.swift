extension Span<UInt8> {
    /// Returns the byte at an index, or `nil` after the end.
    @inline(__always)
    func octet(at index: Int) -> UInt8? { index < count ? self[index] : nil }

    /// Whether the bytes at an index are those of `word`, case aside. `word` is in upper case.
    func hasWord(_ word: StaticString, at index: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard index + length <= count else { return false }
        let letters = word.utf8Start
        var offset = 0
        while offset < length {
            guard ASCII.uppercased(self[index &+ offset]) == letters[offset] else { return false }
            offset &+= 1
        }
        return true
    }

    /// Returns the index of the first space at or after an index, or the end.
    func endOfWord(from index: Int) -> Int {
        var end = index
        while end < count, self[end] != ASCII.space { end += 1 }
        return end
    }

    /// Returns the index of the first byte at or after an index that is no space, or the end.
    func skippingSpaces(from index: Int) -> Int {
        var end = index
        while end < count, self[end] == ASCII.space { end += 1 }
        return end
    }

    /// The index after the last byte that is no space.
    var endWithoutTrailingSpaces: Int {
        var end = count
        while end > 0, self[end - 1] == ASCII.space { end -= 1 }
        return end
    }
}

extension String {
    /// The text of bytes that are known to be UTF-8.
    @inline(__always)
    init(copying octets: Span<UInt8>) {
        self = octets.withUnsafeBufferPointer { source in
            // Up to fifteen bytes fit into the string itself: copied at once, without looking at each.
            guard source.count <= 15 else { return String(decoding: source, as: UTF8.self) }
            return String(unsafeUninitializedCapacity: source.count) { $0.initialize(fromContentsOf: source) }
        }
    }

    /// The text of bytes that are known to be ASCII.
    @inline(__always)
    init(ascii start: UnsafePointer<UInt8>, _ count: Int) {
        self = String(unsafeUninitializedCapacity: count) { text in
            text.baseAddress?.initialize(from: start, count: count)
            return count
        }
    }
}
