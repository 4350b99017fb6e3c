import ProcessSupport
import SMTPCore
import Testing

@Suite("Server session", .timed)
struct ServerSessionTests {
    static let transaction = """
        EHLO client.example\r
        MAIL FROM:<a@example.org>\r
        RCPT TO:<b@example.org>\r
        DATA\r
        Subject: hi\r
        \r
        ..dot\r
        .\r
        QUIT\r

        """

    @Test(arguments: [1, 2, 3, 7, Int.max])
    func `a transaction is the same in any pieces`(size: Int) {
        let hidden = Set(ServiceExtension.allCases).subtracting([.pipelining, .size, .enhancedStatusCodes])
        let dialogue = Dialogue(.init(hostname: "mx.example", banner: "", hidden: hidden))
        dialogue.send(Self.transaction, inPiecesOf: size)
        #expect(
            dialogue.replies == """
                220 mx.example\r
                250-mx.example\r
                250-PIPELINING\r
                250-SIZE 52428800\r
                250 ENHANCEDSTATUSCODES\r
                250 2.1.0 Sender ok\r
                250 2.1.5 Recipient ok\r
                354 End data with <CR><LF>.<CR><LF>\r
                250 2.0.0 Ok\r
                221 2.0.0 Bye\r

                """)
        #expect(dialogue.messages == ["Subject: hi\r\n\r\n.dot\r\n"])
        #expect(dialogue.isClosed)
    }
}
