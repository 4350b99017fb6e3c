import Glibc
import Synchronization

/// The content of a large message, in a file that has no name.
///
/// The file vanishes with the last reference to it, or with the process, however that ends. One writer
/// appends; readers may read at the same time, what has been appended before.
public final class SpoolFile: Sendable {
    private let descriptor: Int32
    /// Where the file lies, for messages.
    private let directory: String
    private let length = Atomic<UInt64>(0)

    /// Makes an empty file.
    ///
    /// - Parameter directory: where the file lies; by default `TMPDIR`, or else `/tmp`.
    /// - Throws: ``StoreError`` when no file can be made there.
    public init(directory: String? = nil) throws(StoreError) {
        self.directory = directory ?? Self.defaultDirectory
        descriptor = try Self.open(in: self.directory)
    }

    deinit { close(descriptor) }

    /// How many octets there are.
    public var count: UInt64 { length.load(ordering: .acquiring) }

    /// Appends octets.
    ///
    /// On failure the file keeps its length from before, and what it held can still be read.
    ///
    /// - Throws: ``StoreError``; full when there is no room.
    public func append(_ octets: Span<UInt8>) throws(StoreError) {
        let errorNumber = octets.withUnsafeBytes { write($0) }
        guard errorNumber == 0 else {
            throw StoreError(cannot: "spool a message", path: directory, errorNumber: errorNumber)
        }
    }

    /// Appends octets, as ``append(_:)-(Span<UInt8>)``.
    public func append(_ octets: UnsafeRawBufferPointer) throws(StoreError) {
        let errorNumber = write(octets)
        guard errorNumber == 0 else {
            throw StoreError(cannot: "spool a message", path: directory, errorNumber: errorNumber)
        }
    }

    /// Reads octets into the caller's memory.
    ///
    /// - Parameters:
    ///   - offset: where to start, from the start of the content.
    ///   - buffer: where the octets go.
    /// - Returns: how many were read: as many as fit, fewer only at the end, 0 behind it.
    /// - Throws: ``StoreError`` when the file cannot be read.
    public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
        let end = count
        guard offset < end, let start = buffer.baseAddress else { return 0 }
        let wanted = Int(min(UInt64(buffer.count), end - offset))
        var done = 0
        while done < wanted {
            let result = pread(descriptor, start + done, wanted - done, off_t(offset) + done)
            if result > 0 {
                done += result
            } else if result == 0 {
                throw StoreError(.unavailable, path: directory, reason: "a spooled message lost its end")
            } else if errno != EINTR {
                throw StoreError(cannot: "read a spooled message", path: directory, errorNumber: errno)
            }
        }
        return done
    }

    /// Opens the file once more, for reading from its start; the caller closes the descriptor.
    ///
    /// - Throws: ``StoreError`` when there is no descriptor left, or no `/proc`.
    func reopened() throws(StoreError) -> Int32 {
        let other = Glibc.open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
        guard other >= 0 else {
            throw StoreError(cannot: "reopen a spooled message", path: directory, errorNumber: errno)
        }
        return other
    }

    /// Writes all of it behind the end.
    ///
    /// - Returns: 0, or the number of the error.
    private func write(_ octets: UnsafeRawBufferPointer) -> Int32 {
        guard let start = octets.baseAddress else { return 0 }
        let end = length.load(ordering: .relaxed)
        var done = 0
        while done < octets.count {
            let result = pwrite(descriptor, start + done, octets.count - done, off_t(end) + done)
            if result > 0 {
                done += result
            } else if result == 0 {
                return EIO
            } else if errno != EINTR {
                return errno
            }
        }
        length.store(end + UInt64(done), ordering: .releasing)
        return 0
    }

    private static var defaultDirectory: String {
        guard let value = getenv("TMPDIR"), value.pointee != 0 else { return "/tmp" }
        return String(cString: value)
    }

    /// An unnamed file where the file system knows such, else a named one whose name is taken away.
    private static func open(in directory: String) throws(StoreError) -> Int32 {
        let unnamed = Glibc.open(directory, LinuxFlags.unnamedFile | O_RDWR | O_CLOEXEC, 0o600)
        if unnamed >= 0 { return unnamed }
        var template = Array("\(directory)/smtp-spool-XXXXXX".utf8CString)
        let named = template.withUnsafeMutableBufferPointer { name in
            name.baseAddress.map { mkstemp($0) } ?? -1
        }
        guard named >= 0 else {
            throw StoreError(cannot: "make a spool file", path: directory, errorNumber: errno)
        }
        _ = fcntl(named, F_SETFD, FD_CLOEXEC)
        _ = template.withUnsafeBufferPointer { name in name.baseAddress.map { unlink($0) } }
        return named
    }
}
