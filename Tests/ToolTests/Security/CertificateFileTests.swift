import Foundation
import ProcessSupport
import Testing

@Suite("Certificate files", .blocking)
struct CertificateFileTests {
    /// Runs the tool with options that cannot work.
    ///
    /// - Returns: its exit status and what it said.
    private func refusal(_ arguments: [String]) throws -> (status: Int32, errors: String) {
        let result = try ChildProcess.run(
            [BuiltTool.path("smtpd-lite"), "--listen", "0", "--quiet", "--discard"] + arguments)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("smtpd-lite: "))
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        return (result.status, result.errors)
    }

    @Test func `a file that cannot be used is named, with the reason`() throws {
        let folder = try TemporaryFolder()
        let made = TestCertificates(folder: folder)
        try made.selfSigned("one", subject: "/CN=one.example")
        try made.selfSigned("two", subject: "/CN=two.example")
        try made.expired("old")
        try folder.write("nothing of the kind\n".utf8, to: "text")
        try folder.write(folder.read("one.pem").dropLast(60), to: "cut.pem")
        let cases: [([String], [String])] = [
            (["--cert", made.file("none.pem"), "--key", made.file("one.key")], ["none.pem", "No such file"]),
            (["--cert", made.file("one.pem"), "--key", made.file("none.key")], ["none.key", "No such file"]),
            (["--cert", made.file("one.pem"), "--key", made.file("two.key")], ["one.pem", "two.key", "belong"]),
            (["--cert", made.file("old.pem"), "--key", made.file("old.key")], ["old.pem", "expired at 20"]),
            (["--cert", made.file("text"), "--key", made.file("one.key")], ["text", "no start line"]),
            (["--cert", made.file("cut.pem"), "--key", made.file("one.key")], ["cut.pem", "bad"]),
            (["--cert", made.file("one.pem"), "--key", made.file("text")], ["text", "private key"]),
            (["--cert", made.file("one.pem")], ["one.pem", "private key"]),
            (["--cert", folder.path, "--key", made.file("one.key")], [folder.path, "Is a directory"]),
            (["--client-ca", made.file("none.pem")], ["none.pem", "No such file"]),
            (["--client-ca", made.file("text")], ["text", "no start line"]),
            (["--cert-out", "\(folder.path)/missing/c.pem"], ["missing/c.pem", "No such file"]),
            (["--keylog", "\(folder.path)/missing/keys"], ["missing/keys", "No such file"]),
            (["--auth", "@\(made.file("none"))"], ["none", "No such file"]),
            (["--auth", "@\(made.file("text"))"], ["text", "line 1"]),
        ]
        for (arguments, parts) in cases {
            let (status, errors) = try refusal(arguments)
            #expect(status == 1, "\(arguments)")
            for part in parts { #expect(errors.lowercased().contains(part.lowercased()), "\(part): \(errors)") }
            #expect(!errors.contains("nothing of the kind"))
        }
    }

    @Test func `a file that may not be read is named`() throws {
        let folder = try TemporaryFolder()
        let made = TestCertificates(folder: folder)
        try made.selfSigned("one", subject: "/CN=one.example")
        // A loop of links cannot be opened by root either.
        try FileManager.default.createSymbolicLink(
            atPath: made.file("loop.key"), withDestinationPath: made.file("loop.key"))
        let (status, errors) = try refusal(["--cert", made.file("one.pem"), "--key", made.file("loop.key")])
        #expect(status == 1)
        #expect(errors.contains("loop.key") && errors.contains("Too many levels"), "\(errors)")
    }

    @Test func `an encrypted key is not asked for on the terminal`() throws {
        let folder = try TemporaryFolder()
        let made = TestCertificates(folder: folder)
        try made.selfSigned("one", subject: "/CN=one.example")
        let result = try ChildProcess.run([
            "openssl", "pkey", "-aes256", "-passout", "pass:hunter2", "-in", made.file("one.key"), "-out",
            made.file("locked.key"),
        ])
        #expect(result.status == 0, "\(result.errors)")
        let (status, errors) = try refusal(["--cert", made.file("one.pem"), "--key", made.file("locked.key")])
        #expect(status == 1)
        #expect(errors.contains("locked.key") && errors.contains("encrypted"), "\(errors)")
    }

    @Test func `certificate and key may stand in one file`() throws {
        let folder = try TemporaryFolder()
        let made = TestCertificates(folder: folder)
        try made.selfSigned("one", subject: "/CN=localhost")
        try folder.write(folder.read("one.pem") + folder.read("one.key"), to: "server.pem")
        let server = try SecureServer(
            users: nil, folder: folder, certificate: ["--cert", made.file("server.pem")])
        let result = try ChildProcess.run(
            try TLSClientTests.Client.msmtp.words(server, isImplicit: true)
        )
        #expect(result.status == 0, "\(result.errors)")
        server.tool.stop()
    }
}
