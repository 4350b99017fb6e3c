import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Where it listens", .blocking)
struct ListenTests {
    private static let tool = BuiltTool.path("smtpd-lite")

    /// A socket of 127.0.0.1 that listens, or only is bound, and its port.
    static func socketOnLoopback(listens: Bool = true) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0, !listens || listen(descriptor, 8) == 0 else { throw HarnessError("no socket") }
        return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
    }

    private static func quit(_ port: Int) throws -> String {
        let client = try SocketClient(port: port)
        client.send("QUIT\r\n")
        return try client.readToEnd()
    }

    @Test func `a socket that was handed over is served`() throws {
        let (descriptor, port) = try Self.socketOnLoopback()
        defer { close(descriptor) }
        let process = try ChildProcess(
            [Self.tool, "-l", "fd:5", "--sessions", "1", "--discard"], descriptors: [5: descriptor])
        #expect(try Self.quit(port).hasPrefix("220 "))
        #expect(process.wait() == 0)
        #expect(process.standardError == "listening smtp 127.0.0.1:\(port)\n")
    }

    @Test func `sockets of systemd are served, those named smtps with TLS`() throws {
        let clear = try Self.socketOnLoopback()
        let secured = try Self.socketOnLoopback()
        defer {
            close(clear.descriptor)
            close(secured.descriptor)
        }
        let script = "LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=mail:smtps exec \"$@\""
        let process = try ChildProcess(
            ["sh", "-c", script, "sh", Self.tool, "--sessions", "2", "--discard"],
            descriptors: [3: clear.descriptor, 4: secured.descriptor])
        #expect(try Self.quit(clear.port).hasPrefix("220 "))
        let url = "smtps://127.0.0.1:\(secured.port)"
        let result = try ChildProcess.run([
            "curl", "--silent", "--show-error", "--insecure", "--request", "NOOP", "--url", url,
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(process.wait() == 0)
        #expect(
            process.standardError
                == "listening smtp 127.0.0.1:\(clear.port)\nlistening smtps 127.0.0.1:\(secured.port)\n")
    }

    @Test func `sockets of another process are none of ours`() throws {
        let handed = try Self.socketOnLoopback()
        defer { close(handed.descriptor) }
        let process = try ChildProcess(
            [
                "sh", "-c", "LISTEN_PID=1 LISTEN_FDS=1 exec \"$@\"", "sh", Self.tool, "-l", "0", "--idle", "50ms",
                "--discard",
            ],
            descriptors: [3: handed.descriptor])
        #expect(process.wait() == 0)
        #expect(!process.standardError.contains(":\(handed.port)\n"))
    }

    @Test func `what does not listen is refused`() throws {
        let bound = try Self.socketOnLoopback(listens: false)
        defer { close(bound.descriptor) }
        let direct = try ChildProcess([Self.tool, "-l", "fd:5", "--discard"], descriptors: [5: bound.descriptor])
        #expect(direct.wait() == 64)
        #expect(direct.standardError.contains("--inetd"))
        let script = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\""
        let handed = try ChildProcess(
            ["sh", "-c", script, "sh", Self.tool, "--discard"], descriptors: [3: bound.descriptor])
        #expect(handed.wait() == 1)
        #expect(handed.standardError.contains("cannot listen on fd:3: ") && handed.standardError.contains("--inetd"))
    }

    // MARK: inetd

    @Test func `one session is served on a socket, and the process ends with it`() throws {
        let folder = try TemporaryFolder()
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        // As inetd has it: the socket is standard error, too.
        let process = try ChildProcess(
            [Self.tool, "--inetd", "--mbox", folder.file("mbox")], descriptors: [0: ends[1], 1: ends[1], 2: ends[1]])
        close(ends[1])
        let said = """
            EHLO x\r\nMAIL FROM:<joe@example.org>\r\nRCPT TO:<ann@example.net>\r\nDATA\r\nSubject: x\r\n\r\n.\r\nQUIT\r\n
            """
        _ = said.withCString { write(ends[0], $0, strlen($0)) }
        var heard: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while case let count = read(ends[0], &piece, piece.count), count > 0 { heard += piece[..<count] }
        close(ends[0])
        #expect(process.wait() == 0)
        let text = String(decoding: heard, as: UTF8.self)
        #expect(text.hasPrefix("220 ") && text.hasSuffix("221 2.0.0 Bye\r\n") && !text.contains("listening"))
        #expect(try MailboxReader.messages(in: folder.file("mbox")).count == 1)
    }

    @Test func `one session is served on pipes`() throws {
        let result = try ChildProcess.run(
            [
                "sh", "-c", "printf 'NOOP\\r\\nQUIT\\r\\n' | \"$@\" | cat", "sh", Self.tool, "--inetd", "--discard",
                "-n", "mx",
            ])
        #expect(result.status == 0)
        #expect(result.output == "220 mx ESMTP smtpd-lite\r\n250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n", "\(result.errors)")
    }

    @Test func `the client's address is that of the socket`() throws {
        let folder = try TemporaryFolder()
        let listener = try Self.socketOnLoopback()
        let client = try SocketClient(port: listener.port)
        let connection = accept(listener.descriptor, nil, nil)
        close(listener.descriptor)
        let process = try ChildProcess(
            [Self.tool, "--inetd", "--quiet", "--mbox", folder.file("mbox")],
            descriptors: [0: connection, 1: connection])
        close(connection)
        _ = try client.reply()
        #expect(try client.deliver("Subject: x\r\n").hasPrefix("250 "))
        try client.command("QUIT")
        #expect(process.wait() == 0, "\(process.standardError)")
        #expect(String(decoding: folder.read("mbox"), as: UTF8.self).contains("([127.0.0.1])"))
    }

    // MARK: UNIX sockets and families

    @Test func `a socket that was left behind is replaced, one in use and a file are not`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("socket")
        let first = try ToolServer(["--discard"], listen: "unix:\(path)")
        let second = try ChildProcess.run([Self.tool, "-l", "unix:\(path)", "--discard"])
        #expect(second.status == 1 && second.errors.contains("Address already in use"), "\(second.errors)")
        first.process.signal(SIGKILL)
        first.process.wait()
        #expect(try folder.names == ["socket"])
        let third = try ToolServer(["--discard"], listen: "unix:\(path)")
        #expect(third.stop() == 0)
        #expect(try folder.names == [])
        try folder.write("mine".utf8, to: "file")
        let fourth = try ChildProcess.run([Self.tool, "-l", "unix:\(folder.file("file"))", "--discard"])
        #expect(fourth.status == 1 && fourth.errors.contains("no socket"))
        #expect(folder.read("file") == Array("mine".utf8))
    }

    @Test(arguments: [["-p", "0"], ["--port=0"], ["-l", "both.test:0"]])
    func `a port or a name is listened on at all its addresses, with one port`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let hosts = try folder.write("127.0.0.1 both.test\n::1 both.test\n".utf8, to: "hosts")
        let server = try ToolServer(
            arguments + ["--sessions", "2", "--discard"], listen: nil,
            shell: "LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_HOSTS=\(hosts)")
        #expect(
            server.process.standardError
                == "listening smtp 127.0.0.1:\(server.port)\nlistening smtp [::1]:\(server.port)\n")
        #expect(try Self.quit(server.port).hasPrefix("220 "))
        let second = try ChildProcess.run(["python3", "-c", Self.quitIPv6, "\(server.port)"])
        #expect(second.output.hasPrefix("220 "), "\(second.errors)")
        #expect(server.process.wait() == 0)
    }

    private static let quitIPv6 = """
        import socket, sys
        s = socket.create_connection(("::1", int(sys.argv[1])))
        s.sendall(b"QUIT\\r\\n")
        print(s.makefile().read())
        """

    @Test func `a port in use says what to do`() throws {
        let (descriptor, port) = try Self.socketOnLoopback()
        defer { close(descriptor) }
        let run = try ChildProcess.run([Self.tool, "-p", "\(port)", "--discard"])
        #expect(run.status == 1)
        #expect(
            run.errors
                == "smtpd-lite: cannot listen on 127.0.0.1:\(port): Address already in use (-p 0 picks a free port)\n")
    }

    @Test(arguments: [("660", 0o660), ("600", 0o600), ("777", 0o777)])
    func `a UNIX socket has the mode that was asked for, whatever the umask`(text: String, mode: Int) throws {
        let folder = try TemporaryFolder()
        let server = try ToolServer(["--discard"], listen: "unix:\(folder.file("s")),mode=\(text)", shell: "umask 027;")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("s"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode)
        #expect(server.stop() == 0)
    }

    @Test(arguments: [("-4", "0.0.0.0:"), ("-6", "[::]:")])
    func `a family is kept to`(option: String, address: String) throws {
        let server = try ToolServer([option, "--discard"], listen: ":0")
        #expect(server.stop() == 0)
        #expect(server.process.standardError == "listening smtp \(address)\(server.port)\n")
    }
}
