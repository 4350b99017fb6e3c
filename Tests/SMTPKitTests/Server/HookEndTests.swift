import Foundation
import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

@Suite("The end of a hook", .timed)
struct HookEndTests {
    private struct Nonsense: Error, CustomStringConvertible { let description = "nonsense" }

    /// A server whose sender hook waits for nothing, and notes when it begins and is cancelled.
    private static func waiting(_ notes: Notes) -> SMTPServer {
        var server = SMTPServer()
        server.hooks.onSender = { _ in
            notes.add("asked")
            await Gate().pass()
            notes.add(Task.isCancelled ? "cancelled" : "left alone")
            return .accept
        }
        return server
    }

    @Test func `a client that is gone cancels the hook`() async throws {
        let notes = Notes()
        _ = try await RunningServer.with(Self.waiting(notes)) { server in
            let client = try SocketClient(port: server.port)
            client.send("EHLO a.example\r\nMAIL FROM:<>\r\n")
            for _ in 0..<2 { try client.reply() }
            client.end(isReset: true)
        } next: { _ in
            #expect(await notes.next(2) == ["asked", "cancelled"])
        }
    }

    @Test func `a server that ends cancels the hook behind its grace`() async throws {
        let notes = Notes()
        let control = ServerControl()
        var server = Self.waiting(notes)
        server.configuration.shutdownGrace = .milliseconds(50)
        try await RunningServer.with(server, control: control) { server in
            let client = try SocketClient(port: server.port)
            client.send("EHLO a.example\r\nMAIL FROM:<>\r\n")
            for _ in 0..<2 { try client.reply() }
            control.stop()
            #expect(try client.reply().hasPrefix("421 4.3.2 "))
        }
        #expect(await notes.next(2) == ["asked", "cancelled"])
    }

    @Test func `the operator hears of a hook that fails or takes too long`() async throws {
        let observer = FailureObserver()
        var server = SMTPServer(observer: observer)
        server.configuration.limits.decision = .milliseconds(20)
        server.hooks.onSender = { request in
            if request.path == .null { throw Nonsense() }
            await Gate().pass()
            return .accept
        }
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            try client.command("EHLO a.example")
            #expect(try client.command("MAIL FROM:<>").hasPrefix("451 4.3.0 "))
            #expect(try client.command("MAIL FROM:<a@b.example>").hasPrefix("451 4.3.0 "))
        }
        #expect(
            await observer.notes.all() == [
                "session 1: nonsense", "session 1: no answer from the hook onSender within 0.02 seconds",
            ])
    }

    @Test func `the operator hears which output does not take a message`() async throws {
        // The pipe is not read, and holds less than the message.
        let pipe = Pipe()
        let store = FileStore.stream(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let observer = FailureObserver()
        var server = SMTPServer(store: store, observer: observer)
        server.configuration.limits.decision = .milliseconds(20)
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            for command in ["EHLO a.example", "MAIL FROM:<>", "RCPT TO:<a@b.example>", "DATA"] {
                try client.command(command)
            }
            client.send(String(repeating: "a line of forty octets, and its line end\r\n", count: 20_000) + ".\r\n")
            #expect(try client.reply().hasPrefix("451 4.3.0 "))
            Thread.detachNewThread { _ = pipe.fileHandleForReading.readDataToEndOfFile() }
        }
        try pipe.fileHandleForWriting.close()
        #expect(await observer.notes.all() == ["session 1: no answer from standard output within 0.02 seconds"])
    }
}

/// Notes what fails.
struct FailureObserver: ServerObserver {
    let notes = Notes()

    func failed(_ reason: String) { notes.add(reason) }
}
