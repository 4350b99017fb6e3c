import Foundation
import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("JSON writer", .timed)
struct JSONWriterTests {
    @Test func `objects and arrays nest, and commas stand between values alone`() {
        var writer = JSONWriter()
        writer.object { object in
            object.member("a", "x")
            object.member("none", nil as String?)
            object.member("n", -5)
            object.member("nothing", nil as Int?)
            object.member("yes", true)
            object.member("empty") { $0.array { _ in } }
            object.member("list") { member in
                member.array { array in
                    array.number(UInt64.max)
                    array.object { _ in }
                    array.object { $0.member("b", false) }
                    array.null()
                    array.thousandths(12_005)
                    array.thousandths(7)
                }
            }
            object.name("\"")
            object.number(1)
        }
        #expect(
            writer.text
                == #"{"a":"x","none":null,"n":-5,"nothing":null,"yes":true,"empty":[],"#
                + #""list":[18446744073709551615,{},{"b":false},null,12.005,0.007],"\"":1}"#)
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("", #""""#), ("a\"b\\c", #""a\"b\\c""#),
        ("\n\r\t\0\u{1B}\u{7F}", #""\n\r\t\u0000\u001b\u007f""#),
        ("grüß 😀", #""grüß 😀""#), ("\u{80}\u{9B}\u{A0}", "\"\\u0080\\u009b\u{A0}\""),
        ("\u{2028}\u{2029}\u{202A}", "\"\\u2028\\u2029\u{202A}\""),
    ])
    func `a text is escaped`(text: String, json: String) throws {
        var writer = JSONWriter()
        writer.string(text)
        #expect(writer.text == json)
        let read = try JSONSerialization.jsonObject(with: Data(writer.octets), options: .fragmentsAllowed)
        #expect(read as? String == text)
    }

    @Test func `any octets become what Swift reads in them`() throws {
        var random = SeededGenerator()
        let leads: [UInt8] = [0xC0, 0xC2, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0x80, 0xBF, 0x41, 0x9F, 0xA0]
        for _ in 0..<2000 {
            let octets = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? leads.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            var writer = JSONWriter()
            octets.withUnsafeBytes { writer.string($0) }
            let read = try JSONSerialization.jsonObject(with: Data(writer.octets), options: .fragmentsAllowed)
            #expect(read as? String == String(decoding: octets, as: UTF8.self), "\(octets)")
        }
    }

    @Test func `base64 in any pieces is the base64 of the whole`() {
        for count in 0...40 {
            let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 77 &+ 200) }
            for cut in 0...count {
                var encoder = Base64Encoder()
                var text: [UInt8] = []
                octets[..<cut].withUnsafeBytes { encoder.append($0, to: &text) }
                octets[cut...].withUnsafeBytes { encoder.append($0, to: &text) }
                encoder.finish(&text)
                #expect(String(decoding: text, as: UTF8.self) == Data(octets).base64EncodedString())
            }
        }
    }
}
