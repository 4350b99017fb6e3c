import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("The verdicts that tests show for each check", .blocking)
struct VerdictTableTests {
    /// The checks that have another verdict than `pass` on a healthy server, whose address has no name and whose
    /// certificate ends in 30 days.
    private static let others = ["auth.mechanisms": "info", "auth.enumeration": "info", "pregreet": "info"]
    private static let unsettled: Set<String> = ["dns.ptr", "cert.expiry"]
    /// The checks that only a domain settles.
    private static let ofDomains: Set<String> = [
        "dns.mx", "dns.spf", "dns.dmarc", "dns.tlsrpt", "mta-sts.record", "mta-sts.policy", "mta-sts.mx",
        "mta-sts.certificate", "dane.records", "dane.match",
    ]
    /// The checks that only inform: no server can fail them.
    private static let informing: Set<String> = ["auth.mechanisms", "pregreet"]

    /// Verdicts that tests outside the tables of servers and zones expect.
    ///
    /// A line has the identifier, the verdicts, and the name of the test.
    private static let elsewhere = """
        connect fail,pass: an exchanger that cannot be reached fails, and the others are checked
        connect inconclusive: what is for --active is skipped without it, and the time of the run leaves all open
        dns.tlsrpt inconclusive: a name server that refuses leaves it open
        dns.ptr pass,warn,inconclusive: names of an address are compared with the greeting
        mta-sts.policy pass: a policy that is as it should be passes, with the certificate
        mta-sts.mx pass: a policy that is as it should be passes, with the certificate
        mta-sts.certificate pass: a policy that is as it should be passes, with the certificate
        mta-sts.mx fail,warn,info: servers that do not fit weigh by the mode
        mta-sts.certificate fail,warn,skipped: servers that do not fit weigh by the mode
        dane.records pass,warn,skipped: records of a signed zone decide, and make trust needless
        dane.match pass,fail,skipped: records of a signed zone decide, and make trust needless
        enhanced.codes pass,warn,inconclusive: replies without an enhanced code, or of another class, are told
        bare.lf warn,inconclusive: a lone LF that ends a command is found
        """

    private static var shown: [String: Set<String>] {
        var shown: [String: Set<String>] = [:]
        func add(_ id: String, _ verdict: String) { shown[id, default: []].insert(verdict) }
        for entry in ServerCheckTests.cases { add(entry.id, entry.verdict) }
        for entry in ServerCheckTests.faults { add(entry.id, entry.verdict) }
        for entry in CertificateCheckTests.cases { add(entry.id, entry.verdict) }
        for entry in DomainCheckTests.cases { add(entry.id, entry.verdict) }
        for entry in DomainCheckTests.policies { add("mta-sts.policy", entry.verdict) }
        for sequence in EndSequence.all { add("smuggle.\(sequence.name)", sequence.isStuffed ? "warn" : "fail") }
        for line in elsewhere.split(separator: "\n") {
            let words = line.prefix { $0 != ":" }.split(separator: " ").map(String.init)
            for verdict in words[1].split(separator: ",") { add(words[0], String(verdict)) }
        }
        // The two tests below.
        for id in Check.catalogue.map(\.id) where !ofDomains.contains(id) {
            if !unsettled.contains(id) { add(id, others[id] ?? "pass") }
            if id != "connect", id != "dns.ptr" { add(id, "inconclusive") }
        }
        return shown
    }

    @Test func `each check has a server that it finds at fault, one that passes, and one that leaves it open`() {
        let shown = Self.shown
        let ids = Set(Check.catalogue.map(\.id))
        #expect(Set(shown.keys) == ids)
        for id in ids.sorted() {
            let verdicts = shown[id] ?? []
            if !Self.informing.contains(id) {
                #expect(!verdicts.isDisjoint(with: ["fail", "warn"]), "\(id): no fault in \(verdicts)")
            }
            #expect(!verdicts.isDisjoint(with: ["pass", "info"]), "\(id): no pass in \(verdicts)")
            #expect(!verdicts.isDisjoint(with: ["inconclusive", "skipped"]), "\(id): never open in \(verdicts)")
        }
    }

    @Test func `the tests that the table names are there`() throws {
        let folder = "\(BuiltTool.project)/Tests/SmtpProbeTests/Check"
        var source = ""
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name != "VerdictTableTests.swift"
        {
            source += try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }
        for line in Self.elsewhere.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            let id = parts[0].prefix { $0 != " " }
            #expect(source.contains("func `\(parts[1].dropFirst())`"), "\(line)")
            #expect(source.contains("\"\(id)\"") || source.contains("mta-sts"), "\(line)")
        }
    }

    @Test func `each check of a server passes on a healthy one`() async throws {
        let server = try await FaultyServer.start()
        let run = try await CheckTool.run([
            "--active", "--domain", "stub.test", "--rcpt", "ann@stub.test", "--name", "stub.test", "--ca",
            TestCertificate.authority, server.target,
        ])
        for check in Check.catalogue where !Self.ofDomains.contains(check.id) && !Self.unsettled.contains(check.id) {
            let expected = Self.others[check.id] ?? "pass"
            #expect(run.verdicts[check.id] == expected, "\(check.id): \(run.detail(check.id))")
        }
        #expect(try await !server.finish().contains("queued"))
    }

    @Test(arguments: ["421 4.3.2 later", "CLOSE", "RESET"])
    func `a server that turns clients away leaves everything open`(greeting: String) async throws {
        let server = try await ScriptedServer.start(["GREETING": [greeting]])
        let run = try await CheckTool.run([
            "--active", "--domain", "stub.test", "--rcpt", "ann@stub.test", "--name", "stub.test", server.target,
        ])
        // It can be connected to, and its address has a name or not.
        for check in Check.catalogue where check.id != "connect" && check.id != "dns.ptr" {
            let expected = Self.ofDomains.contains(check.id) ? "skipped" : "inconclusive"
            #expect(run.verdicts[check.id] == expected, "\(check.id): \(run.detail(check.id))")
        }
    }
}
