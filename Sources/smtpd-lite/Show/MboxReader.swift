import Glibc
import SMTPKit

/// Takes an mbox apart into messages, in any of the dialects of ``MboxFormat``.
///
/// A line `From ` after an empty line starts a message. One `>` is taken off lines that were quoted. A field
/// `Content-Length` is believed if a message can end where it says, and nothing in the body is looked at then.
struct MboxReader: SavedReader {
    /// As much of a line without an end is kept until it can be told what it is.
    private static let longestStart = 1024

    private let name: String
    /// Whether the file ends or a message starts at an offset; `nil` for what cannot be looked at twice.
    private let isBoundary: ((UInt64) -> Bool)?
    private var count = 0
    private var sender = ""
    private var message: SavedMessage?
    /// The start of a line whose end has not come.
    private var start: [UInt8] = []
    /// The offset of the byte that is looked at next.
    private var offset: UInt64 = 0
    private var isAtLineStart = true
    private var isAfterEmptyLine = true
    private var isInHeader = false
    private var length: UInt64?
    /// How many bytes of the body are left that are not looked at.
    private var opaque: UInt64 = 0

    init(name: String, isBoundary: ((UInt64) -> Bool)?) {
        self.name = name
        self.isBoundary = isBoundary
    }

    mutating func read(_ piece: UnsafeRawBufferPointer, _ take: (SavedMessage) throws -> Void) throws {
        guard !start.isEmpty else { return try readLines(piece, take) }
        let whole = start + piece
        start = []
        try whole.withUnsafeBytes { try readLines($0, take) }
    }

    mutating func flush(_ take: (SavedMessage) throws -> Void) throws {
        guard start.isEmpty, opaque == 0, isAfterEmptyLine, !isInHeader else { return }
        try give(take)
    }

    mutating func finish(_ take: (SavedMessage) throws -> Void) throws {
        if !start.isEmpty {
            let rest = start
            start = []
            try rest.withUnsafeBytes { try readLine($0, take) }
        }
        try give(take)
    }

    private mutating func readLines(_ piece: UnsafeRawBufferPointer, _ take: (SavedMessage) throws -> Void) throws {
        var rest = piece
        while let base = rest.baseAddress, !rest.isEmpty {
            let size: Int
            if opaque > 0 {
                size = Int(min(opaque, UInt64(rest.count)))
                message?.content.append(UnsafeRawBufferPointer(rebasing: rest[..<size]))
                opaque -= UInt64(size)
                offset += UInt64(size)
                (isAtLineStart, isAfterEmptyLine) = (true, true)
            } else {
                let feed = memchr(base, 10, rest.count).map { UnsafeRawPointer($0) - base + 1 }
                if feed == nil, isAtLineStart, rest.count < Self.longestStart {
                    start = Array(rest)
                    return
                }
                size = feed ?? rest.count
                try readLine(UnsafeRawBufferPointer(rebasing: rest[..<size]), take)
                isAtLineStart = feed != nil
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[size...])
        }
    }

    /// Reads a line, or a piece of one.
    private mutating func readLine(_ line: UnsafeRawBufferPointer, _ take: (SavedMessage) throws -> Void) throws {
        offset += UInt64(line.count)
        guard isAtLineStart else {
            message?.content.append(line)
            isAfterEmptyLine = false
            return
        }
        if isAfterEmptyLine, line.starts(with: "From ".utf8) {
            try give(take)
            begin(line)
            return
        }
        var text = line
        if line.first == UInt8(ascii: ">"), line.drop(while: { $0 == UInt8(ascii: ">") }).starts(with: "From ".utf8) {
            text = UnsafeRawBufferPointer(rebasing: line[1...])
        }
        message?.content.append(text)
        isAfterEmptyLine = line.count <= 2 && line.allSatisfy { $0 == 10 || $0 == 13 } && line.last == 10
        if isInHeader { readHeader(line) }
    }

    private mutating func readHeader(_ line: UnsafeRawBufferPointer) {
        if isAfterEmptyLine {
            isInHeader = false
            if let length, isBoundary?(offset + length) == true { opaque = length }
            return
        }
        let name = "content-length:"
        guard line.count < Self.longestStart, line.count > name.utf8.count else { return }
        let text = String(decoding: line, as: UTF8.self)
        guard text.lowercased().hasPrefix(name) else { return }
        let digits = text.utf8.dropFirst(name.utf8.count).filter { $0 > 32 }
        length = UInt64(String(decoding: digits, as: UTF8.self)).flatMap { $0 < 1 << 40 ? $0 : nil }
    }

    private mutating func begin(_ line: UnsafeRawBufferPointer) {
        count += 1
        let words = String(decoding: line.dropFirst(5).prefix(Self.longestStart), as: UTF8.self)
            .split(separator: " ", maxSplits: 1)
        sender = words.first.map { String($0) } ?? ""
        if sender == "MAILER-DAEMON" { sender = "" }
        let date = words.count > 1 ? words[1].split(whereSeparator: \.isWhitespace).joined(separator: " ") : ""
        message = SavedMessage(heading: PrettyHeading("\(name) \(count)\(date.isEmpty ? "" : "  ")\(date)", date: nil))
        (isAfterEmptyLine, isInHeader, length) = (false, true, nil)
    }

    private mutating func give(_ take: (SavedMessage) throws -> Void) throws {
        guard var message else { return }
        self.message = nil
        // The empty line at the end belongs to the mbox.
        if message.content.endsWithEmptyLine { message.content.removeLast() }
        message.heading.addEnvelope(of: message.content.octets, sender: sender)
        try take(message)
    }
}
