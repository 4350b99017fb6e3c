import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("Faults that load meets", .blocking)
struct LoadFaultTests {
    @Test(arguments: [
        ("GREETING", "554 5.3.2 no", 21, "554"), ("GREETING", "421 4.3.2 full", 21, "421"),
        ("MAIL", "550 5.7.1 no", 23, "550"),
        ("RCPT", "550 5.1.1 no", 24, "550"), ("RCPT", "452 4.5.3 later", 24, "452"),
        ("DATA", "451 4.3.0 no", 25, "451"),
        ("DOT", "554 5.6.0 no", 26, "554"), ("DOT", "421 4.3.2 bye", 26, "421"),
    ])
    func `a refusal is counted by its code`(stage: String, reply: String, status: Int, code: String) async throws {
        // A server that refuses MAIL, accepts RCPT and wants content breaks the protocol, so MAIL is not pipelined
        // here.
        for options in stage == "MAIL" ? [[]] : [[], ["--pipeline"]] {
            let server = try await ScriptedServer.start([stage: [reply]])
            let run = try await LoadTool.run(["--messages", "3"] + options + [server.target])
            #expect(run.status == Int32(status) && Array(run.codes.keys) == [code], "\(run.load)\(run.errors)")
            #expect(run.count("accepted") == 0 && run.isBalanced && run.failures.isEmpty, "\(run.load)")
        }
    }

    @Test(arguments: [
        ("MAIL", "CLOSE", "closed", 23), ("DOT", "RESET", "closed", 26), ("MAIL", "STALL", "timeout", 43),
        ("GREETING", "STALL", "timeout", 43), ("DATA", "what?", "protocol", 42), ("EHLO", "CLOSE", "closed", 22),
    ])
    func `a failure is counted by its kind`(stage: String, reply: String, kind: String, status: Int) async throws {
        let server = try await ScriptedServer.start([stage: [reply]])
        let run = try await LoadTool.run(["--messages", "2", "--timeout", "300ms", server.target])
        #expect(run.status == Int32(status) && Array(run.failures.keys) == [kind], "\(run.load)\(run.errors)")
        #expect(run.count("accepted") == 0 && run.isBalanced && run.count("failed") > 0, "\(run.load)")
    }

    @Test func `a run goes on after a failure`() async throws {
        let server = try await ScriptedServer.start(["DOT": ["250 2.0.0 Ok", "CLOSE", "451 4.3.0 x", "250 2.0.0 Ok"]])
        let run = try await LoadTool.run(["--messages", "6", server.target])
        #expect(run.status == 40 && run.codes == ["250": 4, "451": 1] && run.failures == ["closed": 1], "\(run.load)")
    }

    @Test func `a message that some recipients are refused of is accepted in part`() async throws {
        let server = try await ScriptedServer.start(["RCPT": ["550 5.1.1 no", "250 ok"]])
        let run = try await LoadTool.run(["--recipients", "2", "--to", "u%n@b.test", server.target])
        #expect(run.status == 40 && run.count("accepted") == 1 && run.count("partial") == 1, "\(run.load)")
    }

    @Test(arguments: [
        (["127.0.0.1:1"], "connect", 2), (["--resolver", "127.0.0.1:1", "mx.example.test"], "resolve", 2),
    ])
    func `a server that is not there ends the run at once`(options: [String], kind: String, status: Int) async throws {
        let run = try await LoadTool.run(["--messages", "100000", "--sessions", "3"] + options)
        #expect(run.status == Int32(status) && Array(run.failures.keys) == [kind], "\(run.load)\(run.errors)")
        #expect(run.isBalanced && run.count("sessions") == 0)
    }

    @Test(arguments: [(["--tls"], "tls", 29), (["--bdat"], "unsupported", 23)])
    func `an extension that is missing ends the run`(options: [String], kind: String, status: Int) async throws {
        let server = try await ScriptedServer.start()
        let run = try await LoadTool.run(["--messages", "100000"] + options + [server.target])
        #expect(run.status == Int32(status) && Array(run.failures.keys) == [kind], "\(run.load)\(run.errors)")
    }

    @Test func `a server that dies ends the run`() async throws {
        let server = try await ScriptedServer.start()
        let process = try ChildProcess([
            Probe.path, "load", "--json", "--messages", "1000000", "--sessions", "3", server.target,
        ])
        while try await !server.line().hasPrefix("MAIL") {}
        _ = try await server.finish()
        let status = await onThread { process.wait() }
        #expect([2, 6, 23, 24, 25, 26, 40].contains(status), "\(status)")
    }

    @Test func `descriptors that run out are counted, and the run goes on`() async throws {
        let script = """
            ulimit -n 24
            exec '\(Probe.path)' load --json --messages 60 --sessions 30 "$SMTP_HOST:$SMTP_PORT"
            """
        let result = try await onThread {
            try ChildProcess.run(
                [BuiltTool.path("smtpd-lite"), "-q", "--listen", "127.0.0.1:0", "--discard", "--", "sh", "-ec", script])
        }
        let run = LoadTool.Run(
            status: result.status, document: try await Probe.document(result.output), errors: result.errors)
        #expect(run.status == 40 && Array(run.failures.keys) == ["descriptors"], "\(run.load)\(run.errors)")
        #expect(run.isBalanced && run.count("accepted") > 0 && run.count("started") == 60, "\(run.load)")
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal ends it with the table so far`(signal: Int32) async throws {
        let server = try await ScriptedServer.start()
        let folder = try TemporaryFolder()
        let command =
            "exec '\(Probe.path)' load --duration 5m --rate 40/s --sessions 2 \(server.target) >'\(folder.file("table"))'"
        let process = try ChildProcess(["sh", "-c", command])
        while try await !server.line().hasPrefix("| ") {}
        process.signal(signal)
        let status = await onThread { process.wait() }
        #expect(status == 128 + signal)
        let table = String(decoding: folder.read("table"), as: UTF8.self)
        #expect(table.contains(" messages accepted, ") && table.contains("of 12000 planned"), "\(table)")
    }

    @Test func `a message of a FIFO is awaited`() async throws {
        let server = try await ScriptedServer.start()
        let folder = try TemporaryFolder()
        let script = """
            mkfifo "$1"
            ( printf 'Subject: x\\n\\nlate\\n' >"$1" ) &
            exec '\(Probe.path)' load --messages 2 --data "@$1" \(server.target)
            """
        let run = try await onThread { try ChildProcess.run(["sh", "-ec", script, "sh", folder.file("fifo")]) }
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let content = try await server.finish().filter { $0.hasPrefix("| ") }
        #expect(content == ["| Subject: x", "| ", "| late", "| Subject: x", "| ", "| late"])
    }

    @Test func `a FIFO without a writer leaves signals alone`() async throws {
        let folder = try TemporaryFolder()
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let process = try ChildProcess([Probe.path, "load", "--data", "@\(fifo)", "127.0.0.1:1"])
        // Once it has opened the FIFO, a writer can; it writes nothing.
        let writer = await onThread { open(fifo, O_WRONLY | O_CLOEXEC) }
        defer { close(writer) }
        process.signal(SIGTERM)
        let status = await onThread { process.wait() }
        #expect(status == 143, "\(status)")
    }

    @Test func `a deadline ends it`() async throws {
        let server = try await ScriptedServer.start(["DOT": ["STALL"]])
        let run = try await LoadTool.run(["--deadline", "300ms", server.target])
        #expect(run.status == 43 && run.failures == ["interrupted": 1] && run.isBalanced, "\(run.load)")
    }

    @Test func `a stall of a second shows in an open loop`() async throws {
        // One thread serves every client, and stops once.
        let script = """
            import selectors, socket, sys, threading, time, os
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
            s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)
            sel = selectors.DefaultSelector(); sel.register(s, selectors.EVENT_READ); count = 0; state = {}
            while True:
                for key, _ in sel.select():
                    if key.fileobj is s:
                        c, _ = s.accept(); sel.register(c, selectors.EVENT_READ); state[c] = [b'', False]; c.sendall(b'220 x\\r\\n'); continue
                    c = key.fileobj; data = c.recv(65536)
                    if not data: sel.unregister(c); c.close(); continue
                    st = state[c]; st[0] += data
                    while b'\\r\\n' in st[0]:
                        line, st[0] = st[0].split(b'\\r\\n', 1)
                        if st[1]:
                            if line == b'.':
                                st[1] = False; count += 1
                                if count == 20: time.sleep(1)
                                c.sendall(b'250 2.0.0 Ok\\r\\n')
                        elif line == b'DATA': st[1] = True; c.sendall(b'354 go\\r\\n')
                        else: c.sendall(b'250 x\\r\\n')
            """
        let server = try Companion.python(script)
        let port = try await server.line()
        let run = try await LoadTool.run([
            "--messages", "100", "--rate", "50/s", "--sessions", "2", "127.0.0.1:\(port)",
        ])
        #expect(run.status == 0 && run.count("accepted") == 100, "\(run.load)\(run.errors)")
        // Some fifty messages were due meanwhile. A closed loop would show the stall in one or two of them.
        #expect(run.latency("transaction_ms", "p99") >= 900, "\(run.load)")
        #expect(run.latency("transaction_ms", "p90") >= 500, "\(run.load)")
    }
}
