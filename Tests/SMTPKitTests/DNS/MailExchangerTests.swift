import ProcessSupport
import SMTPKit
import Testing

@Suite("The hosts of a domain", .timed)
struct MailExchangerTests {
    private static func hosts(_ records: [(UInt16, String)]) throws(ResolverError) -> [String] {
        try MailExchanger.hosts(
            for: "example.test", among: records.map { MailExchanger(preference: $0, host: $1) },
            using: { $0.reverse() }
        ).map(\.host)
    }

    @Test func `preference comes first, and equals are shuffled`() throws {
        #expect(try Self.hosts([(20, "c.test"), (10, "a.test"), (10, "b.test")]) == ["b.test", "a.test", "c.test"])
    }

    @Test func `without records the domain is its own host`() throws {
        #expect(try Self.hosts([]) == ["example.test"])
    }

    @Test func `a null MX means something only when it is alone`() throws {
        #expect(throws: ResolverError.acceptsNoMail("example.test")) { () throws in try Self.hosts([(0, "")]) }
        #expect(try Self.hosts([(0, ""), (10, "a.test")]) == ["a.test"])
    }

    @Test func `a host that cannot exist is left out`() throws {
        #expect(try Self.hosts([(1, "a b.test"), (2, "a.test"), (3, "\u{1B}[31m.test")]) == ["a.test"])
        #expect(throws: ResolverError.malformedAnswer("example.test")) { () throws in try Self.hosts([(1, "a b.test")])
        }
    }
}
