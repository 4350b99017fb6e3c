import Foundation
import ProcessSupport
import Testing

@Suite("Passwords of smtp-probe, and who can see them", .blocking)
struct SecrecyTests {
    private static let secret = "open-sesame-9"

    /// Returns the data about a process that everybody, and its owner, can read.
    private static func visible(_ processID: pid_t) throws -> String {
        try ["cmdline", "environ"].map { name in
            let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(processID)/\(name)"))
            return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        }.joined(separator: "\n")
    }

    @Test(arguments: ["file", "fd", "argument", "argument=", "script"])
    func `are in no list of processes`(way: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("\(Self.secret)\n".utf8, to: "secret")
        let server = try await ScriptedServer.start([
            "EHLO": ["250-stub\r\n250 AUTH PLAIN"], "AUTH": ["AWAIT 535 5.7.8 no"],
        ])
        var words = [Probe.path, "send", "--to", "a@b.test", "--auth-user", "u", "--insecure-auth", server.target]
        var descriptors: [Int32: Int32] = [:]
        let secrets = open(file, O_RDONLY)
        defer { close(secrets) }
        switch way {
        case "file": words += ["--auth-password-file", file]
        case "fd":
            words += ["--auth-password-fd", "7"]
            descriptors[7] = secrets
        case "argument": words += ["--auth-password", Self.secret]
        case "argument=": words += ["--auth-password=\(Self.secret)"]
        case _:
            // Without TLS a script does not send it at all: it is asked while the server thinks about something else.
            words = [Probe.path, "--auth-user", "u", "--auth-password", Self.secret, "-c", "AUTH PLAIN", server.target]
        }
        let process = try ChildProcess(words, descriptors: descriptors)
        while try await !server.line().hasPrefix("AUTH") {}
        let seen = try Self.visible(process.processID)
        #expect(seen.contains("--auth-") && !seen.contains(Self.secret), "\(seen.replacing("\u{0}", with: " "))")
        server.go()
        #expect(await onThread { process.wait() } == 28)
        let said = String(decoding: process.standardOutput, as: UTF8.self) + process.standardError
        #expect(
            !said.contains(Self.secret) && !said.contains(Data("\u{0}u\u{0}\(Self.secret)".utf8).base64EncodedString()))
        #expect(
            said.contains("warning: --auth-password shows") == (way.hasPrefix("argument") || way == "script"), "\(said)"
        )
    }
}
