import Foundation
import ProcessSupport
import Testing

@Suite("Programs that tests run", .blocking)
struct ChildProcessTests {
    /// Runs a program with a pipe's end as descriptor 9, and waits until no process has that end any more.
    ///
    /// - Returns: whether the pipe came to its end within ten seconds.
    private static func isGone(afterRunning words: [String], waits: Bool) throws -> Bool {
        let pipe = Pipe()
        do {
            let process = try ChildProcess(words, descriptors: [9: pipe.fileHandleForWriting.fileDescriptor])
            try pipe.fileHandleForWriting.close()
            if waits { #expect(process.wait() == 0) }
        }
        var question = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: 0, revents: 0)
        return poll(&question, 1, 10_000) == 1 && question.revents & Int16(POLLHUP) != 0
    }

    @Test func `what a program leaves behind ends with it`() throws {
        #expect(try Self.isGone(afterRunning: ["sh", "-c", "sleep 600 & exit 0"], waits: true))
    }

    @Test func `a program that nobody waits for ends, with its children`() throws {
        #expect(try Self.isGone(afterRunning: ["sh", "-c", "sleep 600 & sleep 600"], waits: false))
    }

    @Test func `no signal is ignored in a program`() throws {
        signal(SIGPIPE, SIG_IGN)
        let result = try ChildProcess.run(["sh", "-c", "kill -PIPE $$; echo alive"])
        #expect(result.status == 128 + SIGPIPE)
        #expect(result.output.isEmpty)
    }

    @Test func `a program gets no descriptor but those it is given`() throws {
        let stray = open("/dev/null", O_RDONLY)
        defer { close(stray) }
        let process = try ChildProcess(["sh", "-c", "ls /proc/$$/fd"], descriptors: [4: stray, 3: stray])
        #expect(process.wait() == 0)
        #expect(String(decoding: process.standardOutput, as: UTF8.self) == "0\n1\n2\n3\n4\n")
        #expect(try ChildProcess.run(["sh", "-c", "ls /proc/$$/fd"]).output == "0\n1\n2\n")
    }

    @Test func `an exit status is told again, and a signal to what has ended goes nowhere`() throws {
        let process = try ChildProcess(["sh", "-c", "exit 7"])
        #expect(process.wait() == 7)
        process.signal(SIGKILL)
        #expect(process.wait() == 7)
    }

    @Test func `a program that runs for too long is killed, and that is told`() throws {
        let process = try ChildProcess(["sleep", "600"])
        var reports: [String] = []
        #expect(process.wait(atMost: 1) { reports.append($0) } == 128 + SIGKILL)
        #expect(reports == ["sleep ran for 1 seconds and was killed"])
    }
}
