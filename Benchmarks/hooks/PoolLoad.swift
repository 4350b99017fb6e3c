import SMTPKit

/// Messages through the pool of one ``SMTPClient``, to compare with Postfix's `smtp-source -s CONNECTIONS`.
///
///     bench-hooks pool 2525 100 4 2048
///
/// Prints the seconds from the first connection to the last `QUIT`.
enum PoolLoad {
    /// Sends all messages.
    ///
    /// - Parameters:
    ///   - port: the port of a server on 127.0.0.1.
    ///   - messages: the number of messages.
    ///   - connections: the most connections at a time, each of which has a task that sends.
    ///   - size: the size of a message, in bytes.
    static func run(port: UInt16, messages: Int, connections: Int, size: Int) async throws {
        var configuration = SMTPClient.Configuration()
        configuration.helloName = "bench.test"
        configuration.security = ClientSecurity(.none)
        var limits = SMTPClient.PoolLimits()
        limits.connections = connections
        limits.messagesPerConnection = messages
        let client = SMTPClient(to: .host("127.0.0.1", port: port), configuration: configuration, limits: limits)
        let envelope = Envelope(
            reversePath: .mailbox(Mailbox(localPart: "a", domain: .name("bench.test"))),
            recipients: [Envelope.Recipient(.mailbox(Mailbox(localPart: "b", domain: .name("bench.test"))))])
        let line = String(repeating: "x", count: 62) + "\r\n"
        let message = Array("Subject: pool\r\n\r\n".utf8) + Array(String(repeating: line, count: size / 64).utf8)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<connections {
                group.addTask {
                    for _ in stride(from: task, to: messages, by: connections) {
                        let outcome = try await client.send(message: message, to: envelope)
                        guard outcome.isDelivered else { throw Refusal() }
                    }
                }
            }
            try await group.waitForAll()
        }
        await client.shutDown()
        print(start.duration(to: .now) / .seconds(1))
    }

    private struct Refusal: Error {}
}
