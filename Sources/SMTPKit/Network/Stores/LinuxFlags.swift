import Glibc

/// Flags of Linux that the C library declares only for GNU sources, which Swift does not see.
enum LinuxFlags {
    /// `O_TMPFILE`: a file that has no name.
    static let unnamedFile = 0o20000000 | O_DIRECTORY
    /// `F_OFD_SETLK`: sets a record lock that belongs to the open file, not to the process.
    ///
    /// It conflicts with the process-wide `fcntl` locks of others like one of those. But two stores of one
    /// process exclude each other, and closing another descriptor of the file does not drop it.
    static let setOpenFileLock: Int32 = 37
    /// `RENAME_NOREPLACE`: a rename that fails when the name is taken.
    static let renameWithoutReplacing: UInt32 = 1
}
