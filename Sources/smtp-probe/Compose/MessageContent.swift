import CommandLineSupport
import SMTPKit

/// The content of a message, read piece by piece.
///
/// However large its files are, it holds one piece in memory.
final class MessageContent {
    /// A part of the content.
    enum Part {
        /// Bytes that are in memory.
        case octets([UInt8])
        /// The bytes of a descriptor from its current position to its end.
        case file(FileReader)
        /// The same as lines of base64.
        case base64(FileReader)
    }

    /// How much is read at a time; a whole number of lines in base64.
    private static let pieceLength = Base64Lines.lineLength * 2_048

    private var parts: ArraySlice<Part>
    /// Called with each piece as it is read.
    var onPiece: (([UInt8]) -> Void)?
    /// The known properties: all of them, unless a part of the content comes from a pipe that has not ended.
    ///
    /// Regular files are read through once.
    private(set) lazy var facts = findFacts()

    /// How many bytes ``next()`` gives, where that is known.
    let length: Int?

    /// Puts a content together.
    init(_ parts: [Part]) {
        self.parts = parts[...]
        length = parts.reduce(0 as Int?) { total, part in
            guard let total else { return nil }
            switch part {
            case .octets(let octets): return total + octets.count
            case .file(let file): return file.remaining.map { total + $0 }
            case .base64(let file): return file.remaining.map { total + Base64Lines.encodedLength($0) }
            }
        }
    }

    private func findFacts() -> ContentFacts {
        var counter = ContentCounter()
        var isKnown = true
        for part in parts {
            switch part {
            case .octets(let octets): counter.count(octets.span)
            case .file(let file): isKnown = file.count(into: &counter) && isKnown
            case .base64(let file):
                if let count = file.remaining {
                    counter.countLines(ofLength: Base64Lines.encodedLength(count))
                } else {
                    isKnown = false
                }
            }
        }
        var facts = counter.facts
        guard !isKnown else { return facts }
        facts.size = nil
        if facts.is8bit == false { facts.is8bit = nil }
        return facts
    }

    /// A pipe that has to be waited for before ``next()``; `nil` when that does not block.
    var pendingDescriptor: Int32? {
        switch parts.first {
        case .file(let file), .base64(let file): file.pendingDescriptor
        case .octets, nil: nil
        }
    }

    /// The next bytes, or `nil` at the end.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when a file cannot be read.
    func next() throws -> [UInt8]? {
        let piece = try read()
        if let onPiece, let piece { onPiece(piece) }
        return piece
    }

    private func read() throws -> [UInt8]? {
        while let part = parts.first {
            switch part {
            case .octets(let octets):
                parts.removeFirst()
                if !octets.isEmpty { return octets }
            case .file(let file):
                let octets = try file.read(Self.pieceLength)
                if !octets.isEmpty { return octets }
                parts.removeFirst()
            case .base64(let file):
                let octets = try file.readFully(Self.pieceLength)
                if !octets.isEmpty { return Base64Lines.encode(octets) }
                parts.removeFirst()
            }
        }
        return nil
    }
}
