import CommandLineSupport
import Glibc
import NIOPosix
import SMTPKit

/// The limits of the system on what the process may use.
enum ResourceLimits {
    /// Lets the process open as many files as the system grants it: every connection is one.
    ///
    /// A write beyond the limit on the size of files fails from here on, and does not end the process.
    static func prepare() {
        ChildProgram.raiseOpenFiles()
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Makes sure that the threads of the event loop, of outputs and of the runtime can be had.
    ///
    /// - Throws: ``SystemError`` when the system does not grant them.
    static func requireThreads(beside output: OutputOptions) throws {
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let count = 12 + 2 * processors + output.exec.count * (output.execJobs ?? 4)
        do {
            try SystemThread.require(count)
        } catch {
            throw SystemError("start \(count) threads (see ulimit -u)", error.number)
        }
        // Those that outputs need are made now.
        NIOThreadPool.singleton.submit { _ in }
    }

    /// How many connections there can be at a time, with descriptors left for what else the server opens: outputs,
    /// their locks, spool files, and connections that are turned away.
    ///
    /// - Parameters:
    ///   - open: how many descriptors are open already.
    ///   - other: how many are needed for outputs.
    static func mostConnections(open: Int, other: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        let files = Int(clamping: limit.rlim_cur)
        let reserve = open + other + min(64, files / 4)
        return max(1, files - reserve)
    }
}
