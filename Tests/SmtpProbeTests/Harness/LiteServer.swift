import Foundation
import ProcessSupport

/// The built `smtpd-lite` as the server of a test.
final class LiteServer: Sendable {
    private let process: Companion
    let port: Int

    var target: String { "127.0.0.1:\(port)" }

    static func start(_ arguments: [String] = []) async throws -> LiteServer {
        let words = [BuiltTool.path("smtpd-lite"), "-l", "0", "-n", "mx.example", "--tls", "--discard"] + arguments
        let process = try Companion("sh", ["-c", "exec \"$@\" 2>&1", "sh"] + words)
        let line = try await process.line()
        guard let port = line.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw HarnessError("smtpd-lite says \(line)")
        }
        return LiteServer(process, port)
    }

    private init(_ process: Companion, _ port: Int) {
        self.process = process
        self.port = port
    }

    /// Tells it to end: it says 421 to those who are connected.
    func stop() { kill(process.processIdentifier, SIGTERM) }
}
