import ProcessSupport
import SMTPKit
import Testing

@Suite("Queue IDs", .timed)
struct QueueIDTests {
    /// Sources that are used in turn, in bursts of random length, all within one millisecond.
    @Test(arguments: [1, 2, 16, 17, 64])
    func `no two messages of a run have the same name`(loops: Int) {
        let ranges = QueueIDRanges(now: Timestamp(seconds: 1_795_359_600))
        var sources = (0..<loops).map { _ in QueueIDSource(ranges) }
        var random = SeededGenerator(seed: UInt64(loops))
        var known: Set<String> = []
        var count = 0
        while count < 100_000 {
            let index = Int.random(in: 0..<loops, using: &random)
            for _ in 0..<Int.random(in: 1...5_000, using: &random) {
                known.insert(sources[index].make().rawValue)
                count += 1
            }
        }
        #expect(known.count == count)
        #expect(known.allSatisfy { $0.utf8.count == 12 })
    }

    @Test func `a later run has other names`() {
        var first = QueueIDSource(QueueIDRanges(now: Timestamp(seconds: 1_795_359_600)))
        var second = QueueIDSource(QueueIDRanges(now: Timestamp(seconds: 1_795_359_601)))
        let early = Set((0..<10_000).map { _ in first.make().rawValue })
        let late = Set((0..<10_000).map { _ in second.make().rawValue })
        #expect(early.isDisjoint(with: late))
    }
}
