import ProcessSupport
import SMTPCore
import Testing

@Suite("Parsing addresses", .timed)
struct AddressParsingTests {
    private static let ann = Mailbox(localPart: "ann", domain: .name("example.net"))

    @Test(arguments: [
        ("ann@example.net", "ann", Domain.name("example.net")),
        (#""Ann Lee"@example.net"#, "Ann Lee", .name("example.net")),
        (#""a\"\\b"@example.net"#, #"a"\b"#, .name("example.net")),
        ("joe@[192.0.2.1]", "joe", .literal("[192.0.2.1]")),
        ("joe@[IPv6:2001:db8::1]", "joe", .literal("[IPv6:2001:db8::1]")),
        ("jörg@bücher.example", "jörg", .name("bücher.example")),
        ("a+b=c@example", "a+b=c", .name("example")),
    ])
    func `both policies accept an address, and it is written as it was read`(
        text: String, localPart: String, domain: Domain
    ) throws {
        for policy in [SyntaxPolicy.strict, .lenient] {
            let mailbox = try Mailbox(text, policy: policy)
            #expect(mailbox == Mailbox(localPart: localPart, domain: domain))
            #expect("\(mailbox)" == text)
        }
    }

    @Test(arguments: [
        (".ann@example.net", ".ann@example.net"), ("a..b@example.net", "a..b@example.net"),
        ("ann@my_host.example", "ann@my_host.example"), ("ann@example.net.", "ann@example.net"),
    ])
    func `only the lenient policy accepts what the grammar does not allow`(text: String, localPart: String) throws {
        #expect(throws: SyntaxError.invalidPath) { try Mailbox(text, policy: .strict) }
        let mailbox = try Mailbox(text, policy: .lenient)
        #expect("\(mailbox.localPart)@\(mailbox.domain)" == localPart)
    }

    @Test(arguments: [
        "", "ann", "@", "ann@", "@example.net", "ann@@example.net", "<ann@example.net>", " ann@example.net",
        "ann@example.net ", "ann@example.net>", "ann@example..net", "ann@-example.net", "ann@[192.0.2.256]",
        "ann@[192.0.2.1", "\"ann@example.net", "\"ann\"x@example.net", "an\u{0}n@example.net",
        "ann@example.net\r\nRCPT TO:<joe@example.net>", "@relay.example:ann@example.net", "Ann <ann@example.net>",
    ])
    func `neither policy accepts what is not an address`(text: String) {
        for policy in [SyntaxPolicy.strict, .lenient] {
            #expect(throws: SyntaxError.invalidPath) { try Mailbox(text, policy: policy) }
        }
    }

    @Test func `strict local parts have 64 octets at most, and paths 256 with their brackets`() throws {
        let longest = String(repeating: "a", count: 64)
        #expect(try Mailbox("\(longest)@example.net", policy: .strict).localPart == longest)
        #expect(throws: SyntaxError.pathTooLong) { try Mailbox("a\(longest)@example.net", policy: .strict) }
        let domain = [62, 62, 61].map { String(repeating: "b", count: $0) }.joined(separator: ".")
        #expect(try Mailbox("\(longest)@\(domain).c", policy: .strict).domain == .name("\(domain).c"))
        #expect(throws: SyntaxError.pathTooLong) { try Mailbox("\(longest)@\(domain).cc", policy: .strict) }
        #expect(throws: SyntaxError.pathTooLong) { try Mailbox(String(repeating: "a", count: 1 << 20)) }
    }

    @Test func `a sender may be empty, and stand in angle brackets`() throws {
        for policy in [SyntaxPolicy.strict, .lenient] {
            #expect(try ReversePath("", policy: policy) == .null)
            #expect(try ReversePath("<>", policy: policy) == .null)
            #expect(try ReversePath("ann@example.net", policy: policy) == .mailbox(Self.ann))
            #expect(try ReversePath("<ann@example.net>", policy: policy) == .mailbox(Self.ann))
            #expect(try ReversePath("<@relay.example:ann@example.net>", policy: policy) == .mailbox(Self.ann))
            #expect(throws: SyntaxError.invalidPath) { try ReversePath("postmaster", policy: policy) }
            #expect(throws: SyntaxError.invalidPath) { try ReversePath("<ann@example.net> SIZE=1", policy: policy) }
            #expect(throws: SyntaxError.invalidPath) { try ReversePath(">", policy: policy) }
        }
        #expect(try ReversePath("Ann Lee <ann@example.net>", policy: .lenient) == .mailbox(Self.ann))
        #expect(throws: SyntaxError.invalidPath) { try ReversePath("Ann Lee <ann@example.net>", policy: .strict) }
    }

    @Test func `a recipient may be the postmaster, and is never empty`() throws {
        for policy in [SyntaxPolicy.strict, .lenient] {
            #expect(try ForwardPath("Postmaster", policy: policy) == .postmaster("Postmaster"))
            #expect(try ForwardPath("<postmaster>", policy: policy) == .postmaster("postmaster"))
            #expect(try ForwardPath("<ann@example.net>", policy: policy) == .mailbox(Self.ann))
            for text in ["", "<>", "root", "<root>"] {
                #expect(throws: SyntaxError.invalidPath) { try ForwardPath(text, policy: policy) }
            }
        }
    }

    @Test func `what is written is read back as it was`() throws {
        var generator = SeededGenerator()
        let alphabet = Array("ab.\"\\ @<>é+")
        for _ in 0..<2_000 {
            let length = Int.random(in: 0...12, using: &generator)
            let localPart = String((0..<length).compactMap { _ in alphabet.randomElement(using: &generator) })
            let mailbox = Mailbox(localPart: localPart, domain: .name("example.net"))
            #expect(try Mailbox("\(mailbox)", policy: .strict) == mailbox)
        }
    }
}
