import Foundation
import ProcessSupport

/// A built example that serves.
final class ExampleProgram: Sendable {
    private let companion: Companion
    /// Where it listens: `127.0.0.1:2525` or `unix:/…`.
    let address: String

    /// Starts an example and waits until it listens.
    init(_ name: String, _ arguments: [String]) async throws {
        companion = try Companion(BuiltTool.path(name), arguments)
        let line = try await companion.line()
        guard line.hasPrefix("listening on ") else { throw HarnessError("\(name) said \(line)") }
        address = String(line.dropFirst("listening on ".count))
    }

    /// The system's figures about the process.
    var figures: ProcessFigures { ProcessFigures(companion.processIdentifier) }

    /// The port, for one that listens on TCP.
    var port: Int {
        get throws {
            guard let port = address.split(separator: ":").last.flatMap({ Int($0) }) else {
                throw HarnessError("\(address) has no port")
            }
            return port
        }
    }

    /// Tells it to end.
    ///
    /// - Returns: its exit status, 128 + n when signal n ended it.
    @discardableResult
    func stop() async throws -> Int32 {
        kill(companion.processIdentifier, SIGTERM)
        return try await companion.finish().status
    }
}
