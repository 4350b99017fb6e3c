import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("Values with parameters", .timed)
struct ParameterizedValueTests {
    @Test(arguments: [
        ("attachment; filename=a.txt", "a.txt"), ("attachment;filename=\"a b;.txt\"", "a b;.txt"),
        ("attachment; FileName = \"a\\\"b\" ; x=y", "a\"b"),
        ("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt", "Grüße.txt"),
        // RFC 2231, section 3 and 4.1.
        ("x; filename*0=\"ab\"; filename*1=\"cd\"", "abcd"), ("x; filename*1=cd; filename*0=ab", "abcd"),
        ("x; filename*0*=UTF-8''Gr%C3; filename*1*=%BC; filename*2=n", "Grün"), ("x; filename*0=a; filename*2=c", "a"),
        // What should not be, and is.
        ("x; filename=\"=?utf-8?q?Gr=C3=BC?=\"", "Grü"), ("x; filename=a b c ; d", "a b c"),
        ("x; filename=\"open", "open"),
        ("x; filename*=plain", "plain"), ("x; filename*=utf-8'de'%zz%4", "%zz%4"), ("x; filename=", ""),
    ])
    func `a file name is found`(value: String, name: String) {
        #expect(ParameterizedValue(Array(value.utf8), CharacterSets()).parameter("filename") == name)
    }

    @Test(arguments: ["", "attachment", "attachment; name=x", ";;;", "x; filename", "x; filename*1=a"])
    func `where there is none, there is none`(value: String) {
        #expect(ParameterizedValue(Array(value.utf8), CharacterSets()).parameter("filename") == nil)
    }

    @Test func `the word is in lower case, without blanks`() {
        #expect(ParameterizedValue(Array(" Text/HTML ; charset=x".utf8), CharacterSets()).value == "text/html")
    }

    @Test func `random values are read somehow`() {
        let pieces = [
            ";", "=", "\"", "\\", "*", "0", "1", "'", "%C3", "filename", " ", "x", "filename*0*=", "filename*=",
        ]
        var random = SeededGenerator()
        for _ in 0..<1000 {
            let text = random.text(of: pieces, atMost: 40)
            let name = ParameterizedValue(Array(text.utf8), CharacterSets()).parameter("filename") ?? ""
            #expect(name.utf8.count <= 3 * text.utf8.count)
        }
    }
}
