import CGNUExtensions
package import Glibc

/// The system calls through which the spool and the stores use files.
///
/// A test replaces some of them to simulate a full or failing disk. Calls that return an `Int` return a negated error
/// number on failure.
package struct FileCalls: Sendable {
    /// Opens or creates a file. Returns its descriptor.
    package var open: @Sendable (_ file: FileName, _ flags: Int32, _ mode: UInt32) -> Int = { file, flags, mode in
        result(openat(file.folder, file.name, flags, mode))
    }
    /// Creates a file with a unique name from a template that ends in `XXXXXX`. Returns its descriptor.
    package var makeTemporary: @Sendable (_ template: inout [CChar]) -> Int = { template in
        let descriptor = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return result(descriptor)
    }
    /// Writes at the file's end or position. Returns the number of bytes written.
    package var write: @Sendable (_ descriptor: Int32, _ octets: UnsafeRawBufferPointer) -> Int = {
        descriptor, octets in
        result(Glibc.write(descriptor, octets.baseAddress, octets.count))
    }
    /// Writes at an offset. Returns the number of bytes written.
    package var writeAt: @Sendable (_ descriptor: Int32, _ octets: UnsafeRawBufferPointer, _ offset: Int64) -> Int = {
        result(pwrite($0, $1.baseAddress, $1.count, off_t($2)))
    }
    /// Reads from an offset. Returns the number of bytes read, 0 at the end.
    package var readAt:
        @Sendable (_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ offset: Int64) -> Int = {
            result(pread($0, $1.baseAddress, $1.count, off_t($2)))
        }
    /// Cuts the file to a length. Returns 0.
    package var truncate: @Sendable (_ descriptor: Int32, _ length: Int64) -> Int = { descriptor, length in
        result(ftruncate(descriptor, off_t(length)))
    }
    /// Moves the position of a file. Returns the new position.
    package var seek: @Sendable (_ descriptor: Int32, _ offset: Int64, _ origin: Int32) -> Int = {
        result(lseek($0, off_t($1), $2))
    }
    /// Waits until the file's content is on disk. Returns 0.
    package var synchronize: @Sendable (_ descriptor: Int32) -> Int = { result(fdatasync($0)) }
    /// Closes a descriptor. Returns 0; the descriptor is closed in any case.
    package var close: @Sendable (_ descriptor: Int32) -> Int = { result(Glibc.close($0)) }
    /// Describes an open file. Returns 0.
    package var status: @Sendable (_ descriptor: Int32, _ status: inout stat) -> Int = { result(fstat($0, &$1)) }
    /// Describes the file that a path names, following links. Returns 0.
    package var statusOfPath: @Sendable (_ path: String, _ status: inout stat) -> Int = { result(stat($0, &$1)) }
    /// Sets a lock on an open file. Returns 0.
    package var lock: @Sendable (_ descriptor: Int32, _ lock: inout flock) -> Int = {
        result(fcntl($0, LinuxFlags.setOpenFileLock, &$1))
    }
    /// Gives a file a new name, in another folder, that must not exist. Returns 0, or the negated `EINVAL` when the
    /// file system does not support that.
    package var rename: @Sendable (_ from: FileName, _ to: FileName) -> Int = { from, to in
        result(renameat2(from.folder, from.name, to.folder, to.name, LinuxFlags.renameWithoutReplacing))
    }
    /// Gives a file a second name, which must not exist. Returns 0.
    package var link: @Sendable (_ from: FileName, _ to: FileName) -> Int = { from, to in
        result(linkat(from.folder, from.name, to.folder, to.name, 0))
    }
    /// Gives an open file without a name its first one, which must not exist. Returns 0.
    package var nameOpenFile: @Sendable (_ descriptor: Int32, _ name: FileName) -> Int = { descriptor, name in
        result(linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", name.folder, name.name, AT_SYMLINK_FOLLOW))
    }
    /// Removes a name. Returns 0.
    package var unlink: @Sendable (_ file: FileName) -> Int = { result(unlinkat($0.folder, $0.name, 0)) }
    /// Creates a folder. Returns 0.
    package var makeFolder: @Sendable (_ path: String) -> Int = { result(mkdir($0, 0o700)) }

    /// A name in a folder that is open, or a path.
    package struct FileName: Sendable {
        package var folder: Int32
        package var name: String

        package init(folder: Int32, name: String) {
            self.folder = folder
            self.name = name
        }

        /// A path, relative to the working directory.
        package init(_ path: String) { self.init(folder: AT_FDCWD, name: path) }
    }

    /// The system's own calls.
    package static let system = FileCalls()

    /// Makes the system's calls.
    package init() {}

    /// Turns a result of -1 into the negated error number.
    private static func result(_ result: some BinaryInteger) -> Int { result < 0 ? -Int(errno) : Int(result) }

    /// Whether opening a file without a name failed because the file system does not support that.
    static func isWithoutUnnamedFiles(_ result: Int) -> Bool {
        [EOPNOTSUPP, EISDIR, EINVAL, ENOSYS].contains(Int32(truncatingIfNeeded: -result))
    }

    /// Writes all bytes, waiting when a non-blocking descriptor has no room.
    ///
    /// - Returns: how many bytes were written, and 0 or the error number that ended the writing.
    func writeAll(_ descriptor: Int32, _ octets: UnsafeRawBufferPointer) -> (written: Int, errorNumber: Int32) {
        var written = 0
        while written < octets.count {
            let result = write(descriptor, UnsafeRawBufferPointer(rebasing: octets[written...]))
            if result > 0 {
                written += result
            } else if result == 0 {
                return (written, EIO)
            } else if result == -Int(EAGAIN) {
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = Glibc.poll(&poll, 1, -1)
            } else if result != -Int(EINTR) {
                return (written, Int32(-result))
            }
        }
        return (written, 0)
    }

    /// Writes all bytes at an offset.
    ///
    /// - Returns: 0 or the number of the error.
    func writeAll(_ descriptor: Int32, _ octets: UnsafeRawBufferPointer, at offset: Int64) -> Int32 {
        var written = 0
        while written < octets.count {
            let rest = UnsafeRawBufferPointer(rebasing: octets[written...])
            let result = writeAt(descriptor, rest, offset + Int64(written))
            if result > 0 {
                written += result
            } else if result == 0 {
                return EIO
            } else if result != -Int(EINTR) {
                return Int32(-result)
            }
        }
        return 0
    }
}
