import ProcessSupport
import SMTPKit
import Testing

@testable import smtp_probe

@Suite("The queue ID in a reply", .timed)
struct QueueIDTests {
    @Test(arguments: [
        ("Ok: queued as 4F3A1B2C", "4F3A1B2C"), ("Ok: queued as T415W7JB0001", "T415W7JB0001"),
        ("from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 9C1D2", "9C1D2"),
        ("OK id=1sXyZa-000000001Ab-2CdE", "1sXyZa-000000001Ab-2CdE"),
        ("OK  1700000000 5b1f17b1804b1-4c2si33a.21 - gsmtp", "5b1f17b1804b1-4c2si33a.21"),
        ("<m@x> [InternalId=42, Hostname=mx.example] 1234 bytes in 0.1, 12 KB/sec Queued mail for delivery", "42"),
        ("x17Ab3 Message accepted for delivery", "x17Ab3"), ("ok 1700000000 qp 12345", "12345"),
        ("<ann@example.org> 8LwCGk Saved", "8LwCGk"), ("Message Queued (6E9A-11)", "6E9A-11"),
        ("Ok 0100018c5d2e-77aa-000000", "0100018c5d2e-77aa-000000"), ("Queued! 1a2b-3c", "1a2b-3c"),
        ("Ok. id=77x", "77x"), ("Message queued for delivery, id 77", "77"),
    ])
    func `is found in the words of many servers`(text: String, id: String) {
        #expect(QueueIDReader.queueID(in: Reply(250, nil, text)) == id)
    }

    @Test(arguments: [
        "Ok", "OK", "queued as", "Message accepted", "", "id=", "thank you for queueing", "Queued!", "queued id",
        "no id 7 here",
    ])
    func `is not made up`(text: String) {
        #expect(QueueIDReader.queueID(in: Reply(250, nil, text)) == nil)
    }

    @Test func `is not looked for in a refusal`() {
        #expect(QueueIDReader.queueID(in: Reply(451, nil, "Ok: queued as 4F3A1B2C")) == nil)
    }
}
