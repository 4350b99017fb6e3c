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
        let run = try Tool.execute(["nm", Tool.path])
        try #require(run.status == 0)
        let symbols = run.lines.compactMap { $0.split(separator: " ").last }
        try #require(symbols.contains { $0.contains("SMTPCore") }, "nm shows no symbols at all")
        for mark in ["7NIOCore", "8NIOPosix", "CNIO", "SSL_CTX", "EVP_", "rl_readline"] {
            #expect(!symbols.contains { $0.contains(mark) }, "\(mark) is linked")
        }
    }
}
