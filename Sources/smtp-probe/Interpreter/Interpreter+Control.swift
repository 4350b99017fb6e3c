import CommandLineSupport
import Glibc
import SMTPKit

/// Lines from elsewhere, and again.
extension Interpreter {
    /// How deep `:source` and `:repeat` may be nested.
    private static let deepest = 16

    /// `N LINE`.
    func runRepeatedly(_ rest: String) throws {
        let count = rest.prefix { $0 != " " }
        let line = rest.dropFirst(count.count).trimmingBlanks
        guard !line.isEmpty else { throw ValueError("a number and a line are wanted, such as :repeat 3 NOOP") }
        let times = try WholeNumber.parsePositive(String(count))
        try nested {
            for _ in 0..<times where !isEnded { try run(Array(line.utf8)) }
        }
    }

    func runFile(_ rest: String) throws {
        let path = try FileName.parse(rest)
        let reader = try LineReader(path: path)
        try nested {
            while !isEnded, let line = try reader.next() {
                do {
                    try run(line)
                } catch let error as ValueError {
                    throw ValueError("\(path), line \(reader.number): \(error)")
                }
            }
        }
    }

    private func nested(_ body: () throws -> Void) throws {
        guard depth < Self.deepest else { throw ValueError(":source and :repeat are nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        try body()
    }

    /// Runs a command of the system. What the server sends meanwhile is shown.
    ///
    /// - Throws: ``Dialogue/Interruption``; the command goes on then.
    func runInShell(_ command: String) throws {
        let status = try outside {
            // Programs expect that writing to a closed pipe ends them.
            signal(SIGPIPE, SIG_DFL)
            defer { signal(SIGPIPE, SIG_IGN) }
            let answer = try BackgroundAnswer { () throws(ResolverError) in system(command) }
            try dialogue.waitForInput(answer.descriptor)
            return try answer.result?.get() ?? -1
        }
        if status == -1 {
            console.complain("cannot run it: \(String(cString: strerror(errno)))")
        } else if status & 0x7F != 0 {
            console.note("ended by signal \(status & 0x7F)")
        } else if status >> 8 != 0 {
            console.note("status \(status >> 8)")
        }
    }
}
