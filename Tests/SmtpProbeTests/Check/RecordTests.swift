import ProcessSupport
import SMTPKit
import Testing

@testable import smtp_probe

@Suite("Records and policies of a domain", .timed)
struct RecordTests {
    @Test(arguments: [
        "v=spf1", "v=spf1 -all",
        "V=SPF1 +A:a.test/24//64 MX/0 ptr ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.b.test ?all",
        "v=spf1 exists:%{ir}.%{v}._spf.%{d2} ~all", "v=spf1 redirect=_spf.a.test",
        "v=spf1 mx unknown=x exp=e.a.test -all",
        "v=spf1 a:a.test//64", "v=spf1 ip6:::1",
    ]) func `an SPF record that is well formed is read`(text: String) throws {
        #expect(SPFRecord.isSPF(text))
        _ = try SPFRecord(parsing: text)
    }

    @Test(arguments: [
        "v=spf1 al", "v=spf1 all:a", "v=spf1 include", "v=spf1 include:", "v=spf1 ip4:192.0.2",
        "v=spf1 ip4:192.0.2.1/33",
        "v=spf1 ip6:192.0.2.1", "v=spf1 a/33", "v=spf1 a//129", "v=spf1 redirect=a.test redirect=b.test",
        "v=spf1 exists:%{z}",
        "v=spf1 exists:%x", "v=spf1 mx:a/b", "v=spf1 -", "v=spf1 ptr/24", "v=spf1 ip6:2001:db8::/129",
    ]) func `an SPF record with a fault is refused`(text: String) {
        #expect(throws: RecordError.self) { () throws in try SPFRecord(parsing: text) }
    }

    @Test func `other TXT records are no SPF records`() {
        #expect(!SPFRecord.isSPF("v=spf10 all"))
        #expect(!SPFRecord.isSPF("v=spf2.0/pra all"))
    }

    /// The number of look-ups of a record among others.
    private static func evaluate(_ text: String, _ zone: [String: [String]] = [:]) throws -> SPFEvaluation {
        try SPFEvaluation(try SPFRecord(parsing: text), of: "a.test") { name, kind in
            guard kind == .txt else { return name.hasPrefix("void") ? [] : [.address("192.0.2.1")] }
            guard let texts = zone[name] else { throw ResolverError.noSuchName(name) }
            return texts.map { .text(Array($0.utf8)) }
        }
    }

    @Test func `look-ups are counted through includes, and addresses are none`() throws {
        let zone = ["b.test": ["v=spf1 mx include:c.test"], "c.test": ["v=spf1 ip4:192.0.2.1 ptr -all"]]
        let evaluation = try Self.evaluate("v=spf1 a include:b.test exists:%{i}.d.test -all", zone)
        #expect(evaluation.lookups == 6 && evaluation.fault == nil)
    }

    @Test func `too many look-ups, void ones, loops and missing records are faults`() throws {
        let many = (1...11).map { "a:h\($0).test" }.joined(separator: " ")
        #expect(try Self.evaluate("v=spf1 \(many) -all").fault?.contains("more than 10") == true)
        #expect(try Self.evaluate("v=spf1 a:void1 a:void2 -all").fault == nil)
        #expect(try Self.evaluate("v=spf1 a:void1 a:void2 a:void3 -all").fault?.contains("more than 2") == true)
        #expect(
            try Self.evaluate("v=spf1 include:b.test", ["b.test": ["v=spf1 include:a.test"]]).fault?.contains("itself")
                == true)
        #expect(try Self.evaluate("v=spf1 include:b.test").fault?.contains("no SPF record") == true)
        #expect(
            try Self.evaluate("v=spf1 redirect=b.test", ["b.test": ["v=spf1 bad"]]).fault?.contains("no mechanism")
                == true)
        let deep = Dictionary(
            uniqueKeysWithValues: (0..<50).map { ("h\($0).test", ["v=spf1 include:h\($0 + 1).test"]) })
        let evaluation = try Self.evaluate("v=spf1 include:h0.test", deep)
        #expect(evaluation.lookups == 11 && evaluation.fault != nil)
    }

    @Test func `DMARC records are read`() throws {
        let record = try DMARCRecord(
            parsing: "v=DMARC1; p=Reject; rua=mailto:a@b.test!10m, mailto:c@d.test; ruf=https://e.test/;")
        #expect(record.policy == "reject" && record.reportDomains == ["b.test", "d.test"])
        #expect(try DMARCRecord(parsing: "v=DMARC1; rua=mailto:a@b.test").policy == "none")
        for text in [
            "v=DMARC1", "v=DMARC1; p=all", "v=DMARC1; p=none; p=none", "v=DMARC1; p=none; sp=x",
            "v=DMARC1; p=none; rua=b",
            "v=DMARC1; p=none; rua=mailto:b", "v=DMARC1;; p=none", "v=DMARC1; p", "v=DMARC1; p=none; adkim=x",
        ] {
            #expect(throws: RecordError.self, "\(text)") { () throws in try DMARCRecord(parsing: text) }
        }
        #expect(!DMARCRecord.isDMARC("v=DMARC2; p=none"))
        #expect(!DMARCRecord.isDMARC("p=none; v=DMARC1"))
    }

    @Test func `TLSRPT records are read`() throws {
        let record = try TLSReportRecord(parsing: "v=TLSRPTv1;rua=mailto:a@b.test,https://c.test/report")
        #expect(record.addresses.count == 2)
        for text in ["v=TLSRPTv1", "v=TLSRPTv1; rua=", "v=TLSRPTv1; rua=ftp://a", "v=TLSRPTv1; rua=mailto:a"] {
            #expect(throws: RecordError.self, "\(text)") { () throws in try TLSReportRecord(parsing: text) }
        }
    }

    @Test func `MTA-STS records are read`() throws {
        #expect(try STSRecord(parsing: "v=STSv1; id=2026a;").id == "2026a")
        for text in ["v=STSv1", "v=STSv1; id=", "v=STSv1; id=a-b", "v=STSv1; id=" + String(repeating: "a", count: 33)] {
            #expect(throws: RecordError.self, "\(text)") { () throws in try STSRecord(parsing: text) }
        }
    }

    @Test func `an MTA-STS policy is read, and covers names`() throws {
        let text =
            "version: STSv1\r\nmode: enforce\nmx: *.a.test\r\nmx: MX.b.test\nmax_age: 604800\nextension-1: any thing\nmode: none\n"
        let policy = try STSPolicy(parsing: Array(text.utf8))
        #expect(policy.mode == .enforce && policy.maximumAge == 604_800)
        for (host, isCovered) in [
            ("x.a.test", true), ("mx.B.test", true), ("a.test", false), ("y.x.a.test", false), ("mx.c.test", false),
            (".a.test", false),
        ] {
            #expect(policy.covers(host) == isCovered, "\(host)")
        }
    }

    @Test(arguments: [
        "", "version: STSv2\nmode: none\nmax_age: 1", "version: STSv1\nmode: maybe\nmax_age: 1\nmx: a.test",
        "version: STSv1\nmode: enforce\nmax_age: 1", "version: STSv1\nmode: enforce\nmx: a.test",
        "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 31557601",
        "version: STSv1\nmode: enforce\nmx: a..test\nmax_age: 1",
        "version: STSv1\nnonsense\nmode: none\nmax_age: 1", "<html>", "version: STSv1\nmode: none\nmax_age: 1\n\0",
        "version: STSv1\n\nmode: none\nmax_age: 1",
    ]) func `an MTA-STS policy with a fault is refused`(text: String) {
        #expect(throws: RecordError.self) { () throws in try STSPolicy(parsing: Array(text.utf8)) }
    }

    @Test func `bytes that are no text are no policy`() {
        #expect(throws: RecordError.self) { () throws in try STSPolicy(parsing: [0xFF, 0xFE, 10]) }
    }
}
