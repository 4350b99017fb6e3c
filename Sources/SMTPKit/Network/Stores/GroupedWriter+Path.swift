import Glibc
import NIOCore

extension GroupedWriter {
    /// Makes the writer for a name: under locks when it is a file or does not exist yet, else as to a stream.
    convenience init(
        path: String, form: StoredForm, synchronizes: Bool, lockTimeout: TimeAmount, usesEventLoop: Bool,
        calls: FileCalls
    ) throws(StoreError) {
        var status = stat()
        // These names may refer to a file, but it is open already, and other programs do not know it by this name.
        let isOpen =
            ["/dev/stdout", "/dev/stderr"].contains(path) || ["/dev/fd/", "/proc/"].contains(where: path.hasPrefix)
        let isSpecial =
            isOpen || (stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT))
        if isSpecial {
            signal(SIGPIPE, SIG_IGN)
            self.init(
                try StreamTarget(path: path, form: form, patience: lockTimeout, calls: calls),
                alwaysWaits: !usesEventLoop)
        } else {
            let target = RecordTarget(
                path: path, form: form, synchronizes: synchronizes, lockTimeout: lockTimeout, calls: calls)
            if let error = target.check() { throw error }
            self.init(target, alwaysWaits: synchronizes || !usesEventLoop)
        }
    }

    /// Makes the writer for a folder with a file for each message.
    convenience init(
        files: MessageFiles, form: StoredForm, synchronizes: Bool, usesEventLoop: Bool, calls: FileCalls
    ) throws(StoreError) {
        let target = FolderTarget(files: files, form: form, synchronizes: synchronizes, calls: calls)
        if let error = target.check() { throw error }
        self.init(target, alwaysWaits: synchronizes || !usesEventLoop)
    }
}
