/// The way of the bytes: lines in whole blocks, the starts of suspicious lines one by one.
extension MboxEncoder {
    /// Encodes `count` bytes, at least one.
    ///
    /// - Returns: how many were written.
    mutating func encode(_ input: UnsafeRawPointer, _ count: Int, to output: UnsafeMutableRawPointer) -> Int {
        var read = 0
        var written = 0
        if holdsReturn {
            holdsReturn = false
            resumeBehindReturn(input, &read, output, &written)
        }
        while read < count {
            if case .middle = position {
                copyLines(input, count, &read, output, &written)
            } else {
                step(input.load(fromByteOffset: read, as: UInt8.self), &read, output, &written)
            }
        }
        if written > 0 {
            lastOctet = output.load(fromByteOffset: written - 1, as: UInt8.self)
            switch position {
            case .middle, .emptyLine:
                if lastOctet == ASCII.carriageReturn, input.load(fromByteOffset: count - 1, as: UInt8.self) == lastOctet
                {
                    // Whether this CR belongs to a line end is known when the next piece comes.
                    written -= 1
                    holdsReturn = true
                }
            case .lineStart, .quoteRun, .from, .lengthName:
                break
            }
        }
        return written
    }

    /// Copies from the middle of a line up to the start of one that needs a closer look, or to the end.
    ///
    /// A block is stored before it is known how much of it counts; what is too much is written over.
    @inline(__always)
    private mutating func copyLines(
        _ input: UnsafeRawPointer,
        _ count: Int,
        _ read: inout Int,
        _ output: UnsafeMutableRawPointer,
        _ written: inout Int
    ) {
        var i = read
        var o = written
        let needsLook = format != .mboxcl2
        let lineFeeds = SIMD32<UInt8>(repeating: ASCII.lineFeed)
        while i < count {
            let feed: Int
            if i + Self.blockSize <= count {
                let block = input.loadUnaligned(fromByteOffset: i, as: SIMD32<UInt8>.self)
                output.storeBytes(of: block, toByteOffset: o, as: SIMD32<UInt8>.self)
                feed = Self.firstMatch(block .== lineFeeds)
                if feed == Self.blockSize {
                    i += Self.blockSize
                    o += Self.blockSize
                    continue
                }
            } else {
                feed = Self.copyTail(input + i, count - i, to: output + o)
                if feed == count - i {
                    o += feed
                    i = count
                    break
                }
            }
            // An LF is at i + feed, and everything before it is copied. The CR before it is left out.
            i += feed + 1
            o += feed
            if o > 0, output.load(fromByteOffset: o - 1, as: UInt8.self) == ASCII.carriageReturn { o -= 1 }
            output.storeBytes(of: ASCII.lineFeed, toByteOffset: o, as: UInt8.self)
            o += 1
            if isInHeader {
                position = .lineStart
                break
            }
            guard needsLook else { continue }
            guard i < count else {
                position = .lineStart
                break
            }
            let next = input.load(fromByteOffset: i, as: UInt8.self)
            if next == UInt8(ascii: "F") || next == UInt8(ascii: ">") {
                position = .lineStart
                break
            }
        }
        read = i
        written = o
    }

    /// The place of the first match, or 32.
    @inline(__always)
    private static func firstMatch(_ mask: SIMDMask<SIMD32<Int8>>) -> Int {
        let words = unsafeBitCast(mask, to: SIMD4<UInt64>.self)
        let low = words[0] | words[1]
        guard low | words[2] | words[3] != 0 else { return blockSize }
        if low != 0 {
            return words[0] != 0
                ? words[0].littleEndian.trailingZeroBitCount >> 3 : 8 + words[1].littleEndian.trailingZeroBitCount >> 3
        }
        return words[2] != 0
            ? 16 + words[2].littleEndian.trailingZeroBitCount >> 3
            : 24 + words[3].littleEndian.trailingZeroBitCount >> 3
    }

    /// Copies less than a block, up to an LF.
    ///
    /// - Returns: the number of bytes before the LF, or `count`.
    @inline(__always)
    private static func copyTail(_ input: UnsafeRawPointer, _ count: Int, to output: UnsafeMutableRawPointer) -> Int {
        var place = 0
        while place < count {
            let octet = input.load(fromByteOffset: place, as: UInt8.self)
            if octet == ASCII.lineFeed { break }
            output.storeBytes(of: octet, toByteOffset: place, as: UInt8.self)
            place += 1
        }
        return place
    }

    /// Handles the first byte after a CR that ended the previous piece.
    private mutating func resumeBehindReturn(
        _ input: UnsafeRawPointer,
        _ read: inout Int,
        _ output: UnsafeMutableRawPointer,
        _ written: inout Int
    ) {
        if input.load(as: UInt8.self) == ASCII.lineFeed {
            put(ASCII.lineFeed, output, &written)
            read = 1
            if case .emptyLine = position { isInHeader = false }
            position = format == .mboxcl2 && !isInHeader ? .middle : .lineStart
        } else {
            put(ASCII.carriageReturn, output, &written)
            position = .middle
        }
    }

    /// Takes one byte where the line's start is not yet decided. A byte that decides it against
    /// quoting may be left to be read again from the middle of the line.
    private mutating func step(
        _ octet: UInt8,
        _ read: inout Int,
        _ output: UnsafeMutableRawPointer,
        _ written: inout Int
    ) {
        switch position {
        case .middle:
            break
        case .lineStart, .quoteRun:
            startLine(octet, &read, output, &written)
        case .from(let matched):
            if octet != Self.from[matched] {
                for held in Self.from.prefix(matched) { put(held, output, &written) }
                position = .middle
            } else if matched + 1 < Self.from.count {
                position = .from(matched + 1)
                read += 1
            } else {
                put(UInt8(ascii: ">"), output, &written)
                for held in Self.from { put(held, output, &written) }
                position = .middle
                read += 1
            }
        case .lengthName(let matched):
            if matched < Self.lengthName.count {
                guard ASCII.uppercased(octet) == Self.lengthName[matched] else {
                    position = .middle
                    return
                }
                put(octet, output, &written)
                position = .lengthName(matched + 1)
                read += 1
            } else {
                if octet == UInt8(ascii: ":") || octet == ASCII.space || octet == UInt8(ascii: "\t") {
                    for added in Self.lengthSuffix { put(added, output, &written) }
                }
                position = .middle
            }
        case .emptyLine:
            if octet == ASCII.lineFeed {
                written -= 1
                put(ASCII.lineFeed, output, &written)
                read += 1
                isInHeader = false
            }
            position = .middle
        }
    }

    private mutating func startLine(
        _ octet: UInt8,
        _ read: inout Int,
        _ output: UnsafeMutableRawPointer,
        _ written: inout Int
    ) {
        switch octet {
        case UInt8(ascii: "F"):
            position = .from(1)
            read += 1
        case UInt8(ascii: ">") where format == .mboxrd:
            put(octet, output, &written)
            position = .quoteRun
            read += 1
        case UInt8(ascii: "c") where isInHeader, UInt8(ascii: "C") where isInHeader:
            put(octet, output, &written)
            position = .lengthName(1)
            read += 1
        case ASCII.carriageReturn where isInHeader:
            put(octet, output, &written)
            position = .emptyLine
            read += 1
        case ASCII.lineFeed where isInHeader:
            put(octet, output, &written)
            position = .middle
            isInHeader = false
            read += 1
        case _:
            position = .middle
        }
    }

    @inline(__always)
    private func put(_ octet: UInt8, _ output: UnsafeMutableRawPointer, _ written: inout Int) {
        output.storeBytes(of: octet, toByteOffset: written, as: UInt8.self)
        written += 1
    }
}
