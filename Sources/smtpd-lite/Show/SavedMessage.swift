import SMTPKit

/// A message that was read from a file to be shown.
struct SavedMessage {
    /// The most bytes of a message that are kept; the rest is counted.
    static let mostOctets = 2 << 20

    /// Its name, and what the file says of its envelope.
    var heading: PrettyHeading
    /// The content, or the beginning of it.
    var content = SavedContent()
}

/// The beginning of a content, and its length.
struct SavedContent {
    private(set) var octets: [UInt8] = []
    private(set) var count: UInt64 = 0

    /// Appends a piece.
    mutating func append(_ piece: UnsafeRawBufferPointer) {
        count += UInt64(piece.count)
        let room = SavedMessage.mostOctets - octets.count
        if room > 0 { octets.append(contentsOf: piece.prefix(room)) }
    }

    /// Sets the length of a content of which only the beginning is here.
    mutating func setCount(atLeast number: UInt64) { count = max(count, number) }

    /// Removes the last byte.
    mutating func removeLast() {
        guard count > 0 else { return }
        if UInt64(octets.count) == count { octets.removeLast() }
        count -= 1
    }

    /// Whether it ends with an empty line, as far as it is kept.
    var endsWithEmptyLine: Bool {
        UInt64(octets.count) != count || octets.suffix(2) == [10, 10] || octets.suffix(3) == [10, 13, 10]
            || octets == [10]
    }
}

/// Takes the bytes of a file apart into messages, piece by piece.
protocol SavedReader {
    /// Reads a piece.
    mutating func read(_ piece: UnsafeRawBufferPointer, _ take: (SavedMessage) throws -> Void) throws

    /// Gives the last message although a line of another one could still follow, if it is whole as far as anybody can
    /// tell. For files that grow.
    mutating func flush(_ take: (SavedMessage) throws -> Void) throws

    /// Gives what is left at the end of the file.
    mutating func finish(_ take: (SavedMessage) throws -> Void) throws
}

/// A file that is one message.
struct WholeMessageReader: SavedReader {
    private var message: SavedMessage?

    init(_ heading: PrettyHeading) { message = SavedMessage(heading: heading) }

    mutating func read(_ piece: UnsafeRawBufferPointer, _ take: (SavedMessage) throws -> Void) {
        message?.content.append(piece)
    }

    mutating func flush(_ take: (SavedMessage) throws -> Void) throws { try finish(take) }

    mutating func finish(_ take: (SavedMessage) throws -> Void) throws {
        guard var message else { return }
        self.message = nil
        message.heading.addEnvelope(of: message.content.octets, sender: nil)
        try take(message)
    }
}

extension PrettyHeading {
    /// Adds the envelope of a message that was delivered, from its fields `Return-Path` and `Delivered-To`.
    ///
    /// - Parameter sender: the sender that the file names beside the message.
    mutating func addEnvelope(of octets: [UInt8], sender: String?) {
        let header = octets.withUnsafeBytes { HeaderFields(parsing: $0) }
        let path = header["Return-Path"]?.value
        let recipients = header.all("Delivered-To").map(\.value)
        guard let from = path.map(Self.bare) ?? sender else { return }
        addEnvelope(from: from, to: recipients)
    }

    private static func bare(_ path: String) -> String {
        path.hasPrefix("<") && path.hasSuffix(">") ? String(path.dropFirst().dropLast()) : path
    }
}
