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
        server.hooks.onConnect = { request in
            #expect(request.peer.storage[Score.self] == nil)
            request.peer.storage[Score.self] = 1
            return .accept
        }
        server.hooks.onHello = { request in
            request.peer.storage[Names.self, default: []].append(request.name)
            return .accept
        }
        server.hooks.onRecipient = { request in
            request.peer.storage[Score.self, default: 0] += 1
            return .accept
        }
        server.hooks.onMessage = { request in
            QueueID(rawValue: "score-\(request.message.peer.storage[Score.self] ?? 0)")
        }
        server.hooks.onDisconnect = { notice in
            notes.add(notice.peer.storage[Names.self, default: []].joined(separator: " "))
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
        server.hooks.authenticate = { request in Transcript.answer(request.question) }
        server.hooks.onMessage = { request in
            let peer = request.peer
            guard case .ip(let host, let port) = peer.address else { return request.message.id }
            notes.add(
                """
                \(host) \(port > 0) \(peer.heloVerb?.rawValue ?? "-") \(peer.heloName ?? "-") \(peer.serverName) \
                \(peer.username ?? "-") \(peer.isAuthenticated) \(peer.tls == nil) \(peer.isInternationalized) \
                \(peer.transmissionProtocol.rawValue)
                """)
            return request.message.id
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
