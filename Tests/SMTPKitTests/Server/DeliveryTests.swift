import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

/// The outcome of a message for each of its recipients.
@Suite("Deliveries", .timed)
struct DeliveryTests {
    private struct FullStore: MessageStore {
        func store(_ message: Message) async throws { throw Reply.insufficientStorage }
    }

    /// The replies to a message for `yes`, `own` and `full`, and what is stored.
    private func replies(
        _ greeting: String, store: any MessageStore, recipients: [String] = ["yes", "full", "own"],
        streams: Bool = false
    ) async throws -> [String] {
        var server = SMTPServer(store: store)
        server.configuration.serverProtocol = greeting == "LHLO" ? .lmtp : .esmtp
        let answer: @Sendable (Envelope.Recipient) -> Reply? = { recipient in
            switch "\(recipient.path)" {
            case "full@d.example": .mailboxFull
            case "gone@d.example": .mailboxNotFound
            case "own@d.example": Reply(250, .success(.otherUndefinedStatus), "mine")
            case _: nil
            }
        }
        if streams {
            server.hooks.onMessageStream = { request in
                for try await _ in request.message.body {}
                return MessageOutcome(QueueID(rawValue: "q1"), replies: request.message.envelope.recipients.map(answer))
            }
        } else {
            server.hooks.onDelivery = { request in
                var message = request.message
                message.id = QueueID(rawValue: "q1")
                return await MessageOutcome(message) { answer($0) }
            }
        }
        return try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            try client.reply()
            try client.command("\(greeting) client.example")
            try client.command("MAIL FROM:<>")
            for recipient in recipients { try client.command("RCPT TO:<\(recipient)@d.example>") }
            try client.command("DATA")
            client.send("body\r\n.\r\nQUIT\r\n")
            return try client.readToEnd().split(separator: "\r\n").dropLast().map(String.init)
        }
    }

    @Test(arguments: [false, true])
    func `over LMTP each recipient hears its own reply`(streams: Bool) async throws {
        let store = RecordingStore()
        #expect(
            try await replies("LHLO", store: store, streams: streams) == [
                "250 2.0.0 Ok: queued as q1", "452 4.2.2 Mailbox full", "250 2.0.0 mine",
            ])
        #expect(store.messages.map(\.addresses) == (streams ? [] : [" > yes@d.example, own@d.example"]))
    }

    @Test func `a store that fails is heard by those for whom the message was taken`() async throws {
        #expect(
            try await replies("LHLO", store: FullStore()) == [
                "452 4.3.1 Insufficient system storage", "452 4.2.2 Mailbox full",
                "452 4.3.1 Insufficient system storage",
            ])
    }

    @Test(arguments: [false, true])
    func `over SMTP what is refused to one is kept for none`(streams: Bool) async throws {
        let store = RecordingStore()
        #expect(try await replies("EHLO", store: store, streams: streams) == ["452 4.2.2 Mailbox full"])
        #expect(
            try await replies("EHLO", store: store, recipients: ["yes", "gone"], streams: streams) == [
                "550 5.1.1 No such mailbox"
            ])
        #expect(store.messages.isEmpty)
    }

    @Test func `over SMTP what all get is kept for all`() async throws {
        let store = RecordingStore()
        #expect(
            try await replies("EHLO", store: store, recipients: ["yes", "any"]) == ["250 2.0.0 Ok: queued as q1"])
        #expect(store.messages.map(\.addresses) == [" > yes@d.example, any@d.example"])
    }

    @Test func `where nobody gets it, the store is not asked`() async throws {
        let store = RecordingStore()
        #expect(
            try await replies("LHLO", store: store, recipients: ["gone", "full"]) == [
                "550 5.1.1 No such mailbox", "452 4.2.2 Mailbox full",
            ])
        #expect(store.messages.isEmpty)
    }
}
