import Glibc
public import NIOCore
import NIOPosix

/// The bytes of a file as the content of a message, read in pieces while they are sent.
///
///     try await connection.send(transaction, content: FileContent(path: "message.eml"))
///
/// Reading happens off the event loop. The file may also be a pipe; it is read from its current position.
public struct FileContent: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer

    /// How much is read at a time, in bytes.
    private static let pieceSize = 512 << 10

    private let file: OpenFile

    /// Opens a file.
    ///
    /// - Throws: the system's reason, with the path.
    public init(path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileContentError(path: path, number: errno) }
        file = OpenFile(descriptor: descriptor, path: path, isOwned: true)
    }

    /// Takes a descriptor, which stays the caller's, such as 0.
    public init(descriptor: Int32, name: String) {
        file = OpenFile(descriptor: descriptor, path: name, isOwned: false)
    }

    /// How many bytes the file has, or `nil` for what is no regular file.
    public var size: UInt64? {
        var status = stat()
        guard fstat(file.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(status.st_size)
    }

    public func makeAsyncIterator() -> Iterator { Iterator(file: file) }

    /// Reads one piece after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let file: OpenFile

        /// The next piece, or `nil` at the end.
        public mutating func next() async throws -> ByteBuffer? {
            let file = file
            return try await NIOThreadPool.singleton.runIfActive { try file.read(FileContent.pieceSize) }
        }
    }

    fileprivate final class OpenFile: Sendable {
        let descriptor: Int32
        private let path: String
        private let isOwned: Bool

        init(descriptor: Int32, path: String, isOwned: Bool) {
            self.descriptor = descriptor
            self.path = path
            self.isOwned = isOwned
        }

        deinit { if isOwned { close(descriptor) } }

        func read(_ count: Int) throws -> ByteBuffer? {
            var buffer = ByteBufferAllocator().buffer(capacity: count)
            var error: Int32 = 0
            let length = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                while true {
                    let length = Glibc.read(descriptor, space.baseAddress, count)
                    if length >= 0 { return length }
                    if errno != EINTR {
                        error = errno
                        return 0
                    }
                }
            }
            guard error == 0 else { throw FileContentError(path: path, number: error) }
            return length > 0 ? buffer : nil
        }
    }
}

/// A file that cannot be read.
public struct FileContentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The system's number of the reason, `errno`.
    public let number: Int32

    public var description: String { "\(path): cannot read: \(String(cString: strerror(number)))" }
}
