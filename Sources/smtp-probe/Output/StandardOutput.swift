import CommandLineSupport
import Glibc

/// Standard output, where one document alone is to go.
enum StandardOutput {
    /// Writes a line that a program waits for. Where that fails, standard error has a line about it.
    ///
    /// - Returns: whether it was written.
    static func write(_ line: String, to descriptor: Int32 = 1) -> Bool {
        do {
            try Descriptor.write("\(line)\n", to: descriptor)
            return true
        } catch {
            try? Descriptor.write("smtp-probe: standard output: \(error)\n", to: 2)
            return false
        }
    }

    /// Has everything else that is written there, by programs that are started as well, go to standard error.
    ///
    /// - Returns: a descriptor of what standard output was, which no other program gets.
    static func setAside() throws -> Int32 {
        let copy = fcntl(1, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0, dup2(2, 1) == 1 else { throw SystemError("dup", errno) }
        return copy
    }
}
