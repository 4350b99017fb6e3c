import FuzzSupport
import ProcessSupport
import Testing

/// Every input that the fuzzers found worth keeping, or that once broke something, fed to its target again.
@Suite("Fuzz corpus of smtpd-lite", .timed)
struct ToolFuzzCorpusTests {
    @Test(arguments: ToolFuzzTargets.all)
    func `every committed input keeps the properties of its target`(target: FuzzTarget) throws {
        let result = try FuzzCorpus.replay(target)
        #expect(result.count > 0)
        #expect(result.failures == [])
    }
}
