import ProcessSupport
import SMTPCore
import Testing

@Suite("Secrets by their place in the dialogue", .timed)
struct SecretMaskTests {
    /// Lines that are sent, and how they are shown.
    static let dialogues: [[(sent: String, shown: String)]] = [
        [("AUTH PLAIN eHl6", "AUTH PLAIN ***"), ("eHl6", "***"), ("NOOP", "NOOP"), ("XFOO", "XFOO")],
        [("auth\tplain\teHl6", "auth plain ***"), ("  QUIT", "  QUIT"), ("eHl6", "eHl6")],
        [("AUTH LOGIN", "AUTH LOGIN"), ("dXNlcg==", "***"), ("cGFzcw==", "***"), ("EHLO x", "EHLO x")],
        [("AUTH LOGIN", "AUTH LOGIN"), ("", "***"), ("AUTH CRAM-MD5", "AUTH CRAM-MD5"), ("*", "***")],
        [("XAUTH eHl6", "***"), ("AUTHPLAIN eHl6", "***"), ("FOO", "FOO")],
    ]

    @Test(arguments: dialogues)
    func `lines after AUTH are hidden until a known verb follows`(dialogue: [(sent: String, shown: String)]) {
        var mask = SecretMask()
        for line in dialogue {
            #expect(mask.hides(line.sent.utf8) == (line.sent != line.shown))
            #expect(mask.shown(line.sent.utf8) == line.shown)
        }
    }

    @Test func `nothing is hidden after an authentication that succeeded`() {
        var mask = SecretMask()
        _ = mask.shown("AUTH LOGIN".utf8)
        mask.authenticated()
        #expect(mask.shown("XFOO".utf8) == "XFOO")
    }

    @Test func `a client that does not wait shows no secret of a refused AUTH`() throws {
        var configuration = ClientSession.Configuration()
        configuration.isRaw = true
        configuration.isTraced = true
        var session = ClientSession(configuration)
        var output = ClientOutput()
        session.connected(into: &output)
        session.receive(Array("220 mx\r\n".utf8).span, into: &output)
        session.sendRaw(Array("AUTH LOGIN\r\ndXNlcg==\r\ncGFzcw==\r\n".utf8), into: &output)
        session.receive(Array("504 no\r\n500 what\r\n500 what\r\n".utf8).span, into: &output)
        let shown = output.trace.map { "\($0)" }.joined() + output.events.map { "\($0)" }.joined()
        #expect(shown.contains("AUTH LOGIN"))
        #expect(!shown.contains("dXNlcg==") && !shown.contains("cGFzcw=="))
    }
}
