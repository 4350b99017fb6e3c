import ProcessSupport
import SMTPKit
import Testing
import TranscriptSupport

@Suite("Session storage", .timed)
struct SessionStorageTests {
    private enum Score: SessionStorageKey { typealias Value = Int }
    private enum Names: SessionStorageKey { typealias Value = [String] }

    @Test func `a hook writes, later hooks of the same session read, and no other session does`() async throws {
        let notes = Notes()
        var server = SMTPServer()
        server.hooks.onConnect = { peer in
            #expect(peer.storage[Score.self] == nil)
            peer.storage[Score.self] = 1
            return .accept
        }
        server.hooks.onHello = { peer, _, name in
            peer.storage[Names.self, default: []].append(name)
            return .accept
        }
        server.hooks.onRecipient = { peer, _, _ in
            peer.storage[Score.self, default: 0] += 1
            return .accept
        }
        server.hooks.onMessage = { _, message in
            QueueID(rawValue: "score-\(message.peer.storage[Score.self] ?? 0)")
        }
        server.hooks.onDisconnect = { peer, _ in notes.add(peer.storage[Names.self, default: []].joined(separator: " "))
        }
        try await RunningServer.with(server) { server in
            let clients = [try SocketClient(port: server.port), try SocketClient(port: server.port)]
            for (number, client) in clients.enumerated() {
                client.send("EHLO \(number).example\r\nEHLO again.example\r\nMAIL FROM:<>\r\n")
                client.send(String(repeating: "RCPT TO:<a@b.example>\r\n", count: number + 1) + "DATA\r\n.\r\nQUIT\r\n")
            }
            #expect(try clients[0].readToEnd().contains("queued as score-2\r\n"))
            #expect(try clients[1].readToEnd().contains("queued as score-3\r\n"))
        }
        #expect(await notes.all().sorted() == ["0.example again.example", "1.example again.example"])
    }

    @Test func `a peer that no hook received has no storage, and the program stops`() async {
        await #expect(processExitsWith: .failure) {
            let peer = Peer(address: .local, serverName: "mx.example")
            peer.storage[Score.self] = 1
        }
    }

    @Test func `a hook sees every field of its peer`() async throws {
        let notes = Notes()
        var server = SMTPServer()
        server.configuration.hostname = "mx.example"
        server.configuration.security = ServerSecurity(try TLSContext(.server(.selfSigned(names: ["mx.example"]))))
        server.configuration.authentication = ServerAuthentication(mechanisms: [.plain])
        server.configuration.authentication.allowsSecretsInClear = true
        server.hooks.authenticate = { _, question in Transcript.answer(question) }
        server.hooks.onMessage = { peer, message in
            guard case .ip(let host, let port) = peer.address else { return message.id }
            notes.add(
                """
                \(host) \(port > 0) \(peer.heloVerb?.rawValue ?? "-") \(peer.heloName ?? "-") \(peer.serverName) \
                \(peer.username ?? "-") \(peer.isAuthenticated) \(peer.tls == nil) \(peer.isInternationalized) \
                \(peer.transmissionProtocol.rawValue)
                """)
            return message.id
        }
        try await RunningServer.with(server) { server in
            let client = try SocketClient(port: server.port)
            client.send("EHLO a.example\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\nMAIL FROM:<> SMTPUTF8\r\n")
            client.send("RCPT TO:<a@b.example>\r\nDATA\r\n.\r\nQUIT\r\n")
            #expect(try client.readToEnd().contains("221 "))
        }
        #expect(await notes.all() == ["127.0.0.1 true EHLO a.example mx.example alice true true true UTF8SMTPA"])
    }
}
