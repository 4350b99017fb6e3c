import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("The catalogue of checks", .timed)
struct CatalogueTests {

    @Test func `identifiers are unique, with one dot at most, and each group has members`() {
        let ids = Check.catalogue.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.count { $0 == "." } <= 1, "\(id)") }
        for group in Check.Group.allCases { #expect(Check.catalogue.contains { $0.group == group }, "\(group)") }
        // No identifier may be that of a group with other members.
        for check in Check.catalogue { #expect(!check.rfc.isEmpty && !check.title.isEmpty, "\(check.id)") }
    }

    @Test func `identifiers, families and groups select`() throws {
        #expect(try Check.selected(only: ["banner"], skip: []).map(\.id) == ["banner"])
        #expect(try Check.selected(only: ["bare"], skip: []).map(\.id) == ["bare.cr", "bare.lf"])
        #expect(
            try Check.selected(only: ["relay"], skip: ["relay.null"]).map(\.id) == ["relay.foreign", "relay.forms"])
        #expect(try Check.selected(only: [], skip: []).count == Check.catalogue.count)
        #expect(throws: UnknownCheck.self) { try Check.selected(only: ["nothing"], skip: []) }
    }

    @Test func `a suite is found in the answer of a server, and an alert is a refusal`() throws {
        let hello: [UInt8] = [22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3] + Array(repeating: 7, count: 32) + [0, 0, 10, 0]
        #expect(try ClientHello.chosenSuite(hello) == 0x000A)
        #expect(try ClientHello.chosenSuite([21, 3, 3, 0, 2, 2, 40]) == nil)
        #expect(try ClientHello.chosenSuite([]) == nil)
        for count in 1..<hello.count - 1 {
            #expect(throws: CheckError.self, "\(count)") { try ClientHello.chosenSuite(Array(hello.prefix(count))) }
        }
        #expect(throws: CheckError.self) { try ClientHello.chosenSuite(Array("HTTP/1.1 400".utf8)) }
    }

    @Test func `an address has its name in the DNS`() {
        #expect(PointerRules.reversed("192.0.2.1") == "1.2.0.192.in-addr.arpa")
        #expect(PointerRules.reversed("2001:db8::1").hasPrefix("1.0.0.0.") == true)
        #expect(PointerRules.reversed("2001:db8::1").hasSuffix(".8.b.d.0.1.0.0.2.ip6.arpa"))
        #expect(PointerRules.bare("[2001:db8::1]:25") == "2001:db8::1")
    }

    @Test func `long lines are wrapped at blanks`() {
        #expect(CheckPrinter.wrap("one two three", 7) == ["one two", "three"])
        #expect(CheckPrinter.wrap("", 7) == [""])
    }
}
