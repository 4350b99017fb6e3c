import Foundation
import ProcessSupport
import Testing

@Suite("Linkage", .blocking)
struct LinkageTests {
    @Test func `the tool needs neither TLS, nor a line editor, nor full Foundation`() throws {
        let run = try Tool.execute(["readelf", "-d", Tool.path])
        try #require(run.status == 0)
        let needed = run.lines.filter { $0.contains("(NEEDED)") }
        for library in ["libssl", "libcrypto", "libreadline", "libFoundation.so", "libFoundationNetworking", "libedit"]
        {
            #expect(!needed.contains { $0.contains(library) }, "\(library) is linked")
        }
    }

    @Test func `the tool holds no symbol of the event loop, of OpenSSL or of readline`() throws {
        // The binaries that people install have no symbols.
        let run = try Tool.execute(["nm", "\(BuiltTool.folder)/smtp-codes"])
        try #require(run.status == 0)
        let symbols = run.lines.compactMap { $0.split(separator: " ").last }
        try #require(symbols.contains { $0.contains("SMTPCore") }, "nm shows no symbols at all")
        for mark in ["7NIOCore", "8NIOPosix", "CNIO", "SSL_CTX", "EVP_", "rl_readline"] {
            #expect(!symbols.contains { $0.contains(mark) }, "\(mark) is linked")
        }
    }

    /// The folder of the release build, which `make test` makes beforehand; where it is not there, it is made now.
    private static func releaseFolder() throws -> String {
        let folder = "\(BuiltTool.project)/.build-static"
        if access("\(folder)/smtp-codes", X_OK) == 0 { return folder }
        let build = try ChildProcess(["\(BuiltTool.project)/Scripts/build-smtp-codes"])
        guard build.wait(atMost: 900) == 0 else {
            throw HarnessError("Scripts/build-smtp-codes failed:\n\(build.standardError)")
        }
        return folder
    }

    @Test func `the release build is one static executable`() throws {
        let folder = try Self.releaseFolder()
        let path = "\(folder)/smtp-codes"
        let file = try Tool.execute(["readelf", "--wide", "--dynamic", "--program-headers", path])
        try #require(file.status == 0, "\(file.errors)")
        #expect(file.text.contains("There is no dynamic section in this file."))
        #expect(!file.text.contains("INTERP") && !file.text.contains("(NEEDED)"))
        let symbols = try Tool.execute(["nm", "\(folder)/release/smtp-codes"]).lines.compactMap {
            $0.split(separator: " ").last
        }
        try #require(symbols.contains { $0.contains("SMTPCore") }, "nm shows no symbols at all")
        for mark in ["7NIOCore", "8NIOPosix", "CNIO", "SSL_CTX", "rl_readline", "$s10Foundation"] {
            #expect(!symbols.contains { $0.contains(mark) }, "\(mark) is linked")
        }
        #expect(try Tool.execute([path, "--brief", "5.1.1"]).text == Tool.run("--brief", "5.1.1").text)
    }
}
