import Foundation
import ProcessSupport
import Testing

@Suite("Checks of a domain", .blocking)
struct DomainCheckTests {
    typealias Case = (id: String, zone: [String], verdict: String)

    private static let host = "--host-record=mx.dom.test,127.0.0.1"
    private static let mx = ["--mx-host=dom.test,mx.dom.test,10", host]

    static let cases: [Case] = [
        ("dns.mx", mx, "pass"), ("dns.mx", ["--dns-rr=dom.test,15,000000"], "info"),
        ("dns.mx", ["--host-record=dom.test,127.0.0.1"], "warn"),
        ("dns.mx", mx + ["--mx-host=dom.test,none.dom.test,20"], "fail"),
        ("dns.mx", mx + ["--mx-host=dom.test,alias.dom.test,20", "--cname=alias.dom.test,mx.dom.test"], "fail"),
        ("dns.mx", mx + ["--mx-host=dom.test,text.dom.test,20", "--txt-record=text.dom.test,x"], "fail"),
        ("dns.mx", mx + ["--dns-rr=dom.test,15,000000"], "fail"),
        ("dns.mx", mx + ["--mx-host=dom.test,mx.foreign.example,20"], "inconclusive"),
        ("dns.spf", mx, "warn"), ("dns.spf", mx + ["--txt-record=dom.test,v=spf1 mx -all"], "pass"),
        ("dns.spf", mx + ["--txt-record=dom.test,v=spf1 -all", "--txt-record=dom.test,v=spf1 mx"], "fail"),
        ("dns.spf", mx + ["--txt-record=dom.test,v=spf1 +all"], "fail"),
        ("dns.spf", mx + ["--txt-record=dom.test,v=spf1 mx al"], "fail"),
        (
            "dns.spf",
            mx + [
                "--txt-record=dom.test,v=spf1 include:loop.dom.test",
                "--txt-record=loop.dom.test,v=spf1 include:dom.test",
            ], "fail"
        ),
        ("dns.spf", mx + ["--txt-record=dom.test,v=spf1 include:foreign.example -all"], "inconclusive"),
        ("dns.dmarc", mx, "warn"), ("dns.dmarc", mx + ["--txt-record=_dmarc.dom.test,v=DMARC1; p=reject"], "pass"),
        ("dns.dmarc", mx + ["--txt-record=_dmarc.dom.test,v=DMARC1; p=none"], "warn"),
        ("dns.dmarc", mx + ["--txt-record=_dmarc.dom.test,v=DMARC1; p=all"], "fail"),
        (
            "dns.dmarc",
            mx + ["--txt-record=_dmarc.dom.test,v=DMARC1; p=none", "--txt-record=_dmarc.dom.test,v=DMARC1; p=reject"],
            "fail"
        ),
        ("dns.dmarc", mx + ["--txt-record=_dmarc.dom.test,v=DMARC1; p=reject; rua=mailto:a@other.test"], "warn"),
        (
            "dns.dmarc",
            mx + [
                "--txt-record=_dmarc.dom.test,v=DMARC1; p=reject; rua=mailto:a@other.test",
                "--txt-record=dom.test._report._dmarc.other.test,v=DMARC1",
            ], "pass"
        ),
        (
            "dns.dmarc", mx + ["--txt-record=_dmarc.dom.test,v=DMARC1; p=reject; rua=mailto:a@foreign.example"],
            "inconclusive"
        ),
        ("dns.tlsrpt", mx, "warn"),
        ("dns.tlsrpt", mx + ["--txt-record=_smtp._tls.dom.test,v=TLSRPTv1; rua=mailto:a@dom.test"], "pass"),
        ("dns.tlsrpt", mx + ["--txt-record=_smtp._tls.dom.test,v=TLSRPTv1"], "fail"),
        ("mta-sts.record", mx, "skipped"),
        ("mta-sts.record", mx + ["--txt-record=_mta-sts.dom.test,v=STSv1; id=1"], "pass"),
        ("mta-sts.record", mx + ["--txt-record=_mta-sts.dom.test,v=STSv1"], "fail"),
        ("mta-sts.policy", mx, "skipped"), ("mta-sts.mx", mx, "skipped"),
    ]

    @Test(arguments: cases) func `records have their verdict`(entry: Case) async throws {
        let zone = try await TestNameServer.start(["--local=/test/"] + entry.zone)
        let run = try await CheckTool.run([
            "--mx", "--resolver", zone.endpoint, "--only", entry.id, "--timeout", "10s", "dom.test",
        ])
        #expect(run.verdicts[entry.id] == entry.verdict, "\(entry.id) \(entry.zone): \(run.detail(entry.id))")
    }

    @Test(arguments: ["dns.mx", "dns.spf", "dns.dmarc", "dns.tlsrpt", "mta-sts.record", "mta-sts.policy"])
    func `a name server that refuses leaves it open`(id: String) async throws {
        let zone = try await TestNameServer.start(["--local=/test/"])
        let run = try await CheckTool.run(["--mx", "--resolver", zone.endpoint, "--only", id, "foreign.example"])
        #expect(run.verdicts[id] == "inconclusive", "\(run.detail(id))")
        #expect(run.status == 2)
    }

    @Test func `a domain that does not exist is 2`() async throws {
        let zone = try await TestNameServer.start(["--local=/test/"])
        let run = try await Script.run(["check", "--mx", "--resolver", zone.endpoint, "none.test"])
        #expect(run.status == 2)
        #expect(run.errors.contains("none.test does not exist"))
    }

    @Test func `names of an address are compared with the greeting`() async throws {
        let server = try await FaultyServer.start()
        let pointer = "--ptr-record=1.0.0.127.in-addr.arpa,"
        for (zone, verdict) in [
            ([pointer + "mx.stub.test", "--host-record=mx.stub.test,127.0.0.1"], "pass"),
            ([pointer + "mx.dom.test", Self.host], "warn"), ([pointer + "none.test"], "warn"), ([], "warn"),
        ] {
            let names = try await TestNameServer.start(["--local=/test/", "--local=/127.in-addr.arpa/"] + zone)
            let run = try await CheckTool.run(["--only", "dns.ptr", "--resolver", names.endpoint, server.target])
            #expect(run.verdicts["dns.ptr"] == verdict, "\(zone): \(run.detail("dns.ptr"))")
        }
        let silent = try Companion.python(
            "import socket, sys; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); sys.stdin.read()"
        )
        let port = try await silent.line()
        let run = try await CheckTool.run([
            "--only", "dns.ptr", "--timeout", "1s", "--resolver", "127.0.0.1:\(port)", server.target,
        ])
        #expect(run.verdicts["dns.ptr"] == "inconclusive")
    }

    // MARK: Policies

    /// A run of the MTA-STS checks of `dom.test`.
    private static func runPolicy(
        _ web: PolicyServer?, _ port: Int, _ options: [String] = [], record: Bool = true
    ) async throws -> CheckTool.Run {
        let records = record ? ["--txt-record=_mta-sts.dom.test,v=STSv1; id=1"] : []
        let zone = try await TestNameServer.start(["--local=/test/"] + mx + records)
        let place = web.map { ["--https", $0.place] } ?? []
        return try await CheckTool.run(
            [
                "--mx", "--port", "\(port)", "--resolver", zone.endpoint, "--ca", DomainCertificates.authority,
                "--only", "mta-sts",
            ] + place
                + options + ["dom.test"])
    }

    @Test func `a policy that is as it should be passes, with the certificate`() async throws {
        let server = try await FaultyServer.start(certificate: DomainCertificates.mx)
        let run = try await Self.runPolicy(try await PolicyServer.start(), server.port)
        #expect(Set(run.verdicts.values) == ["pass"], "\(run.verdicts) \(run.detail("mta-sts.policy"))")
        #expect(run.verdicts.count == 4)
        #expect(run.status == 0)
    }

    @Test func `a policy that nobody announces is a warning`() async throws {
        let run = try await Self.runPolicy(
            try await PolicyServer.start(), 1, ["--skip", "mta-sts.certificate"], record: false)
        #expect(run.verdicts["mta-sts.record"] == "warn")
    }

    static let policies: [(mode: String, verdict: String)] = [
        ("404", "fail"), ("301", "fail"), ("html", "warn"), ("big", "warn"), ("binary", "fail"), ("garbage", "fail"),
        ("close", "fail"), ("endless", "fail"), ("stall", "inconclusive"),
    ]

    @Test(arguments: policies) func `a policy that cannot be fetched counts as none`(
        entry: (mode: String, verdict: String)
    ) async throws {
        let web = try await PolicyServer.start(entry.mode)
        let run = try await Self.runPolicy(web, 1, ["--skip", "mta-sts.certificate", "--timeout", "3s"])
        #expect(run.verdicts["mta-sts.policy"] == entry.verdict, "\(entry.mode): \(run.detail("mta-sts.policy"))")
    }

    @Test func `a web server with a certificate for another name serves no policy`() async throws {
        let web = try await PolicyServer.start(certificate: DomainCertificates.other)
        let run = try await Self.runPolicy(web, 1, ["--skip", "mta-sts.certificate"])
        #expect(run.verdicts["mta-sts.policy"] == "fail", "\(run.detail("mta-sts.policy"))")
        let absent = try await Self.runPolicy(nil, 1, ["--skip", "mta-sts.certificate"])
        #expect(absent.verdicts["mta-sts.policy"] == "fail", "\(absent.detail("mta-sts.policy"))")
    }

    @Test(arguments: [("enforce", "fail"), ("testing", "warn"), ("none", "info")])
    func `servers that do not fit weigh by the mode`(mode: String, verdict: String) async throws {
        let server = try await FaultyServer.start(certificate: DomainCertificates.other)
        let folder = try TemporaryFolder()
        let other = try folder.write("version: STSv1\nmode: \(mode)\nmx: other.test\nmax_age: 1\n".utf8, to: "other")
        let run = try await Self.runPolicy(nil, server.port, ["--policy", other])
        #expect(run.verdicts["mta-sts.mx"] == verdict, "\(run.detail("mta-sts.mx"))")
        let own = try folder.write("version: STSv1\nmode: \(mode)\nmx: *.dom.test\nmax_age: 1\n".utf8, to: "own")
        let second = try await Self.runPolicy(nil, server.port, ["--policy", own])
        let expected = mode == "none" ? "skipped" : verdict
        #expect(second.verdicts["mta-sts.certificate"] == expected, "\(second.detail("mta-sts.certificate"))")
    }

    @Test func `a server whose TLS is deferred leaves its certificate open`() async throws {
        let server = try await ScriptedServer.start(["EHLO": ["250-mx\r\n250 STARTTLS"], "STARTTLS": ["454 later"]])
        let run = try await Self.runPolicy(try await PolicyServer.start(), server.port)
        #expect(run.verdicts["mta-sts.certificate"] == "inconclusive", "\(run.detail("mta-sts.certificate"))")
    }

    // MARK: DANE

    @Test func `records of a signed zone decide, and make trust needless`() async throws {
        let server = try await FaultyServer.start(certificate: DomainCertificates.other)
        let right = try DomainCertificates.keyHash(DomainCertificates.other)
        let wrong = String(repeating: "ab", count: 32)
        let name = "_\(server.port)._tcp.mx"
        for (records, verdicts) in [
            (["\(name) TLSA 3 1 1 \(right)"], ("pass", "pass")), (["\(name) TLSA 3 1 1 \(wrong)"], ("pass", "fail")),
            (["\(name) TLSA 3 1 1 \(wrong)", "\(name) TLSA 3 1 1 \(right)"], ("pass", "pass")),
            (["\(name) TLSA 1 1 1 \(right)"], ("warn", "skipped")), ([], ("skipped", "skipped")),
        ] {
            let zone = try await SignedZone.start(records)
            let run = try await CheckTool.run([
                "--mx", "--port", "\(server.port)", "--resolver", zone.resolver, "--only", "dane,cert", "dom.test",
            ])
            #expect(run.verdicts["dane.records"] == verdicts.0, "\(records): \(run.detail("dane.records"))")
            #expect(run.verdicts["dane.match"] == verdicts.1, "\(records): \(run.detail("dane.match"))")
            let isMatching = verdicts.1 == "pass"
            #expect(
                run.verdicts["cert.name"] == (isMatching ? "info" : verdicts.1 == "fail" ? "fail" : "warn"),
                "\(run.detail("cert.name"))")
        }
    }

    @Test func `without a validated answer DANE is left open`() async throws {
        let server = try await FaultyServer.start(certificate: DomainCertificates.mx)
        let right = try DomainCertificates.keyHash(DomainCertificates.mx)
        let zone = try await SignedZone.start(["_\(server.port)._tcp.mx TLSA 3 1 1 \(right)"], isTrusted: false)
        let run = try await CheckTool.run([
            "--mx", "--port", "\(server.port)", "--resolver", zone.resolver, "--only", "dane", "dom.test",
        ])
        #expect(run.verdicts["dane.records"] == "inconclusive" && run.verdicts["dane.match"] == "inconclusive")
    }

    @Test func `an MX record that is not signed makes DANE unreliable`() async throws {
        let server = try await FaultyServer.start(certificate: DomainCertificates.mx)
        let right = try DomainCertificates.keyHash(DomainCertificates.mx)
        let zone = try await SignedZone.start(["_\(server.port)._tcp.mx TLSA 3 1 1 \(right)"])
        for (domain, verdict, word) in [("dom.test", "pass", "; validated"), ("plain.test", "warn", "; not validated")]
        {
            let run = try await CheckTool.run([
                "--mx", "--port", "\(server.port)", "--resolver", zone.resolver, "--only", "dane,dns.mx", domain,
            ])
            #expect(run.verdicts["dane.records"] == verdict, "\(run.detail("dane.records"))")
            #expect(run.verdicts["dane.match"] == "pass", "\(run.detail("dane.match"))")
            #expect(run.detail("dns.mx").contains(word), "\(run.detail("dns.mx"))")
        }
    }

    @Test func `TLSA records without STARTTLS fail`() async throws {
        let server = try await ScriptedServer.start()
        let zone = try await SignedZone.start([
            "_\(server.port)._tcp.mx TLSA 3 1 1 \(String(repeating: "ab", count: 32))"
        ])
        let run = try await CheckTool.run([
            "--mx", "--port", "\(server.port)", "--resolver", zone.resolver, "--only", "dane", "dom.test",
        ])
        #expect(run.verdicts["dane.records"] == "fail", "\(run.detail("dane.records"))")
    }

    // MARK: Servers

    @Test func `an exchanger that cannot be reached fails, and the others are checked`() async throws {
        let server = try await FaultyServer.start()
        let zone = try await TestNameServer.start(
            ["--local=/test/", "--mx-host=dom.test,down.dom.test,5", "--host-record=down.dom.test,127.0.0.3"] + Self.mx)
        let run = try await CheckTool.run([
            "--mx", "--port", "\(server.port)", "--resolver", zone.endpoint, "--only", "connect,banner", "dom.test",
        ])
        #expect(run.status == 41)
        let verdicts = run.checks.map { "\($0["server"] ?? "") \($0["id"] ?? "") \($0["verdict"] ?? "")" }
        #expect(
            verdicts == [
                "down.dom.test:\(server.port) connect fail", "down.dom.test:\(server.port) banner inconclusive",
                "mx.dom.test:\(server.port) connect pass", "mx.dom.test:\(server.port) banner pass",
            ])
        #expect(((run.document["target"] as? [String: Any])?["servers"] as? [Any])?.count == 2)
    }

    @Test func `a null MX is no reason to connect`() async throws {
        let zone = try await TestNameServer.start(["--local=/test/", "--dns-rr=dom.test,15,000000"])
        let run = try await CheckTool.run(["--mx", "--resolver", zone.endpoint, "--only", "dns.mx,banner", "dom.test"])
        #expect(run.verdicts == ["dns.mx": "info"])
        #expect(run.status == 0)
    }
}
