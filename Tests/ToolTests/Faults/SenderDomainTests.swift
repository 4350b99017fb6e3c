import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Domains of senders", .blocking)
struct SenderDomainTests {
    @Test func `senders are refused whose domain takes no mail, and put off when nobody knows`() async throws {
        let names = try await TestNameServer.start([
            "--local=/test/", "--mx-host=good.test,mx.good.test,10", "--host-record=mx.good.test,192.0.2.1",
            "--host-record=implicit.test,192.0.2.2", "--dns-rr=null.test,15,000000",
        ])
        try await onThread {
            let server = try ToolServer(["--resolve-sender", "--resolver", names.endpoint, "--discard"])
            let client = try server.client()
            try client.command("EHLO c.example")
            for (sender, reply) in [
                ("joe@good.test", "250 2.1.0"), ("joe@implicit.test", "250 2.1.0"), ("", "250 2.1.0"),
                ("joe@[192.0.2.9]", "250 2.1.0"), ("joe@null.test", "550 5.1.8"), ("joe@missing.test", "550 5.1.8"),
                // No server answers for names outside the zone.
                ("joe@elsewhere.invalid", "451 4.4.3"),
            ] {
                let heard = try client.command("MAIL FROM:<\(sender)>")
                #expect(heard.hasPrefix(reply), "\(sender): \(heard)")
                try client.command("RSET")
            }
            client.end()
            #expect(server.stop() == 0)
        }
    }
}
