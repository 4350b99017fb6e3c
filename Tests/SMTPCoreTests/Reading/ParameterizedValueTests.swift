import Testing

@testable import SMTPCore

@Suite("Values with parameters")
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
        ("x; filename=report (1).pdf; y=z", "report (1).pdf"), ("x; filename=a(1)", "a(1)"),
        // Comments (RFC 2045, section 5.1).
        ("attachment (a; b) ; (c) filename (d) = (e) \"a.txt\" (f; g); x=y", "a.txt"),
        ("x; filename=a.txt (the (nested \\) one))", "a.txt"), ("x; filename=a (b", "a (b"),
        ("x; filename*=plain", "plain"), ("x; filename*=utf-8'de'%zz%4", "%zz%4"), ("x; filename=", ""),
    ])
    func `a file name is found`(value: String, name: String) {
        #expect(ParameterizedValue(Array(value.utf8), CharacterSets()).parameter("filename") == name)
    }

    @Test(arguments: ["", "attachment", "attachment; name=x", ";;;", "x; filename", "x; filename*1=a"])
    func `where there is none, there is none`(value: String) {
        #expect(ParameterizedValue(Array(value.utf8), CharacterSets()).parameter("filename") == nil)
    }

    @Test(arguments: [
        " Text/HTML ; charset=x", "(x) text/html", "text/html (y;z); a=b", "text/html(y)", "text/html charset=x",
        "text/html (",
    ])
    func `the word is in lower case, without blanks and comments`(value: String) {
        #expect(ParameterizedValue(Array(value.utf8), CharacterSets()).value == "text/html")
    }

    @Test(arguments: [
        // All bytes that RFC 2046 allows, what looks like an encoded word, and blanks at the end.
        ("x; boundary=\"a'()+_,-./:=? 9\"", "a'()+_,-./:=? 9"), ("x; boundary==?utf-8?q?a?=", "=?utf-8?q?a?="),
        ("x; boundary=\"ab  \"", "ab"), ("x; boundary*0=ab; boundary*1=cd", "abcd"),
        ("x; boundary=----=_Part(1)", "----=_Part(1)"),
        ("x; boundary (c) = b (d)", "b"),
    ])
    func `a boundary is bytes`(value: String, boundary: String) {
        #expect(ParameterizedValue(Array(value.utf8), CharacterSets()).boundary == Array(boundary.utf8))
    }

    @Test func `many comments without an end take no long time`() {
        let value = "x" + String(repeating: "(", count: 60_000) + "; filename=" + String(repeating: " (", count: 60_000)
        #expect(ParameterizedValue(Array(value.utf8), CharacterSets()).parameter("filename") != nil)
    }

    @Test func `random values are read somehow`() {
        let pieces = [
            ";", "=", "\"", "\\", "*", "0", "1", "'", "%C3", "filename", " ", "x", "filename*0*=", "filename*=",
        ]
        for _ in 0..<1000 {
            let text = (0..<Int.random(in: 0...40)).map { _ in pieces.randomElement() ?? "" }.joined()
            _ = ParameterizedValue(Array(text.utf8), CharacterSets()).parameter("filename")
        }
    }
}
