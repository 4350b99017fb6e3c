import Glibc
import Synchronization

/// The content of a large message, in a file without a name.
///
/// The file disappears with the last reference to it, or with the process, however that ends. One writer appends.
/// Readers may read concurrently what was appended before.
public final class SpoolFile: Sendable {
    /// The descriptor. Its offset stays at 0, because each read and write names its own.
    let descriptor: Int32
    /// The folder that holds the file, for messages.
    private let directory: String
    private let calls: FileCalls
    private let length = Atomic<UInt64>(0)

    /// Creates an empty file.
    ///
    /// - Parameter directory: the folder for the file; by default `TMPDIR`, or else `/tmp`.
    /// - Throws: ``StoreError`` when no file can be created there.
    public convenience init(directory: String? = nil) throws(StoreError) {
        try self.init(directory: directory, calls: .system)
    }

    package init(directory: String?, calls: FileCalls) throws(StoreError) {
        self.directory = directory ?? Self.defaultDirectory
        self.calls = calls
        descriptor = try Self.open(in: self.directory, calls)
    }

    deinit { _ = calls.close(descriptor) }

    /// The number of bytes.
    public var count: UInt64 { length.load(ordering: .acquiring) }

    /// Appends bytes.
    ///
    /// On failure the file keeps its length from before, and its earlier content can still be read.
    ///
    /// - Throws: ``StoreError``; full when there is no room.
    public func append(_ octets: Span<UInt8>) throws(StoreError) {
        try check(octets.withUnsafeBytes { write($0) })
    }

    /// Appends bytes, as ``append(_:)-(Span<UInt8>)``.
    public func append(_ octets: UnsafeRawBufferPointer) throws(StoreError) {
        try check(write(octets))
    }

    /// Reads bytes into the caller's memory.
    ///
    /// - Parameters:
    ///   - offset: where to start, from the start of the content.
    ///   - buffer: the memory for the bytes.
    /// - Returns: how many were read: as many as fit, fewer only at the end, 0 after it.
    /// - Throws: ``StoreError`` when the file cannot be read.
    public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
        let end = count
        guard offset < end else { return 0 }
        let wanted = Int(min(UInt64(buffer.count), end - offset))
        var done = 0
        while done < wanted {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<wanted])
            let result = calls.readAt(descriptor, rest, Int64(offset) + Int64(done))
            if result > 0 {
                done += result
            } else if result == 0 {
                throw StoreError(.unavailable, path: directory, reason: "a spooled message lost its end")
            } else if result != -Int(EINTR) {
                throw StoreError(cannot: "read a spooled message", path: directory, errorNumber: Int32(-result))
            }
        }
        return done
    }

    /// Writes all of it after the end.
    ///
    /// - Returns: 0, or the number of the error.
    private func write(_ octets: UnsafeRawBufferPointer) -> Int32 {
        let end = length.load(ordering: .relaxed)
        let errorNumber = calls.writeAll(descriptor, octets, at: Int64(end))
        if errorNumber == 0 { length.store(end + UInt64(octets.count), ordering: .releasing) }
        return errorNumber
    }

    private func check(_ errorNumber: Int32) throws(StoreError) {
        guard errorNumber == 0 else {
            throw StoreError(cannot: "spool a message", path: directory, errorNumber: errorNumber)
        }
    }

    private static var defaultDirectory: String {
        guard let value = getenv("TMPDIR"), value.pointee != 0 else { return "/tmp" }
        return String(cString: value)
    }

    /// Opens an unnamed file, or, on file systems that do not know such, a named one whose name is removed.
    private static func open(in directory: String, _ calls: FileCalls) throws(StoreError) -> Int32 {
        let unnamed = calls.open(.init(directory), LinuxFlags.unnamedFile | O_RDWR | O_CLOEXEC, 0o600)
        if unnamed >= 0 { return Int32(unnamed) }
        guard FileCalls.isWithoutUnnamedFiles(unnamed) else {
            throw StoreError(cannot: "make a spool file", path: directory, errorNumber: Int32(-unnamed))
        }
        var template = Array("\(directory)/smtp-spool-XXXXXX".utf8CString)
        let named = calls.makeTemporary(&template)
        guard named >= 0 else {
            throw StoreError(cannot: "make a spool file", path: directory, errorNumber: Int32(-named))
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let result = calls.unlink(.init(path))
        guard result == 0 else {
            // A file that stays for good is worse than a message that is refused.
            _ = calls.close(Int32(named))
            throw StoreError(cannot: "make a spool file", path: directory, errorNumber: Int32(-result))
        }
        return Int32(named)
    }
}
