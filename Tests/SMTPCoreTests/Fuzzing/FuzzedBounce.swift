import FuzzSupport

@testable import SMTPCore

/// The recipients of a bounce are bounded, and do not depend on when they are taken.
enum FuzzedBounce {
    static func check(_ input: FuzzInput) throws {
        let lines = input.rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        var late = BounceReader()
        var early = BounceReader()
        var taken: [BounceRecipient] = []
        for line in lines {
            late.read(line)
            early.read(line)
            taken += early.take()
        }
        late.finish()
        early.finish()
        taken += early.take()
        let found = late.take()
        try expect(found == taken, "taking makes a difference: \(found) \(taken)")
        try expect(found.count <= lines.count + 4_096, "too many recipients")
        for recipient in found.prefix(2) {
            _ = recipient.codes
            _ = recipient.query.description
            _ = recipient.evidence
        }
    }
}
