import CommandLineSupport
import Glibc
import SMTPKit

/// A file that is read from its place on to its end.
///
/// Reading a pipe waits in the poll loop: see ``wait``.
final class FileReader {
    /// Waits until a descriptor that is no regular file can be read. The tool sets it to its poll loop, in which
    /// signals and the time limit are noticed. Where it sets nothing, this waits without a limit.
    ///
    /// It is set once, before anything is read, and the tool reads on one thread only.
    nonisolated(unsafe) static var wait: (Int32) throws -> Void = { descriptor in
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, -1) < 0, errno == EINTR {}
    }

    private let name: String
    private let descriptor: Int32
    /// Whether it is a regular file.
    private let isRegular: Bool
    private var isAtEnd = false

    /// Opens a file; `-` is standard input. A FIFO is opened also while no program writes to it.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when it cannot be opened, or is a folder.
    init(path: String) throws {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ValueError("\(name): cannot open: \(String(cString: strerror(errno)))") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw ValueError("\(name): cannot read: it is a folder")
        }
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    deinit { close(descriptor) }

    /// The descriptor, if reading it may block.
    var pendingDescriptor: Int32? { isRegular || isAtEnd ? nil : descriptor }

    /// How much there is to read yet, in a regular file.
    var remaining: Int? {
        if isAtEnd { return 0 }
        var status = stat()
        let place = lseek(descriptor, 0, SEEK_CUR)
        guard isRegular, place >= 0, fstat(descriptor, &status) == 0 else { return nil }
        return max(Int(status.st_size) - Int(place), 0)
    }

    /// Reads some bytes; none at the end.
    func read(_ count: Int) throws -> [UInt8] {
        guard !isAtEnd else { return [] }
        while true {
            if !isRegular { try Self.wait(descriptor) }
            var result = 0
            let octets = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
                result = Glibc.read(descriptor, buffer.baseAddress, count)
                length = max(result, 0)
            }
            if result < 0, errno == EINTR || errno == EAGAIN { continue }
            guard result >= 0 else {
                throw ValueError("\(name): cannot read: \(String(cString: strerror(errno)))")
            }
            isAtEnd = result == 0
            return octets
        }
    }

    /// Reads so many bytes, and fewer only at the end.
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

    /// Counts what is left of a regular file, without moving on in it.
    ///
    /// - Returns: whether it was counted; a pipe cannot be.
    func count(into counter: inout ContentCounter) -> Bool {
        if isAtEnd { return true }
        guard isRegular else { return false }
        var place = lseek(descriptor, 0, SEEK_CUR)
        guard place >= 0 else { return false }
        var piece = [UInt8](repeating: 0, count: 128 << 10)
        while true {
            let length = pread(descriptor, &piece, piece.count, place)
            if length < 0, errno == EINTR { continue }
            guard length > 0 else { return length == 0 }
            counter.count(piece.span.extracting(first: length))
            place += length
        }
    }
}
