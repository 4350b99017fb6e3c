import ProcessSupport
import Testing

@testable import SMTPCore

@Suite("HTML as text", .timed)
struct HTMLTextTests {
    @Test(arguments: [
        ("Hello", "Hello\n"), ("", ""), ("<p>one</p><p>two</p>", "one\n\ntwo\n"), ("a<br>b<br/>c", "a\nb\nc\n"),
        ("a   b\n\t c", "a b c\n"), ("<div>a</div><div>b</div>", "a\nb\n"), ("<b>bo</b>ld <i>it</i>", "bold it\n"),
        ("<ul><li>one<li>two</ul>x", "- one\n- two\n\nx\n"), ("<pre>a\n  b</pre>", "a\n  b\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"),
        ("a &amp; b &lt;c&gt; &uuml;&#252;&#xFC; &nosuch; &", "a & b <c> üüü &nosuch; &\n"),
        ("<script>alert('<p>')</script>x<style>p{}</style>y<!-- <p> -->z", "xyz\n"), ("<SCRIPT>x</Script>y", "y\n"),
        ("<head><title>t</title></head>body", "body\n"), ("<img alt=\"a cat\" src=x>", "[a cat]\n"),
        ("<img src=x>", ""),
        ("<a href=\"https://example.org/?a=1&amp;b=2\">here</a>", "here <https://example.org/?a=1&b=2>\n"),
        ("<a href='http://a.test'>http://a.test</a>", "http://a.test\n"), ("<a href=\"mailto:x@y\">x</a>", "x\n"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2\n"), ("a <b", "a <b\n"), ("<!doctype html><p>x", "x\n"),
        ("<a title=\"x > y\">z</a>", "z\n"), ("<p title=\">", ""), ("<!-- never closed", ""),
        ("<script>never closed", ""),
        ("a<hr>b", "a\n----\nb\n"), ("&#0;&#x110000;&#27;", "\u{0}\u{FFFD}\u{1B}\n"),
    ])
    func `is read`(html: String, text: String) {
        #expect(HTMLText.text(of: html) == text)
    }

    @Test(arguments: [
        "<", "<a=\"", "<a =\">", "&", "<!--", "</a>", "<a href=http://x>", "<pre>\n", "<br>", "<script", "-->",
    ])
    func `the same again and again takes no long time and no much room`(piece: String) {
        let html = String(repeating: piece, count: 30_000)
        #expect(HTMLText.text(of: html).utf8.count <= 4 * html.utf8.count)
    }
}
