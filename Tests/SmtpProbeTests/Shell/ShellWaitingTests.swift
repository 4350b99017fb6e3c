import Foundation
import ProcessSupport
import Testing

@Suite("The shell while it waits", .blocking)
struct ShellWaitingTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    private var environment: [String: String] { ["XDG_STATE_HOME": home.path, "NO_COLOR": "1"] }

    private func start(_ arguments: [String]) throws -> Terminal {
        try Terminal([Probe.path] + arguments, environment: environment)
    }

    /// Whether the terminal edits lines by itself, and whether it echoes.
    private func modes(_ shell: Terminal) -> [Bool] { shell.hasModes([ICANON, ECHO, ISIG]) }

    @Test func `keys that are typed ahead are edited as ever`() async throws {
        let server = try await ScriptedServer.start(["NOOP": ["AWAIT 250 late"]])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("NOOP\r")
        #expect(try await server.line() == "NOOP")
        #expect(modes(shell) == [false, false, true])
        // Ctrl-U, Ctrl-A and Ctrl-D, which the terminal itself would take another way.
        shell.type("RSET\u{15}HLO z\u{1}E\r\u{4}")
        server.go()
        try shell.wait(for: "250 late")
        try shell.wait(for: "250 SIZE")
        #expect(try shell.finish() == 0)
        #expect(shell.settings == shell.initialSettings)
        #expect(try await server.finish() == ["EHLO z", "QUIT"])
        #expect(!shell.output.contains("RSET\u{15}") && !shell.output.contains("^U") && !shell.output.contains("^A"))
    }

    @Test func `Ctrl-C interrupts, and drops what was typed ahead`() async throws {
        let server = try await ScriptedServer.start(["NOOP": ["AWAIT 250 late"]])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type("NOOP\r")
        #expect(try await server.line() == "NOOP")
        shell.type("RSET\r\u{3}")
        try shell.wait(for: "still waiting")
        server.go()
        try shell.wait(for: "250 late")
        try shell.wait(for: "> ")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
        #expect(try await server.finish() == ["QUIT"])
    }

    @Test func `a command of the system has the terminal as it was`() async throws {
        let server = try await ScriptedServer.start()
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type(":!stty -a | tr ';' ' ' | tr ' ' '\\n' | grep -x -e icanon -e echo | tr '\\n' ' '; echo DONE\r")
        try shell.wait(for: "icanon echo DONE")
        shell.type(":!echo ASKED; read x; echo \"got $x\"\r")
        try shell.wait(for: "\rASKED")
        shell.type("some words\r")
        try shell.wait(for: "got some words")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
    }

    @Test func `Ctrl-Z amid a wait gives the terminal back, and the wait goes on`() async throws {
        let server = try await ScriptedServer.start(["NOOP": ["AWAIT 250 late"]])
        let parent = try Terminal(
            ["python3", "-c", Self.jobControl, Probe.path, server.target], environment: environment)
        try parent.wait(for: "> ")
        parent.type("NOOP\r")
        #expect(try await server.line() == "NOOP")
        #expect(!modes(parent)[0])
        parent.type("\u{1A}")
        try parent.wait(for: "STOPPED True icanon True echo True")
        try parent.wait(for: "CONTINUED")
        server.go()
        try parent.wait(for: "250 late")
        try parent.wait(for: "> ")
        parent.type("RSET\r\u{4}")
        try parent.wait(for: "ENDED True icanon True echo True")
        #expect(try parent.finish() == 0)
        #expect(try await server.finish() == ["RSET", "QUIT"])
    }

    /// Runs a program as a job, says how the terminal is when that stops, and has it go on.
    private static let jobControl = """
        import os, signal, sys, termios
        def modes():
            flags = termios.tcgetattr(0)[3]
            return f'icanon {bool(flags & termios.ICANON)} echo {bool(flags & termios.ECHO)}'
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0); os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            os.execv(sys.argv[1], sys.argv[1:])
        status = os.waitpid(job, os.WUNTRACED)[1]
        print('STOPPED', os.WIFSTOPPED(status), modes(), flush=True)
        os.kill(job, signal.SIGCONT)
        print('CONTINUED', flush=True)
        status = os.waitpid(job, 0)[1]
        print('ENDED', os.WIFEXITED(status), modes(), flush=True)
        """

    @Test func `lists fit a terminal that has become narrow`() async throws {
        let server = try await ScriptedServer.start()
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type(":s\t\t")
        let wide = try shell.wait(for: ":starttls")
        #expect(wide.split(separator: "\n").contains { $0.contains(":send") && $0.contains(":sleep") })
        shell.type("\u{15}")
        shell.resize(columns: 30)
        shell.type(":s\t\t")
        let narrow = try shell.wait(for: ":starttls")
        #expect(!narrow.split(separator: "\n").contains { $0.contains(":send") && $0.contains(":sleep") }, "\(narrow)")
        shell.type("\u{15}:q\r")
        #expect(try shell.finish() == 0)
    }
}
