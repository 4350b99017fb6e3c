import ProcessSupport
import Testing

@Suite("A scanner of TLS servers", .blocking)
struct ScannerTests {
    /// Complaints of the scanner that are as they should be: a certificate made at start has no issuer, and curves
    /// beyond Mozilla's recommendation are the system's own choice.
    private static let expected: Set<String> = ["certificate_path_validation", "tls_curves"]

    @Test(arguments: [false, true])
    func `finds nothing worth fixing`(isImplicit: Bool) throws {
        let server = try SecureServer()
        let port = isImplicit ? server.tlsPort : server.tool.port
        let result = try ChildProcess.run(
            ["\(BuiltTool.project)/.build-venv/bin/sslyze", "--mozilla_config", "intermediate"]
                + (isImplicit ? [] : ["--starttls", "smtp"]) + ["localhost:\(port)"])
        let lines = result.output.split(separator: "\n").map { $0.drop { $0 == " " } }
        let findings = lines.filter { $0.hasPrefix("* ") && $0.contains(": ") && $0.contains("_") }
            .map { String($0.dropFirst(2).prefix { $0 != ":" }) }
        // The comparison was made: a certificate that signs itself is always a finding.
        #expect(findings.contains("certificate_path_validation"), "\(result.output)")
        #expect(Set(findings).isSubset(of: Self.expected), "\(findings)")
        for weakness in ["OpenSSL CCS injection", "Heartbleed"] {
            #expect(lines.contains { $0 == "OK - Not vulnerable to \(weakness)" }, "\(result.output)\(result.errors)")
        }
        #expect(
            lines.contains { $0.hasPrefix("Client Renegotiation DoS Attack:") && $0.contains("OK - Not vulnerable") })
        #expect(!lines.contains { $0.contains("VULNERABLE") })
        server.tool.stop()
    }
}
