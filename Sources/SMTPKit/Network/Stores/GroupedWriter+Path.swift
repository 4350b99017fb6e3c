import Glibc
import NIOCore

extension GroupedWriter {
    /// Makes the writer for a name: under locks when it stands for a file or for nothing yet, else as to a stream.
    convenience init(
        path: String, form: StoredForm, synchronizes: Bool, lockTimeout: TimeAmount, calls: FileCalls
    ) throws(StoreError) {
        var status = stat()
        let isSpecial =
            path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
            || (stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT))
        if isSpecial {
            signal(SIGPIPE, SIG_IGN)
            self.init(
                try StreamTarget(path: path, form: form, patience: lockTimeout, calls: calls), alwaysWaits: false)
        } else {
            let target = RecordTarget(
                path: path, form: form, synchronizes: synchronizes, lockTimeout: lockTimeout, calls: calls)
            if let error = target.check() { throw error }
            self.init(target, alwaysWaits: synchronizes)
        }
    }
}
