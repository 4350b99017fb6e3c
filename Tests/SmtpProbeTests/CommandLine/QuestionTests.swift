import Foundation
import ProcessSupport
import Testing

@Suite("Questions of send on a terminal", .blocking)
struct QuestionTests {
    private func start(_ server: ScriptedServer, _ options: [String]) throws -> Terminal {
        try Terminal(
            [
                BuiltTool.path("smtp-probe"), "send", "-t", "a@b.test", "-f", "b@b.test", "--insecure-auth",
                server.target,
            ] + options,
            environment: ["NO_COLOR": "1"])
    }

    private func login() async throws -> ScriptedServer {
        try await ScriptedServer.start(["EHLO": ["250-stub\r\n250 AUTH PLAIN"], "AUTH": ["235 2.7.0 ok"]])
    }

    @Test func `user and password are asked for, the latter unseen`() async throws {
        let server = try await login()
        let terminal = try start(server, ["-a"])
        try terminal.wait(for: "User: ")
        terminal.type("alice\r")
        try terminal.wait(for: "Password of alice: ")
        terminal.type("sesame\r")
        try terminal.wait(for: "Queued as")
        #expect(try terminal.finish() == 0)
        #expect(!terminal.output.contains("sesame"))
        #expect(terminal.settings == terminal.initialSettings)
        let response = Data("\u{0}alice\u{0}sesame".utf8).base64EncodedString()
        #expect(try await server.finish().contains("AUTH PLAIN \(response)"))
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGHUP, Int32(129)), (SIGQUIT, Int32(131))])
    func `a signal ends the question with the terminal as it was`(end: (Int32, Int32)) async throws {
        let server = try await login()
        let terminal = try start(server, ["--auth-user", "alice"])
        try terminal.wait(for: "Password of alice: ")
        terminal.signal(end.0)
        #expect(try terminal.finish() == end.1)
        #expect(terminal.settings == terminal.initialSettings)
        #expect(try await server.finish() == [])
    }

    @Test func `no answer is an error, before anything is connected to`() async throws {
        let server = try await login()
        let terminal = try start(server, ["--auth-user", "alice"])
        try terminal.wait(for: "Password of alice: ")
        terminal.type("\u{4}")
        try terminal.wait(for: "nothing was answered")
        #expect(try terminal.finish() == 1)
        #expect(try await server.finish() == [])
    }
}
