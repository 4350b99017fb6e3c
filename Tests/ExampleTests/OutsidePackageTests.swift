import Foundation
import ProcessSupport
import Testing

/// Seconds for compiling the event loop, the library and its examples beside all other tests. A core that does nothing
/// else takes two minutes.
private let limit = 1_200

/// A package that depends on this one by the URL of a Git repository, as programs of others do.
@Suite("A package outside of this one", .blocking(seconds: limit))
struct OutsidePackageTests {
    /// The packages that swift-nio is and needs.
    private static let eventLoop: Set = ["swift-nio", "swift-atomics", "swift-collections", "swift-system"]

    @Test func `the examples of docs_library_md compile there, and it fetches the event loop only`() throws {
        // What was compiled for one run is there for the next; after a failure, the next begins with nothing.
        let folder = "\(BuiltTool.folder)/outside-package"
        var isDone = false
        defer { if !isDone { try? FileManager.default.removeItem(atPath: folder) } }
        try Self.commitTree(to: "\(folder)/smtpkit")
        try Self.writePackage(to: "\(folder)/outside", dependency: "\(folder)/smtpkit")
        try Self.useLocalCopies(in: "\(folder)/outside", links: "\(folder)/mirrors")
        let built = "\(folder)/outside/.build/debug"

        try Self.swift(["package", "update"], in: "\(folder)/outside")
        let resolved = try Data(contentsOf: URL(filePath: "\(folder)/outside/Package.resolved"))
        let pins = try JSONDecoder().decode(Pins.self, from: resolved).pins
        #expect(Set(pins.map(\.identity)) == Self.eventLoop.union(["smtpkit"]))

        try Self.swift(["build", "--product", "ProtocolUser"], in: "\(folder)/outside")
        let user = try ChildProcess.run(["\(built)/ProtocolUser"])
        #expect(user.output == "ann@example.net\n2\n", "\(user)")
        let needed = try ChildProcess.run(["readelf", "-d", "\(built)/ProtocolUser"])
        #expect(needed.output.contains("libswiftCore") && !needed.output.contains("libssl"), "\(needed)")

        try Self.swift(["build", "--product", "Embedder"], in: "\(folder)/outside")
        let embedder = try ChildProcess.run(["\(built)/Embedder"])
        #expect(embedder.output == "Welcome\n", "\(embedder)")
        isDone = true
    }

    private struct Pins: Decodable {
        struct Pin: Decodable { let identity: String }
        let pins: [Pin]
    }

    /// Makes a repository of the files as they are, committed or not. If there is one, adds a commit with what changed.
    private static func commitTree(to path: String) throws {
        func git(_ words: [String]) throws -> String {
            let result = try ChildProcess.run(["git"] + words)
            try #require(result.status == 0, "\(result)")
            return result.output
        }
        let files = ["--git-dir", "\(path)/.git", "--work-tree", BuiltTool.project]
        _ = try git(["init", "-q", "-b", "main", path])
        _ = try git(files + ["add", "-A", BuiltTool.project])
        guard try !git(files + ["status", "--porcelain"]).isEmpty else { return }
        let author = ["-c", "user.name=Test", "-c", "user.email=test@example.net"]
        _ = try git(author + files + ["commit", "-q", "-m", "The tree"])
    }

    /// Writes a package with two programs: one uses the protocol alone, the other is made of the page's examples.
    private static func writePackage(to path: String, dependency: String) throws {
        let manifest = """
            // swift-tools-version: 6.2
            import PackageDescription

            let settings: [SwiftSetting] = [
                .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("ExistentialAny"),
            ]
            let package = Package(
                name: "outside",
                dependencies: [.package(url: "file://\(dependency)", branch: "main", traits: [])],
                targets: [
                    .executableTarget(
                        name: "ProtocolUser", dependencies: [.product(name: "SMTPCore", package: "smtpkit")],
                        swiftSettings: settings),
                    .executableTarget(
                        name: "Embedder",
                        dependencies: [
                            .product(name: "SMTPKit", package: "smtpkit"),
                            .product(name: "SMTPTestKit", package: "smtpkit"),
                        ],
                        swiftSettings: settings),
                ]
            )
            """
        let protocolUser = """
            import SMTPCore

            \(try example("let mailbox = "))
            print(mailbox)
            print(recipients.count)
            """
        let embedder = """
            import SMTPKit
            import SMTPTestKit

            func serve(_ users: Set<String>) async throws {
            \(try example("var server = SMTPServer()").replacing("import SMTPKit\n", with: ""))
            }

            func send(_ envelope: Envelope) async throws -> TransactionOutcome {
            \(try example("SMTPClient.withConnection"))
                return outcome
            }

            func sendWelcome(to recipients: [String], port: Int) async throws {
                let paths = try recipients.map { try ForwardPath($0) }
                let envelope = Envelope(reversePath: .null, recipients: paths.map { Envelope.Recipient($0) })
                _ = try await SMTPClient.withConnection(to: .host("127.0.0.1", port: UInt16(port))) { connection in
                    try await connection.send(Transaction(envelope), content: Array("Subject: Welcome\\r\\n\\r\\n".utf8))
                }
            }

            @main
            enum Embedder {
                static func main() async throws {
            \(try example("TestServer.run").replacing("#expect(messages[0].subject == \"Welcome\")",
                with: "print(messages[0].subject ?? \"none\")"))
                }
            }
            """
        for (name, text) in [
            ("Package.swift", manifest), ("Sources/ProtocolUser/main.swift", protocolUser),
            ("Sources/Embedder/Embedder.swift", embedder),
        ] {
            let file = URL(filePath: path).appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    /// Returns the example of the page that holds a text.
    private static func example(_ text: String) throws -> String {
        let page = try String(contentsOfFile: "\(BuiltTool.project)/docs/library.md", encoding: .utf8)
        let blocks = page.components(separatedBy: "```swift\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
        return try #require(blocks.first { $0.contains(text) }, "no example has \(text)")
    }

    /// Has the package take its dependencies from the copies that this package's own build has.
    private static func useLocalCopies(in path: String, links: String) throws {
        let repositories = "\(BuiltTool.project)/.build/repositories"
        try? FileManager.default.removeItem(atPath: links)
        try FileManager.default.createDirectory(atPath: links, withIntermediateDirectories: true)
        var mirrors: [[String: String]] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: repositories) {
            guard let end = name.lastIndex(of: "-") else { continue }
            let link = "\(links)/\(name[..<end])"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "\(repositories)/\(name)")
            for ending in ["", ".git"] {
                let original = "https://github.com/apple/\(name[..<end])\(ending)"
                mirrors.append(["original": original, "mirror": "file://\(link)"])
            }
        }
        let folder = URL(filePath: path).appending(path: ".swiftpm/configuration")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let text = try JSONSerialization.data(withJSONObject: ["version": 1, "object": mirrors])
        try text.write(to: folder.appending(path: "mirrors.json"))
    }

    /// Runs a command of the package manager on the outside package.
    private static func swift(_ words: [String], in package: String) throws {
        let options = [
            "--package-path", package, "--disable-dependency-cache", "--disable-index-store",
            "-debug-info-format", "none",
        ]
        let process = try ChildProcess(["swift", words[0]] + options + words.dropFirst())
        let status = process.wait(atMost: limit)
        let output = String(decoding: process.standardOutput, as: UTF8.self)
        try #require(status == 0, "\(output.suffix(4_000))\(process.standardError)")
    }
}
