import Glibc

/// The end of the process.
enum ProcessEnd {
    /// Ends the process without finishing anything. Stores stand that as they stand a crash.
    static func now(_ status: ExitStatus) -> Never { _exit(status.code) }

    /// Ends the process when everything is done.
    static func with(_ status: ExitStatus) -> Never { exit(status.code) }
}
