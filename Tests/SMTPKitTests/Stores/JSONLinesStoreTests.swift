import Foundation
import ProcessSupport
import SMTPKit
import Synchronization
import Testing

@Suite("JSON Lines store", .blocking)
struct JSONLinesStoreTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    private func objects(_ name: String = "j") throws -> [[String: Any]] {
        try directory.text(name).split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private static var message: Message {
        var message = Fixture.message(
            "Subject: =?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe?=\r\nX: a\r\nX: \u{1B}b\r\n\r\nbody\r\n", id: "A1")
        message.envelope.parameters = [
            ESMTPParameter("SIZE", "1000"), ESMTPParameter("MT-PRIORITY", "-3"), ESMTPParameter("SMTPUTF8"),
        ]
        message.envelope.recipients[0].parameters = [ESMTPParameter("NOTIFY", "NEVER")]
        message.peer.hostname = "client.example.org"
        message.peer.username = "ann"
        message.peer.mechanism = "PLAIN"
        message.peer.tls = Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384")
        message.timings = Message.Timings(session: .milliseconds(12), transaction: .microseconds(3), content: nil)
        return message
    }

    @Test func `an object has every member`() async throws {
        let store = try FileStore.jsonLines(path: directory.file("j"))
        try await store.store(Self.message)
        await store.close()
        let expected = """
            {"schema":1,"id":"A1","received_at":"2026-11-22T15:00:00.000Z",\
            "peer":{"address":"192.0.2.1","port":1025,"helo":"mail.example.org","name":"client.example.org"},"protocol":"ESMTPSA",\
            "tls":{"version":"TLSv1.3","cipher":"TLS_AES_256_GCM_SHA384","client_subject":null},\
            "auth":{"mechanism":"PLAIN","user":"ann"},\
            "envelope":{"from":"joe@example.org","from_raw":null,"from_parameters":{"SIZE":"1000","MT-PRIORITY":"-3","SMTPUTF8":null},\
            "to":[{"address":"ann@example.net","raw":null,"parameters":{"NOTIFY":"NEVER"}}],"size":1000,"priority":-3},\
            "headers":[{"name":"Subject","value":"Grüße","raw":"=?utf-8?q?Gr=C3=BC?= =?utf-8?q?=C3=9Fe?="},\
            {"name":"X","value":"a","raw":"a"},{"name":"X","value":"\\u001bb","raw":"\\u001bb"}],\
            "size":74,"raw_base64":"\(Self.base64)","path":null,"sha256":"\(Self.sha256)",\
            "timings_ms":{"session":12.000,"transaction":0.003,"content":null}}

            """
        #expect(directory.text("j") == expected)
    }

    private static var base64: String {
        Data((try? message.content.prefix(1000)) ?? []).base64EncodedString()
    }

    private static var sha256: String {
        let result = try? ChildProcess.run(["sha256sum"], input: (try? message.content.prefix(1000)) ?? [])
        return String(result?.output.prefix(64) ?? "")
    }

    @Test func `what is not there is null, and never left out`() async throws {
        let store = try FileStore.jsonLines(path: directory.file("j"))
        var message = Fixture.message("", id: "")
        message.envelope = Envelope(reversePath: .null)
        message.peer = Peer(address: .local, serverName: "mx")
        try await store.store(message)
        try await store.store(Self.message)
        await store.close()
        let (bare, full) = (try objects()[0], try objects()[1])
        #expect(Set(bare.keys) == Set(full.keys))
        for name in ["tls", "auth", "path"] { #expect(bare[name] is NSNull) }
        #expect((bare["envelope"] as? [String: Any])?["from"] as? String == "")
        #expect((bare["peer"] as? [String: Any])?["address"] is NSNull)
        #expect(bare["raw_base64"] as? String == "")
    }

    @Test func `a message in a folder is named, not repeated`() async throws {
        let folder = try FileStore.folder(path: directory.file("d"))
        let store = CombinedStore([try FileStore.jsonLines(path: directory.file("j"), contentIn: folder.files), folder])
        try await store.store(Self.message)
        await store.close()
        let object = try objects()[0]
        #expect(object["raw_base64"] is NSNull)
        let path = try #require(object["path"] as? String)
        #expect(FileManager.default.contents(atPath: path)?.suffix(6) == Data("body\r\n".utf8))
    }

    @Test func `a large message passes through in pieces`() async throws {
        let octets = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let store = try FileStore.jsonLines(path: directory.file("j"))
        try await store.store(try Fixture.spooled(octets))
        await store.close()
        let object = try objects()[0]
        #expect(Data(base64Encoded: try #require(object["raw_base64"] as? String)) == Data(octets))
    }

    @Test func `a file that a killed process left is cut, and a foreign line is completed`() async throws {
        try directory.write("j", "{\"foreign\":1}")
        let disk = Disk(room: 40)
        let store = try FileStore(.jsonLines(nil), path: directory.file("j"), calls: disk.calls)
        let error = await #expect(throws: StoreError.self) { try await store.store(Self.message) }
        #expect(error?.isFull == true)
        #expect(directory.text("j") == "{\"foreign\":1}")
        disk.state.withLock { $0.room = .max }
        try await store.store(Self.message)
        await store.close()
        #expect(try objects().count == 2)
    }

    @Test func `octets that are no UTF-8 do not break the line`() async throws {
        let store = try FileStore.jsonLines(path: directory.file("j"))
        try await store.store(
            Fixture.message(.memory(Array("X: ".utf8) + [0xFF, 0x80, 0xC3] + Array("\r\n\r\n\u{2028}".utf8))))
        await store.close()
        let headers = try #require(try objects()[0]["headers"] as? [[String: String]])
        #expect(headers[0]["raw"] == "\u{FFFD}\u{FFFD}\u{FFFD}")
    }
}
