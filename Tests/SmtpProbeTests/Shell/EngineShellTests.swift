import Foundation
import ProcessSupport
import Testing

/// Faults as a person at a terminal sees them; other tests cover scripts.
@Suite("The shell and servers that go wrong", .blocking)
struct EngineShellTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    private func start(_ arguments: [String]) throws -> Terminal {
        try Terminal([Probe.path] + arguments, environment: ["XDG_STATE_HOME": home.path, "NO_COLOR": "1"])
    }

    @Test(arguments: [(SIGTERM, Int32(143)), (SIGHUP, Int32(129)), (SIGINT, Int32(0))])
    func `a silent name server keeps nobody waiting`(signal: Int32, status: Int32) async throws {
        let nameServer = try Companion.python(
            """
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))
            print(s.getsockname()[1], flush=True)
            while True:
                s.recvfrom(512); print('asked', flush=True)
            """)
        let shell = try start(["--resolver", "127.0.0.1:\(try await nameServer.line())"])
        try shell.wait(for: "smtp-probe> ")
        shell.type(":open mx.example:25\r")
        #expect(try await nameServer.line() == "asked")
        if signal == SIGINT {
            shell.type("\u{3}\u{3}")
            try shell.wait(for: "smtp-probe> ")
            shell.type(":q\r")
        } else {
            shell.signal(signal)
        }
        #expect(try shell.finish() == status)
        #expect(shell.settings == shell.initialSettings)
    }

    @Test func `a 421 is heard while a message stalls`() async throws {
        let server = try await ScriptedServer.start(["BODY": ["421 4.3.2 closing"]])
        let fifo = home.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        shell.type(":from joe@a.test\r:to ann@b.test\r:send \(fifo)\r")
        // This waits until the FIFO is opened for reading.
        let writer = open(fifo, O_WRONLY | O_CLOEXEC)
        defer { close(writer) }
        signal(SIGPIPE, SIG_IGN)
        let content = Data(String(repeating: String(repeating: "x", count: 62) + "\r\n", count: 20_000).utf8)
        try? await onThread {
            try FileHandle(fileDescriptor: writer, closeOnDealloc: false).write(contentsOf: content)
        }
        try shell.wait(for: "421 4.3.2 closing")
        try shell.wait(for: "> ")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
    }

    @Test func `a program has the signals that it is used to`() async throws {
        let shell = try start([])
        try shell.wait(for: "smtp-probe> ")
        shell.type(":!bash -c 'yes | head -n 1; echo status ${PIPESTATUS[0]}'\r")
        // 128 + SIGPIPE.
        try shell.wait(for: "y\r\nstatus 141")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
    }

    @Test func `a certificate that is refused is named once`() async throws {
        let server = try await ScriptedServer.start(
            ["EHLO": ["250-stub\r\n250 STARTTLS", "250 stub"]], certificate: TestCertificate.path)
        let shell = try start(["--verify", server.target])
        try shell.wait(for: "> ")
        shell.type("EHLO x\rSTARTTLS\r")
        try shell.wait(for: "not trusted: CN=stub.test")
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
        #expect(shell.output.components(separatedBy: "not trusted").count == 2, "\(shell.output)")
    }

    @Test func `a 421 at each command ends the dialogue, and the shell stays`() async throws {
        let server = try await ScriptedServer.start(["MAIL": ["421 4.3.2 closing"], "EHLO": ["421 4.3.2 not now"]])
        let shell = try start([server.target])
        try shell.wait(for: "> ")
        for line in ["MAIL FROM:<>", "EHLO x"] {
            shell.type("\(line)\r")
            try shell.wait(for: "421 4.3.2")
            shell.type(":reconnect\r")
            try shell.wait(for: "220 stub")
            try shell.wait(for: "> ")
        }
        shell.type(":q\r")
        #expect(try shell.finish() == 0)
    }
}
