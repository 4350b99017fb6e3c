import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Secrets", .blocking)
struct SecrecyTests {
    /// The forms in which a secret could show up.
    private static func forms(_ secret: String) -> [String] {
        func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        let user = SecureServer.user
        let messages = [
            secret, "\0\(user)\0\(secret)", "\(user)\0\(user)\0\(secret)", "\(user):\(secret)",
            "user=\(user)\u{1}auth=Bearer \(secret)\u{1}\u{1}", "n,a=\(user),\u{1}auth=Bearer \(secret)\u{1}\u{1}",
        ]
        return [secret] + messages.map(base64)
    }

    @Test func `a whole run leaves no password anywhere`() throws {
        let (right, wrong) = (SecureServer.password, "not-the-one-9")
        let server = try SecureServer(["--verbose", "--auth-without-tls"])
        let home = ["HOME": server.folder.path]
        for client in AuthenticationClientTests.Client.allCases {
            _ = try ChildProcess.run(try client.words(server, password: right), environment: home)
        }
        for client in [AuthenticationClientTests.Client.curlPlain, .curlOAuthBearer, .smtplibLogin, .msmtpSCRAM256] {
            _ = try ChildProcess.run(try client.words(server, password: wrong), environment: home)
        }
        // Clients that do not keep to the protocol: what they mean for a password is one.
        let client = try server.tool.client()
        try client.command("EHLO client.example")
        for line in Self.forms(right).flatMap({
            ["AUTH PLAIN \($0)", "AUTH NONE \($0)", "AUTH\t\($0)", " AUTH x \($0)", $0]
        })
        where !line.contains("\0") && !line.contains("\u{1}") {
            guard try !client.command(line).hasPrefix("421") else { break }
        }
        client.end()
        let late = try server.tool.client()
        try late.command("EHLO client.example")
        for line in ["AUTH LOGIN", Data(SecureServer.user.utf8).base64EncodedString()] { try late.command(line) }
        late.send(Data(right.utf8).base64EncodedString())
        late.end()
        #expect(server.tool.stop() == 0)

        let log = server.tool.process.standardError
        #expect(log.contains("C: AUTH PLAIN ***"))
        #expect(log.contains("235 2.7.0"))
        let everything = [
            log, String(decoding: server.tool.process.standardOutput, as: UTF8.self),
            String(decoding: server.folder.read("mbox"), as: UTF8.self),
        ]
        #expect(everything[2].contains("Subject: authenticated"))
        for secret in Self.forms(right) + Self.forms(wrong) {
            for text in everything { #expect(!text.contains(secret), "\(secret)") }
        }
    }

    /// Command lines that are wrong in some way and hold a password.
    static let wrong: [[String]] = [
        ["--auth", "hunter2"], ["--auth", ":hunter2"], ["--auth=hunter2"], ["--auth", "any:", "--auth", "hunter2"],
        ["--auth", "alice:hunter2", "--mechanisms", "NONE"], ["--auth", "alice:hunter2", "--no-such-option"],
        ["--auth", "alice:hunter2", "--cert", "/nonexistent"],
        ["--auth", "alice:hunter2", "--no-tls", "--require-tls"],
        ["--auth", "alice:hunter2", "--listen", ":0", "--mechanisms", "PLAIN"],
        ["--auth", "alice:hunter2", "--listen", "nowhere"],
    ]

    @Test(arguments: wrong)
    func `an error about the command line shows no password`(arguments: [String]) throws {
        let result = try ChildProcess.run([BuiltTool.path("smtpd-lite"), "--discard"] + arguments)
        #expect(result.status == 64 || result.status == 1)
        #expect(result.errors.hasPrefix("smtpd-lite: "))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(!(result.output + result.errors).contains("hunter2"))
    }

    @Test func `an error about a password file shows nothing of it`() throws {
        let folder = try TemporaryFolder()
        for text in [
            "alice:hunter2\nhunter2\n", "alice:$9$hunter2\n", "alice:{MD5}hunter2\n", "a:hunter2\na:hunter2\n",
        ] {
            try folder.write(text.utf8, to: "users")
            let result = try ChildProcess.run([
                BuiltTool.path("smtpd-lite"), "--discard", "--listen", "0", "--auth", "@\(folder.file("users"))",
            ])
            #expect(result.status == 1)
            #expect(result.errors.contains("users") && result.errors.contains("line "))
            #expect(!result.errors.contains("hunter2"))
        }
    }
}
