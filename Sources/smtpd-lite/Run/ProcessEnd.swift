import Glibc
import SMTPKit
import Synchronization

/// The end of the process.
enum ProcessEnd {
    private static let files = Mutex<[String]>([])

    /// Has a file removed when the process ends, whichever way below it takes.
    static func removeThen(_ path: String) { files.withLock { $0.append(path) } }

    /// Ends the process without finishing anything. Stores survive that as they survive a crash.
    static func now(_ status: ExitStatus) -> Never {
        removeFiles()
        ChildCommand.killAll()
        _exit(status.code)
    }

    /// Ends the process when everything is done.
    static func with(_ status: ExitStatus) -> Never {
        removeFiles()
        exit(status.code)
    }

    private static func removeFiles() {
        files.withLock { files in
            for path in files { unlink(path) }
            files = []
        }
    }
}
