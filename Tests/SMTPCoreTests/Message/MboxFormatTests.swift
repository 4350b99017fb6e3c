import ProcessSupport
import SMTPCore
import Testing

@Suite("mbox format", .timed)
struct MboxFormatTests {
    static func line(_ sender: ReversePath, seconds: Int64 = 0) -> String {
        var octets: [UInt8] = []
        MboxFormat.mboxrd.appendFromLine(sender: sender, date: Timestamp(seconds: seconds), to: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    @Test(arguments: [
        ("a", "b.test", "a@b.test"), ("a b\tc", "b.test", "\"a-b-c\"@b.test"),
        ("x\r\nFrom y", "b.test", "\"x--From-y\"@b.test"), ("\u{FC}", "b.test", "-@b.test"),
        ("a", "b\r\n.test\u{0}", "a@b--.test-"),
    ])
    func `the sender never breaks the line`(localPart: String, domain: String, written: String) {
        let sender = ReversePath.mailbox(Mailbox(localPart: localPart, domain: .name(domain)))
        #expect(Self.line(sender) == "From \(written) Thu Jan  1 00:00:00 1970\n")
    }

    @Test
    func `nobody is the mailer daemon`() {
        #expect(Self.line(.null, seconds: 1_795_359_600) == "From MAILER-DAEMON Sun Nov 22 15:00:00 2026\n")
    }

    @Test
    func `only mboxcl2 has a length field`() {
        for format in MboxFormat.allCases {
            var octets: [UInt8] = []
            format.appendLengthField(bodyLength: 1234, to: &octets)
            #expect(String(decoding: octets, as: UTF8.self) == (format == .mboxcl2 ? "Content-Length: 1234\n" : ""))
        }
    }
}
