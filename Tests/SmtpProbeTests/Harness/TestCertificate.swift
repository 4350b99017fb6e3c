import ProcessSupport

/// A certificate that signed itself, with its key, in one file.
enum TestCertificate {
    static let path: String = {
        let file = folder?.file("cert.pem") ?? ""
        let words = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj",
            "/CN=stub.test", "-addext", "subjectAltName=DNS:stub.test", "-keyout", file + ".key", "-out", file,
        ]
        _ = try? ChildProcess.run(words)
        _ = try? ChildProcess.run(["sh", "-c", "cat '\(file).key' >> '\(file)'"])
        return file
    }()

    private static let folder = try? TemporaryFolder()
}
