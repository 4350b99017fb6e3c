import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

/// Limits of the system that are reached, and outputs that get in each other's way.
@Suite("Limits of the system", .blocking)
struct ResourceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: ["--mbox", "--json", "--maildir", "--dir"])
    func `a file that may not grow is a full disk, not the end`(option: String) throws {
        let server = try ToolServer([option, folder.file("out"), "--quiet"], shell: "ulimit -f 100;")
        let line = String(repeating: "x", count: 70) + "\r\n"
        let content = String(repeating: line, count: 416)
        #expect(try server.deliver(content).hasPrefix("250 2.0.0 "))
        #expect(try server.deliver(content).hasPrefix(option.hasSuffix("dir") ? "250 2.0.0 " : "452 4.3.1 "))
        #expect(try server.deliver(String(repeating: line, count: 850)).hasPrefix("452 4.3.1 "))
        #expect(try server.deliver("Subject: small\r\n").hasPrefix("250 2.0.0 "))
        #expect(server.stop() == 0)
    }

    @Test func `idle clients leave descriptors for the outputs`() throws {
        let server = try ToolServer(["--mbox", folder.file("mbox")], shell: "ulimit -n 128;")
        var clients: [SocketClient] = []
        var last = ""
        while clients.count < 128 {
            let client = try SocketClient(port: server.port)
            last = try client.reply()
            guard last.hasPrefix("220 ") else { break }
            clients.append(client)
        }
        #expect(last.hasPrefix("421 4.7.0 "))
        let client = try #require(clients.first)
        #expect(try client.deliver("Subject: x\r\n").hasPrefix("250 2.0.0 "))
        #expect(server.process.standardError.contains("at most \(clients.count) connections at a time, not 1000: "))
        for client in clients { client.end() }
        #expect(server.stop() == 0)
    }

    @Test func `connections wait while no descriptor is free, and the server does not spin`() throws {
        let server = try ToolServer(["--discard"], shell: "ulimit -n 32;")
        let clients = try (0..<60).map { _ in try SocketClient(port: server.port) }
        #expect(try clients[0].reply().hasPrefix("220 "))
        try server.process.waitForError("cannot accept connections for now, they wait: Too many open files")
        for client in clients.prefix(30) { client.end() }
        #expect(try clients[59].reply().isEmpty == false)
        let lines = server.process.standardError.split(separator: "\n").filter { $0.contains("cannot accept") }
        #expect(lines.count == 1)
        for client in clients { client.end() }
        #expect(server.stop() == 0)
    }

    @Test func `hundreds of clients that connect while the server stands still are all greeted`() throws {
        let server = try ToolServer(["--discard", "--quiet"])
        server.process.signal(SIGSTOP)
        // Each is connected by the kernel, and waits in the listener's backlog; one that is full lets none of them in.
        let clients = try (0..<300).map { _ in try SocketClient(port: server.port) }
        server.process.signal(SIGCONT)
        for client in clients { #expect(try client.reply().hasPrefix("220 ")) }
        for client in clients { client.end() }
        #expect(server.stop() == 0)
    }

    @Test(arguments: [1, 3, 6, 9])
    func `threads that cannot be had are an error at the start`(count: Int) throws {
        var words = [BuiltTool.path("smtpd-lite"), "-l", "0", "--discard"]
        if geteuid() == 0 {
            // The limit holds for no process of root. The other user may not see the folder of the built tool.
            try FileManager.default.copyItem(atPath: words[0], toPath: folder.file("tool"))
            #expect(chmod(folder.path, 0o755) == 0)
            words[0] = folder.file("tool")
            // Each case has a user of its own: the limit counts the threads of all that a user runs.
            words =
                ["setpriv", "--reuid", "\(54_321 + count)", "--clear-groups", "prlimit", "--nproc=\(count)"] + words
        } else {
            words = ["prlimit", "--nproc=1"] + words
        }
        let result = try ChildProcess.run(words)
        #expect(result.status == 1)
        #expect(result.errors.contains("threads (see ulimit -u): Resource temporarily unavailable"))
    }

    @Test func `the memory of connections that are gone is given back`() throws {
        let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
        let figures = ProcessFigures(server.process.processID)
        let before = try figures.memory
        // A chunk of a message that waits for its next one is held in memory.
        let chunk = [UInt8]("BDAT 60000\r\n".utf8) + [UInt8](repeating: 120, count: 60_000)
        var clients: [SocketClient] = []
        for _ in 0..<400 {
            let client = try server.client()
            for line in ["EHLO x", "MAIL FROM:<joe@example.org>", "RCPT TO:<ann@example.net>"] {
                try client.command(line)
            }
            client.send(chunk)
            try client.reply()
            clients.append(client)
        }
        let most = try figures.memory
        #expect(most - before > 20_000)
        for client in clients { client.end() }
        let deadline = ContinuousClock.now + .seconds(Patience.seconds)
        while try figures.memory - before > (most - before) / 2, ContinuousClock.now < deadline { usleep(10_000) }
        #expect(try figures.memory - before <= (most - before) / 2)
        #expect(server.stop() == 0)
    }

    @Test(arguments: [["--json", "same"], ["--json", "link"], ["--mbox", "./same"]])
    func `two outputs to one file are a usage error`(options: [String]) throws {
        try folder.write([], to: "same")
        #expect(link(folder.file("same"), folder.file("link")) == 0)
        let result = try ChildProcess.run([
            BuiltTool.path("smtpd-lite"), "-l", "0", "--mbox", folder.file("same"), options[0],
            folder.file(options[1]),
        ])
        #expect(result.status == 64)
        #expect(result.errors.contains("are the same file"))
    }

    @Test func `a lock that is a folder is named at once`() throws {
        let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
        try FileManager.default.createDirectory(atPath: folder.file("mbox.lock"), withIntermediateDirectories: false)
        #expect(try server.deliver("Subject: x\r\n").hasPrefix("451 4.3.0 "))
        #expect(server.stop() == 0)
        #expect(server.process.standardError.contains("\(folder.file("mbox.lock")) is a folder; remove it"))
    }

    @Test func `a lock that is a link to nothing is named at once`() throws {
        let server = try ToolServer(["--mbox", folder.file("mbox"), "--quiet"])
        #expect(symlink("/nonexistent/lock", folder.file("mbox.lock")) == 0)
        #expect(try server.deliver("Subject: x\r\n").hasPrefix("451 4.3.0 "))
        #expect(server.stop() == 0)
        #expect(server.process.standardError.contains("\(folder.file("mbox.lock")) is a symbolic link to nothing"))
    }

    @Test func `a command gets any number of recipients, and nothing that the server set up for itself`() throws {
        let script = """
            import os, resource, sys
            names = os.environ.get("SMTP_RECIPIENTS")
            lines = names.split("\\n") if names else open(os.environ["SMTP_RECIPIENTS_FILE"]).read().split("\\n")[:-1]
            with open(sys.argv[1], "w") as file:
                print(len(lines), resource.getrlimit(resource.RLIMIT_NOFILE)[0], os.environb[b"ODD"], file=file)
            for line in open("/proc/self/status"):
                if line.startswith("SigBlk") and int(line.split()[1], 16): sys.exit(1)
            """
        try folder.write(script.utf8, to: "script.py")
        let server = try ToolServer(
            ["--exec", "python3 \(folder.file("script.py")) \(folder.file("out"))", "--quiet"],
            shell: "ulimit -S -n 200; ODD=$(printf 'a\\351b'); export ODD;")
        let client = try server.client()
        try client.command("EHLO x")
        try client.command("MAIL FROM:<joe@example.org>")
        let domain = "\(String(repeating: "d", count: 60)).\(String(repeating: "e", count: 60)).example"
        for number in 0..<900 {
            #expect(
                try client.command("RCPT TO:<\(String(repeating: "r", count: 50))\(number)@\(domain)>").hasPrefix(
                    "250 "))
        }
        try client.command("DATA")
        client.send("Subject: x\r\n.\r\n")
        #expect(try client.reply().hasPrefix("250 2.0.0 "))
        #expect(server.stop() == 0)
        #expect(String(decoding: folder.read("out"), as: UTF8.self) == "900 200 b'a\\xe9b'\n")
    }

    @Test func `a transcript on a full disk has whole lines, and its gap is told`() throws {
        let server = try ToolServer(
            ["--transcript", folder.file("transcript"), "--discard"], shell: "ulimit -f 8;")
        let client = try server.client()
        for _ in 0..<200 { try client.command("NOOP") }
        try server.process.waitForError("the transcript \(folder.file("transcript")) has gaps from here on")
        client.end()
        #expect(server.stop() == 0)
        let transcript = folder.read("transcript")
        #expect(transcript.count > 3_000 && transcript.last == 10)
    }
}

extension ChildProcess {
    /// Waits until standard error contains a text.
    func waitForError(_ text: String) throws {
        let deadline = ContinuousClock.now + .seconds(Patience.seconds)
        while !standardError.contains(text) {
            guard ContinuousClock.now < deadline else { throw HarnessError("standard error is \(standardError)") }
            usleep(10_000)
        }
    }
}
