import Foundation
import ProcessSupport
import Testing

/// The tool and the real systemd, as far as that goes without a system to run.
@Suite("systemd", .blocking)
struct SystemdTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let tool = BuiltTool.path("smtpd-lite")

    /// Delivers a message over a UNIX socket.
    ///
    /// - Returns: all that the server said.
    private func deliver(over socket: String) throws -> String {
        let script = """
            import socket, sys
            client = socket.socket(socket.AF_UNIX)
            client.settimeout(50)
            client.connect(sys.argv[1])
            client.sendall(b"EHLO c\\r\\nMAIL FROM:<a@b.test>\\r\\nRCPT TO:<c@d.test>\\r\\nDATA\\r\\nSubject: x\\r\\n.\\r\\nQUIT\\r\\n")
            print(client.makefile().read())
            """
        let result = try ChildProcess.run(["python3", "-c", script, folder.file(socket)])
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    private var messages: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.file("mail")).count }
    }

    /// Starts `systemd-socket-activate`, and waits until it listens.
    private func activator(_ arguments: String, sockets: [String]) async throws -> Companion {
        let script = "cd \"$1\" && exec 2>&1 systemd-socket-activate \(arguments) --dir mail"
        let activator = try Companion("sh", ["-c", script, "sh", folder.path, Self.tool])
        for socket in sockets {
            let line = try await activator.line()
            #expect(line.hasPrefix("Listening on \(folder.file(socket)) "))
        }
        return activator
    }

    @Test func `it is started with the first connection, and serves the sockets that it is handed`() async throws {
        let paths = ["a", "b"].map { folder.file($0) }
        let activator = try await activator(
            "-l '\(paths[0])' -l '\(paths[1])' --fdname=mail:smtps \"$2\" --sessions 1", sockets: ["a", "b"])
        #expect(try deliver(over: "a").hasSuffix("221 2.0.0 Bye\n\n"))
        let (status, output) = try await activator.finish()
        #expect(status == 0)
        let said = String(decoding: output, as: UTF8.self)
        #expect(said.contains("\nlistening smtp unix:\(paths[0])\nlistening smtps unix:\(paths[1])\n"), "\(said)")
        #expect(try messages == 1)
    }

    @Test func `it is started for each connection`() async throws {
        let activator = try await activator("--accept --inetd -l '\(folder.file("a"))' \"$2\" --inetd", sockets: ["a"])
        for count in 1...2 {
            #expect(try deliver(over: "a").hasSuffix("221 2.0.0 Bye\n\n"))
            #expect(try messages == count)
        }
        kill(activator.processIdentifier, SIGTERM)
        #expect(try await activator.finish().status == 128 + SIGTERM)
    }

    @Test func `the units that are shipped are in order`() throws {
        let units = "\(BuiltTool.project)/Packaging/systemd"
        for name in ["smtpd-lite.socket", "smtpd-lite.service"] {
            let unit = try String(contentsOfFile: "\(units)/\(name)", encoding: .utf8)
            // Where the package puts the tool.
            try folder.write(
                unit.replacing("ExecStart=/usr/bin/smtpd-lite ", with: "ExecStart=\(Self.tool) ").utf8, to: name)
        }
        let names = ["smtpd-lite.socket", "smtpd-lite.service"].map { folder.file($0) }
        let result = try ChildProcess.run(["systemd-analyze", "verify", "--man=no"] + names)
        #expect(
            result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result.output)\(result.errors)")
    }

    /// The options that the service is started with are options.
    @Test func `the service's command line is understood`() throws {
        let unit = try String(
            contentsOfFile: "\(BuiltTool.project)/Packaging/systemd/smtpd-lite.service", encoding: .utf8)
        let line = try #require(unit.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
        let words = line.split(separator: " ").dropFirst().map { word in
            String(word).replacing("${STATE_DIRECTORY}", with: folder.path)
        }
        let result = try ChildProcess.run([Self.tool, "-l", "0"] + words + ["--", "true"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try folder.names == ["Maildir"])
    }
}
