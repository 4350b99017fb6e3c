import ProcessSupport
import SMTPCore
import Testing

@Suite("Enhanced status", .timed)
struct EnhancedStatusTests {
    @Test(arguments: ["2.0.0", "4.2.2", "5.7.30", "5.999.999", "5.0.0"])
    func `what is well formed is read and written alike`(text: String) {
        #expect(EnhancedStatus(text)?.description == text)
    }

    @Test(arguments: [
        "", "5", "5.1", "5.1.", ".1.1", "5..1", "5.1.1.1", "3.1.1", "6.1.1", "5.01.1", "5.1.00", "5.1.1000", "a.b.c",
        "5.1.1 ", "55.1.1", "-5.1.1",
    ])
    func `what is not well formed is refused`(text: String) {
        #expect(EnhancedStatus(text) == nil)
    }
}
