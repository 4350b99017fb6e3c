import Foundation
import ProcessSupport
import Testing

@Suite("Checks of certificates", .blocking)
struct CertificateCheckTests {
    /// Certificates that only these tests need, made by `openssl`.
    private static let folder: TemporaryFolder? = {
        guard let folder = try? TemporaryFolder() else { return nil }
        let script = """
            cd "$1"
            make() { # NAME DAYS OPTION...
                name=$1; days=$2; shift 2
                openssl req -x509 -nodes -days "$days" -subj /CN=stub.test -addext subjectAltName=DNS:stub.test \\
                    -keyout "$name.key" -out "$name.pem" "$@"
                cat "$name.key" >>"$name.pem"
            }
            make short 90 -newkey rsa:1024
            make sha1 90 -newkey rsa:2048 -sha1
            make soon 20 -newkey rsa:2048
            make today 3 -newkey rsa:2048
            make good 90 -newkey rsa:2048
            openssl req -x509 -nodes -newkey rsa:2048 -days 90 -subj /CN=Root -keyout root.key -out root.pem
            openssl req -new -nodes -newkey rsa:2048 -subj /CN=Middle -keyout middle.key -out middle.csr
            printf 'basicConstraints=critical,CA:true\\n' >ca.ext
            openssl x509 -req -in middle.csr -CA root.pem -CAkey root.key -days 90 -extfile ca.ext -out middle.pem
            openssl req -new -nodes -newkey rsa:2048 -subj /CN=stub.test -addext subjectAltName=DNS:stub.test -keyout leaf.key -out leaf.csr
            openssl x509 -req -in leaf.csr -CA middle.pem -CAkey middle.key -days 90 -copy_extensions copy -out leaf.pem
            cat leaf.pem leaf.key >lone.pem
            cat leaf.pem middle.pem leaf.key >chain.pem
            """
        return (try? ChildProcess.run(["sh", "-ec", script, "sh", folder.path]))?.status == 0 ? folder : nil
    }()

    static let cases: [(id: String, certificate: String, authority: String?, options: [String], verdict: String)] = [
        ("cert.trust", "chain", "root", [], "pass"), ("cert.trust", "lone", "root", [], "warn"),
        ("cert.trust", "lone", "root", ["--role", "submission"], "fail"), ("cert.trust", "good", nil, [], "warn"),
        ("cert.name", "chain", "root", [], "pass"), ("cert.name", "chain", "root", ["--name", "other.test"], "warn"),
        ("cert.name", "chain", "root", ["--name", "other.test", "--role", "submission"], "fail"),
        ("cert.expiry", "good", nil, [], "pass"), ("cert.expiry", "soon", nil, [], "warn"),
        ("cert.expiry", "today", nil, [], "fail"),
        ("cert.key", "good", nil, [], "pass"), ("cert.key", "short", nil, [], "warn"),
        ("cert.key", "short", nil, ["--role", "submission"], "fail"), ("cert.key", "sha1", nil, [], "warn"),
    ]

    @Test(arguments: cases) func `a certificate has its verdict`(
        entry: (id: String, certificate: String, authority: String?, options: [String], verdict: String)
    ) async throws {
        let folder = try #require(Self.folder)
        let server = try await FaultyServer.start(
            .init(ciphers: "DEFAULT:@SECLEVEL=0"), certificate: folder.file("\(entry.certificate).pem"))
        var options = entry.options.contains("--name") ? [] : ["--name", "stub.test"]
        if let authority = entry.authority { options += ["--ca", folder.file("\(authority).pem")] }
        let verdict = try await CheckTool.verdict(entry.id, server.target, options + entry.options)
        #expect(verdict.hasPrefix("\(entry.verdict): "), "\(entry.id) \(entry.certificate): \(verdict)")
    }

    @Test func `an expired certificate fails`() async throws {
        let server = try await FaultyServer.start(certificate: TestCertificate.expired)
        let verdict = try await CheckTool.verdict("cert.expiry", server.target)
        #expect(verdict.hasPrefix("fail: "), "\(verdict)")
    }

    @Test func `a handshake that fails leaves certificates inconclusive`() async throws {
        let server = try await ScriptedServer.start([
            "EHLO": ["250-mx.stub.test\r\n250 STARTTLS"], "STARTTLS": ["454 later"],
        ])
        for id in ["cert.trust", "cert.expiry", "cert.key", "cert.name"] {
            let verdict = try await CheckTool.verdict(id, server.target, ["--name", "stub.test"])
            #expect(verdict.hasPrefix("inconclusive: "), "\(id): \(verdict)")
        }
    }
}
