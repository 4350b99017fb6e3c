import Foundation
import ProcessSupport
import Testing

/// Every public symbol has a doc comment of its own, or takes that of the requirement that it meets.
@Suite("Public symbols", .blocking)
struct PublicSymbolTests {
    private static var modules: [String] {
        let modules = ["SMTPCore", "SMTPTLS", "SMTPKit", "SMTPTestKit"]
        #if Service
        return modules + ["SMTPKitService"]
        #else
        return modules
        #endif
    }

    @Test(arguments: modules)
    func `each is documented`(module: String) throws {
        let folder = try Self.extractGraph(of: module)
        let graph = try JSONDecoder().decode(SymbolGraph.self, from: Data(folder.read("\(module).symbols.json")))
        let inherited = Set(graph.relationships.filter { $0.sourceOrigin != nil }.map(\.source))
        let isPublic: (SymbolGraph.Symbol) -> Bool = { ["public", "open"].contains($0.accessLevel) }
        let symbols = graph.symbols.filter { isPublic($0) && !inherited.contains($0.identifier.precise) }
        // A module without its types would have nothing undocumented either.
        #expect(symbols.count > 3)
        let undocumented = symbols.filter { $0.docComment == nil }.map { $0.pathComponents.joined(separator: ".") }
        #expect(undocumented == [])
    }

    @Test(arguments: ["SMTPCore": "Core", "SMTPKit": "Network"])
    func `the documentation is made without a warning`(module: String, folder: String) throws {
        let graphs = try Self.extractGraph(of: module)
        let output = try TemporaryFolder()
        let result = try ChildProcess.run([
            "docc", "convert", "\(BuiltTool.project)/Sources/SMTPKit/\(folder)/Documentation.docc",
            "--fallback-display-name", module, "--fallback-bundle-identifier", module,
            "--additional-symbol-graph-dir", graphs.path, "--output-path", output.file("documentation"),
            "--warnings-as-errors",
        ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    /// Has the compiler say what a module holds.
    private static func extractGraph(of module: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let build = URL(filePath: BuiltTool.folder)
        let sources = URL(filePath: BuiltTool.project).appending(path: "Sources/SMTPKit")
        var words = ["swift", "symbolgraph-extract", "-module-name", module, "-output-dir", folder.path]
        words += ["-minimum-access-level", "public", "-skip-synthesized-members", "-target", try target.get()]
        words += ["-I", build.appending(path: "Modules").path]
        for name in ["COpenSSL", "CCrypt", "CGNUExtensions", "CIDN2", "CUnistring"] {
            words += ["-I", sources.appending(path: name).path]
        }
        for map in try moduleMaps(build) { words += ["-Xcc", "-fmodule-map-file=\(map)"] }
        let result = try ChildProcess.run(words)
        #expect(result.status == 0, "\(result.errors)")
        return folder
    }

    /// The modules in C that the packages in use bring along.
    private static func moduleMaps(_ build: URL) throws -> [String] {
        // The folder of the build is two below the one that the packages are in, which need not be `.build`.
        let packages = build.deletingLastPathComponent().deletingLastPathComponent().appending(path: "checkouts").path
        let written = try FileManager.default.subpathsOfDirectory(atPath: packages)
            .filter { $0.hasSuffix("/include/module.modulemap") && $0.contains("/Sources/") }
            .map { "\(packages)/\($0)" }
        // Where a package has none, the build makes one.
        let made = try FileManager.default.contentsOfDirectory(atPath: build.path)
            .filter { $0.hasSuffix(".build") }
            .map { build.appending(path: "\($0)/module.modulemap").path }
            .filter { FileManager.default.fileExists(atPath: $0) }
        return written + made
    }

    /// The compiler's target, as it prints it itself.
    private static let target = Result {
        struct Information: Decodable {
            struct Target: Decodable { let unversionedTriple: String }
            let target: Target
        }
        let said = try ChildProcess.run(["swift", "-print-target-info"])
        return try JSONDecoder().decode(Information.self, from: Data(said.output.utf8)).target.unversionedTriple
    }
}

/// As much of a symbol graph as is looked at.
private struct SymbolGraph: Decodable {
    struct Symbol: Decodable {
        struct Identifier: Decodable { let precise: String }
        struct DocComment: Decodable {}

        let identifier: Identifier
        let pathComponents: [String]
        let accessLevel: String
        let docComment: DocComment?
    }

    struct Relationship: Decodable {
        struct Origin: Decodable {}

        let source: String
        let sourceOrigin: Origin?
    }

    let symbols: [Symbol]
    let relationships: [Relationship]
}
