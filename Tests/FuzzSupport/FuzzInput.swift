/// An input of a fuzz target, read from its start: a few bytes that choose options, then the bytes for the part under
/// test.
package struct FuzzInput: Sendable {
    /// The bytes that were not read yet.
    package private(set) var rest: ArraySlice<UInt8>

    /// Makes an input.
    package init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Reads one byte; 0 at the end.
    package mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// The bytes that were not read yet, as an array.
    package var bytes: [UInt8] { Array(rest) }

    /// The bytes that were not read yet, as text in which invalid UTF-8 is replaced.
    package var text: String { String(decoding: rest, as: UTF8.self) }

    /// The bytes that were not read yet, divided at 0xFF, which is part of no text.
    package var turns: [[UInt8]] { rest.split(separator: 0xFF, omittingEmptySubsequences: false).map(Array.init) }
}

/// Cuts bytes into pieces whose lengths one byte of an input decides.
package struct Cutter: Sendable {
    private var state: UInt32
    private let longest: Int

    /// Makes a cutter.
    ///
    /// - Parameters:
    ///   - seed: decides the lengths.
    ///   - longest: the most bytes of a piece.
    package init(_ seed: UInt8, longest: Int = 40) {
        state = UInt32(seed) &* 2_654_435_761 | 1
        self.longest = longest
    }

    /// Divides bytes into pieces of 1 to `longest` bytes.
    ///
    /// - Parameter isAllowed: whether a cut is allowed after a byte; a piece is made longer where it is not.
    package mutating func pieces(
        of bytes: [UInt8], isAllowed: (UInt8) -> Bool = { _ in true }
    ) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            state = state &* 1_664_525 &+ 1_013_904_223
            var end = min(bytes.count, start + Int(state >> 24) % longest + 1)
            while end < bytes.count, !isAllowed(bytes[end - 1]) { end += 1 }
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }
}
