import Foundation
import ProcessSupport
import Synchronization
import TranscriptSupport

/// Clients that deliver messages on threads of their own until they are told to stop or the server is gone.
final class Courier: Sendable {
    private let ledger: Ledger
    private let port: Int
    private let isStopped = Atomic<Bool>(false)
    private let threads = DispatchGroup()

    /// Starts clients.
    ///
    /// - Parameters:
    ///   - count: the number of clients.
    ///   - messages: how many messages each delivers at most.
    init(_ count: Int, to port: Int, ledger: Ledger, messages: Int = .max) {
        self.ledger = ledger
        self.port = port
        for _ in 0..<count {
            threads.enter()
            Thread.detachNewThread {
                defer { self.threads.leave() }
                self.run(messages)
            }
        }
    }

    /// Waits until all clients have ended.
    func join() { threads.wait() }

    /// Tells the clients to end after the message that they deliver, and waits for that.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        join()
    }

    private func run(_ count: Int) {
        var rest = count
        while rest > 0, !isStopped.load(ordering: .relaxed) {
            guard let client = try? SocketClient(port: port), let greeting = try? client.reply() else { return }
            defer { client.end() }
            guard greeting.hasPrefix("220 ") else { return }
            _ = try? client.command("EHLO client.example")
            // A new connection after some messages.
            for _ in 0..<20 where rest > 0 && !isStopped.load(ordering: .relaxed) {
                rest -= 1
                guard Self.deliver(ledger, over: client) else { break }
            }
            _ = try? client.command("QUIT")
        }
    }

    /// Delivers the next message of a ledger over a connection that has greeted.
    ///
    /// - Returns: whether the connection can be used for another.
    @discardableResult
    static func deliver(_ ledger: Ledger, over client: SocketClient) -> Bool {
        let message = ledger.next()
        let lines = [
            ("MAIL FROM:<joe@example.org>", "250"), ("RCPT TO:<ann@example.net>", "250"), ("DATA", "354"),
        ]
        for (line, expected) in lines {
            guard let reply = try? client.command(line), reply.hasPrefix(expected) else { return false }
        }
        client.send(message.onTheWire)
        // A connection that is cut in the content leaves the message unsent.
        let isSent = !client.isRefused
        let reply = (try? client.reply()) ?? ""
        if isSent || !reply.isEmpty { ledger.note(message, reply: reply) }
        return !reply.isEmpty && !reply.hasPrefix("421")
    }

    /// Delivers one message over a connection of its own.
    ///
    /// - Returns: whether the server greeted.
    @discardableResult
    static func deliverOne(_ ledger: Ledger, to port: Int) throws -> Bool {
        let client = try SocketClient(port: port)
        defer { client.end() }
        guard try client.reply().hasPrefix("220 ") else { return false }
        try client.command("EHLO client.example")
        deliver(ledger, over: client)
        try client.command("QUIT")
        return true
    }
}
