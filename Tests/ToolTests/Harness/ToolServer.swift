import Foundation
import ProcessSupport
import TranscriptSupport

/// The built `smtpd-lite`, serving on a free port.
final class ToolServer: Sendable {
    let process: ChildProcess
    /// The port, 0 when it listens on none.
    let port: Int

    /// Starts the tool and returns when it is ready.
    ///
    /// - Parameters:
    ///   - arguments: its arguments beside `--listen 0` and the ways to tell when it is ready.
    ///   - listen: the value of `--listen`; `nil` for none.
    ///   - shell: a shell command that runs first, such as `ulimit -f 8;`.
    init(_ arguments: [String], listen: String? = "0", shell: String? = nil, command: [String] = []) throws {
        let folder = try TemporaryFolder()
        var ends: [Int32] = [0, 0]
        // A pair of sockets, because they can be made so that no other child gets them.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw HarnessError("no pair of sockets") }
        defer { close(ends[0]) }
        var words = [BuiltTool.path("smtpd-lite"), "--ready-fd", "9"]
        if let listen { words += ["--listen", listen] }
        if listen?.hasPrefix("unix:") != true { words += ["--port-file", folder.file("port")] }
        words += arguments + (command.isEmpty ? [] : ["--"] + command)
        if let shell { words = ["sh", "-c", "\(shell) exec \"$@\"", "sh"] + words }
        do {
            defer { close(ends[1]) }
            process = try ChildProcess(words, descriptors: [9: ends[1]])
        }
        var octet: UInt8 = 0
        guard read(ends[0], &octet, 1) == 1 else {
            let status = process.wait()
            throw HarnessError("smtpd-lite ended with \(status) before it was ready: \(process.standardError)")
        }
        let text = String(decoding: folder.read("port"), as: UTF8.self)
        port = Int(text.trimmingCharacters(in: .newlines)) ?? 0
    }

    /// A client that has read the greeting.
    func client() throws -> SocketClient {
        let client = try SocketClient(port: port)
        let greeting = try client.reply()
        guard greeting.hasPrefix("220 ") else { throw HarnessError("the greeting was \(greeting)") }
        return client
    }

    /// Delivers a message.
    ///
    /// - Returns: the reply to its content.
    @discardableResult
    func deliver(_ content: String, to recipient: String = "ann@example.net") throws -> String {
        let client = try client()
        defer { client.end() }
        let reply = try client.deliver(content, to: recipient)
        try client.command("QUIT")
        return reply
    }

    /// Tells it to end, and waits for that.
    @discardableResult
    func stop() -> Int32 {
        process.signal(SIGTERM)
        return process.wait()
    }
}

extension SocketClient {
    /// Says EHLO.
    ///
    /// - Returns: the keywords of the extensions that are offered, with their arguments.
    func capabilities() throws -> [String] {
        send("EHLO client.example\r\n")
        var lines: [String] = []
        while let line = try readLine(), line.hasPrefix("250") {
            lines.append(String(line.dropFirst(4)))
            if line.hasPrefix("250 ") { break }
        }
        return Array(lines.dropFirst())
    }

    /// Takes a message, in lines that end with CRLF, through one transaction.
    ///
    /// - Returns: the reply to the content, or the first that refuses.
    func deliver(_ content: String, to recipient: String = "ann@example.net") throws -> String {
        for line in ["EHLO client.example", "MAIL FROM:<joe@example.org>", "RCPT TO:<\(recipient)>", "DATA"] {
            let reply = try command(line)
            guard reply.hasPrefix("250") || reply.hasPrefix("354") else { return reply }
        }
        send(content + ".\r\n")
        return try reply()
    }
}
