import Foundation
import ProcessSupport
import Testing

@testable import smtp_probe

/// A server that breaks down as soon as a check has begun: the check ends in time, and passes nothing.
@Suite("Checks of a server that breaks down", .blocking)
struct BrokenCheckTests {
    /// The checks that say nothing to the server beyond the first connection's greeting, EHLO and STARTTLS.
    private static let quiet: Set<String> = [
        "connect", "banner", "ehlo", "caps.sane", "tls.offered", "tls.inject-client", "cert.trust", "cert.name",
        "cert.expiry", "cert.key", "auth.mechanisms", "auth.clear", "enhanced.codes", "dns.ptr", "dane.records",
        "dane.match", "mta-sts.certificate",
    ]

    static let ids = Check.catalogue.filter { !$0.isForDomain && !quiet.contains($0.id) }.map(\.id)
    static let breakdowns = ["stall", "close", "reset", "garbage", "421"]

    @Test(arguments: breakdowns)
    func `no check passes that breaks off, and none fails`(breakdown: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in Self.ids { group.addTask { try await Self.expectOpen(id, breakdown) } }
            try await group.waitForAll()
        }
    }

    private static func expectOpen(_ id: String, _ breakdown: String) async throws {
        let server = try await FaultyServer.start(.init(breakdown: breakdown, breaksAfter: 3))
        let run = try await CheckTool.run([
            "--active", "--only", id, "--domain", "stub.test", "--rcpt", "ann@stub.test", "--timeout", "2s",
            "--deadline", "30s", server.target,
        ])
        #expect(run.checks.count == 1, "\(id), \(breakdown)")
        #expect(run.verdicts[id] == "inconclusive", "\(id), \(breakdown): \(run.detail(id))")
        #expect(run.status == 0 || run.status == 6 || run.status == 43, "\(id), \(breakdown): \(run.status)")
        #expect(try await !server.finish().contains("queued"), "\(id), \(breakdown)")
    }

    @Test func `a server that breaks down at some command of a whole run leaves each check a result`() async throws {
        var generator = SeededGenerator(of: "a server that breaks down")
        let healthy = try await Self.whole(.init()).run.verdicts
        let points = Self.breakdowns.map { ($0, Int.random(in: 4..<200, using: &generator)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (breakdown, point) in points {
                group.addTask {
                    let (run, seen) = try await Self.whole(.init(breakdown: breakdown, breaksAfter: point))
                    #expect(run.checks.count == healthy.count, "\(breakdown) at \(point)")
                    let faults = run.verdicts.filter { id, verdict in
                        verdict != healthy[id] && (verdict == "fail" || verdict == "warn")
                    }
                    for id in faults.keys { Issue.record("\(id), \(breakdown) at \(point): \(run.detail(id))") }
                    #expect(!seen.contains("queued"), "\(breakdown) at \(point)")
                }
            }
            try await group.waitForAll()
        }
    }

    private static func whole(_ faults: FaultyServer.Faults) async throws -> (run: CheckTool.Run, seen: [String]) {
        let server = try await FaultyServer.start(faults)
        let run = try await CheckTool.run([
            "--active", "--skip", "smuggle,limits", "--domain", "stub.test", "--rcpt", "ann@stub.test", "--name",
            "stub.test", "--ca", TestCertificate.authority, "--timeout", "2s", "--deadline", "60s", server.target,
        ])
        return (run, try await server.finish())
    }
}
