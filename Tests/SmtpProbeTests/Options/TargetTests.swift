import CommandLineSupport
import ProcessSupport
import Testing

@testable import smtp_probe

@Suite("TARGET", .timed)
struct TargetTests {
    @Test(arguments: [
        ("mx.example", Target(place: .host("mx.example", port: 25))),
        ("mx.example:2525", Target(place: .host("mx.example", port: 2525))),
        ("[::1]:2525", Target(place: .host("::1", port: 2525))),
        ("[::1]", Target(place: .host("::1", port: 25))),
        ("fe80::1%eth0", Target(place: .host("fe80::1%eth0", port: 25))),
        ("smtp://mx.example/", Target(place: .host("mx.example", port: 25))),
        ("smtps://mx.example", Target(scheme: .smtps, place: .host("mx.example", port: 465))),
        ("LMTP://[::1]:24", Target(scheme: .lmtp, place: .host("::1", port: 24))),
        ("unix:/run/smtp.sock", Target(place: .unix(path: "/run/smtp.sock"))),
    ])
    func `a target is read`(text: String, target: Target) throws {
        #expect(try TargetArgument.parse(text) == target)
    }

    @Test(arguments: [
        "", ":25", "mx.example:", "mx.example:0", "mx.example:65536", "mx.example:2x", "http://mx.example", "[::1",
        "[::1]25", "unix:", "smtp://joe:secret@mx.example", "mx example", "a\nb", "-x", "smtp://mx.example/path",
    ])
    func `what is no target is refused`(text: String) {
        #expect(throws: ValueError.self) { try TargetArgument.parse(text) }
    }

    @Test func `a target is written as it is read`() throws {
        for text in ["mx.example:25", "[::1]:2525", "unix:/run/smtp.sock"] {
            #expect(try TargetArgument.parse(text).description == text)
        }
    }

    @Test func `a fingerprint may have colons`() throws {
        let digits = String(repeating: "0f", count: 32)
        let octets = [UInt8](repeating: 15, count: 32)
        #expect(try Fingerprint.parse(digits) == octets)
        #expect(try Fingerprint.parse(Array(repeating: "0F", count: 32).joined(separator: ":")) == octets)
        for text in ["", "0f", digits + "0", String(repeating: "+f", count: 32)] {
            #expect(throws: ValueError.self) { try Fingerprint.parse(text) }
        }
    }
}
