import CommandLineSupport
import Glibc

/// The content of a message, read piece by piece.
///
/// However large its files are, it holds one piece in memory.
final class MessageContent {
    /// A part of the content.
    enum Part {
        /// Octets that are in memory.
        case octets([UInt8])
        /// What a descriptor has from now on to its end.
        case file(FileReader)
        /// The same as lines of base64.
        case base64(FileReader)
    }

    /// How much is read at a time; a whole number of lines in base64.
    private static let pieceLength = Base64Lines.lineLength * 4_096

    private var parts: ArraySlice<Part>
    /// Called with each piece as it is read.
    var onPiece: (([UInt8]) -> Void)?
    /// How long it is, where that is known: octets as they are read, line ends not yet made CRLF.
    let size: Int?
    /// Whether octets above 127 stand in it; `nil` when that is not known before it is read.
    let is8bit: Bool?

    /// Puts a content together.
    init(_ parts: [Part], is8bit: Bool?) {
        self.parts = parts[...]
        self.is8bit = is8bit
        size = parts.reduce(0 as Int?) { total, part in
            guard let total else { return nil }
            switch part {
            case .octets(let octets): return total + octets.count
            case .file(let file): return file.remaining.map { total + $0 }
            case .base64(let file): return file.remaining.map { total + Base64Lines.encodedLength($0) }
            }
        }
    }

    /// The next octets, or `nil` at the end.
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

/// A file that is read from its place on to its end.
final class FileReader {
    private let name: String
    private let descriptor: Int32
    /// Whether it is a regular file.
    private let isRegular: Bool

    /// Opens a file; `-` is standard input.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when it cannot be opened, or is a folder.
    init(path: String) throws {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ValueError("\(name) cannot be opened: \(String(cString: strerror(errno)))") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw ValueError("\(name) cannot be read: it is a folder")
        }
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    deinit { close(descriptor) }

    /// How much there is to read yet, in a regular file.
    var remaining: Int? {
        var status = stat()
        let place = lseek(descriptor, 0, SEEK_CUR)
        guard isRegular, place >= 0, fstat(descriptor, &status) == 0 else { return nil }
        return max(Int(status.st_size) - Int(place), 0)
    }

    /// Reads some octets; none at the end.
    func read(_ count: Int) throws -> [UInt8] {
        while true {
            var result = 0
            let octets = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
                result = Glibc.read(descriptor, buffer.baseAddress, count)
                length = max(result, 0)
            }
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else {
                throw ValueError("\(name) cannot be read: \(String(cString: strerror(errno)))")
            }
            return octets
        }
    }

    /// Reads so many octets, and fewer only at the end.
    func readFully(_ count: Int) throws -> [UInt8] {
        var octets = try read(count)
        while !octets.isEmpty, octets.count < count {
            let more = try read(count - octets.count)
            if more.isEmpty { break }
            octets += more
        }
        return octets
    }

    /// Reads everything.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when there is more than `limit`.
    func readAll(limit: Int) throws -> [UInt8] {
        let octets = try readFully(limit + 1)
        guard octets.count <= limit else { throw ValueError("\(name) is larger than \(limit >> 20) MiB") }
        return octets
    }

    /// How far ahead a file is searched; a larger one may hold anything.
    private static let farthestSearch = 64 << 20

    /// Whether octets above 127 are to come, as far as that can be told without reading them.
    ///
    /// - Parameter isEnded: whether it is known that nothing is to come.
    func has8bit(isEnded: Bool) throws -> Bool? {
        if isEnded { return false }
        guard let size = remaining, size <= Self.farthestSearch else { return nil }
        let place = lseek(descriptor, 0, SEEK_CUR)
        defer { lseek(descriptor, place, SEEK_SET) }
        while case let octets = try read(1 << 18), !octets.isEmpty {
            if octets.contains(where: { $0 >= 0x80 }) { return true }
        }
        return false
    }
}
