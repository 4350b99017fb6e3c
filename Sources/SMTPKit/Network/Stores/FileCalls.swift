import CGNUExtensions
import Glibc

/// The calls that change a file, so that a test can stand in for a full or a failing disk.
package struct FileCalls: Sendable {
    /// Writes at the file's end or position. Returns how many octets were written, or the negated number of
    /// the error.
    package var write: @Sendable (_ descriptor: Int32, _ octets: UnsafeRawBufferPointer) -> Int
    /// Cuts the file to a length. Returns 0 or the negated number of the error.
    package var truncate: @Sendable (_ descriptor: Int32, _ length: Int64) -> Int
    /// Waits until the file's content is on disk. Returns 0 or the negated number of the error.
    package var synchronize: @Sendable (_ descriptor: Int32) -> Int
    /// Gives a file another name, in another folder, that no file has. Returns 0 or the negated number of the error:
    /// `EINVAL` where the file system cannot see to the name in the same step.
    package var rename: @Sendable (_ from: FileName, _ to: FileName) -> Int
    /// Gives a file a second name, that no file has. Returns 0 or the negated number of the error.
    package var link: @Sendable (_ from: FileName, _ to: FileName) -> Int

    /// A name in a folder that is open.
    package struct FileName: Sendable {
        package var folder: Int32
        package var name: String
    }

    /// The system's own calls.
    package static let system = FileCalls(
        write: { descriptor, octets in
            let result = Glibc.write(descriptor, octets.baseAddress, octets.count)
            return result >= 0 ? result : -Int(errno)
        },
        truncate: { descriptor, length in ftruncate(descriptor, off_t(length)) == 0 ? 0 : -Int(errno) },
        synchronize: { descriptor in fdatasync(descriptor) == 0 ? 0 : -Int(errno) }
    )

    private static let renameWithoutReplacing: @Sendable (FileName, FileName) -> Int = { from, to in
        let flags = LinuxFlags.renameWithoutReplacing
        return renameat2(from.folder, from.name, to.folder, to.name, flags) == 0 ? 0 : -Int(errno)
    }
    private static let linkWithoutReplacing: @Sendable (FileName, FileName) -> Int = { from, to in
        linkat(from.folder, from.name, to.folder, to.name, 0) == 0 ? 0 : -Int(errno)
    }

    /// Makes calls; those that are not given are the system's.
    package init(
        write: @escaping @Sendable (Int32, UnsafeRawBufferPointer) -> Int,
        truncate: @escaping @Sendable (Int32, Int64) -> Int,
        synchronize: @escaping @Sendable (Int32) -> Int,
        rename: (@Sendable (FileName, FileName) -> Int)? = nil,
        link: (@Sendable (FileName, FileName) -> Int)? = nil
    ) {
        self.write = write
        self.truncate = truncate
        self.synchronize = synchronize
        self.rename = rename ?? Self.renameWithoutReplacing
        self.link = link ?? Self.linkWithoutReplacing
    }

    /// Writes all octets, and waits where a descriptor that does not block has no room.
    ///
    /// - Returns: how many octets were written, and 0 or the number of the error that stopped it.
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
}
