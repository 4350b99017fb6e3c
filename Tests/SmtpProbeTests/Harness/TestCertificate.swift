import ProcessSupport

/// Certificates that `openssl` makes, each with its key in one file.
enum TestCertificate {
    /// For `stub.test`, signed by itself.
    static var path: String { file("self.pem") }
    /// The certificate of an authority, without its key.
    static var authority: String { file("ca.pem") }
    /// For `stub.test`, signed by the authority.
    static var signed: String { file("signed.pem") }
    /// The same, whose time was over yesterday.
    static var expired: String { file("expired.pem") }
    /// A client's, for `CN=alice`, signed by the authority.
    static var client: String { file("alice.pem") }

    private static func file(_ name: String) -> String { folder?.file(name) ?? "" }

    /// Without it, every test that needs a certificate fails.
    private static let folder: TemporaryFolder? = {
        guard let folder = try? TemporaryFolder() else { return nil }
        let words = ["sh", "-ec", "cd \"$1\"; chmod 755 .; \(script)", "sh", folder.path]
        return (try? ChildProcess.run(words))?.status == 0 ? folder : nil
    }()

    private static let script = """
        key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
        openssl req -x509 $key -days 30 -subj /CN=stub.test -addext subjectAltName=DNS:stub.test -keyout self.key -out self.pem
        openssl req -x509 $key -days 30 -subj '/CN=Test authority' -keyout ca.key -out ca.pem
        sign() { # NAME SUBJECT DAYS
            openssl req -new $key -subj "/CN=$2" -addext "subjectAltName=DNS:$2" -keyout "$1.key" -out "$1.csr"
            openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days "$3" -copy_extensions copy -out "$1.pem"
            cat ca.pem "$1.key" >>"$1.pem"
        }
        sign signed stub.test 30
        sign expired stub.test -1
        sign alice alice 30
        cat self.key >>self.pem
        chmod 644 *.pem
        """
}
