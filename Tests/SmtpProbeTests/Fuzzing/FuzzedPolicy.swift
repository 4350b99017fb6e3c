import FuzzSupport

@testable import smtp_probe

/// The policy and the records that a domain publishes are read within their bounds.
enum FuzzedPolicy {
    static func check(_ input: FuzzInput) throws {
        var input = input
        let choice = input.byte()
        let text = input.text
        switch choice % 5 {
        case 0:
            guard let policy = try? STSPolicy(parsing: input.bytes) else { return }
            try expect(0...STSPolicy.maximumAge ~= policy.maximumAge, "the policy is too old")
            try expect(policy.mode == .none || !policy.patterns.isEmpty, "the policy has no servers")
            for pattern in policy.patterns.prefix(4) where !pattern.hasPrefix("*.") {
                try expect(policy.covers(pattern.uppercased()), "\(pattern) does not cover itself")
                try expect(!policy.patterns.contains("*.\(pattern)") || policy.covers("a.\(pattern)"), "a.\(pattern)")
            }
        case 1:
            guard SPFRecord.isSPF(text), let record = try? SPFRecord(parsing: text) else { return }
            try expect(record.directives.count <= text.utf8.count / 2, "too many directives")
        case 2:
            guard DMARCRecord.isDMARC(text), let record = try? DMARCRecord(parsing: text) else { return }
            try expect(["none", "quarantine", "reject"].contains(record.policy), "the policy is \(record.policy)")
        case 3:
            guard STSRecord.isSTS(text), let record = try? STSRecord(parsing: text) else { return }
            try expect(1...32 ~= record.id.utf8.count, "the id is \(record.id)")
        case _:
            guard TLSReportRecord.isTLSReport(text), let record = try? TLSReportRecord(parsing: text) else { return }
            try expect(record.addresses.count <= text.utf8.count / 2, "too many addresses")
        }
    }
}
