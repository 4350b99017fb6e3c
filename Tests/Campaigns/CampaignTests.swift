import Foundation
import ProcessSupport
import Testing

/// The server under trouble of every kind, with clients that know exactly what it acknowledged.
///
/// `make torture MINUTES=10` runs rounds of each kind for that time, from random seeds. `SEED` repeats a round, `KIND`
/// chooses a kind. Without these, one round of each kind runs from a fixed seed.
@Suite("Campaigns", .blocking, .serialized)
struct CampaignTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let minutes = environment["MINUTES"].flatMap { Double($0) }
    private static let seed = environment["SEED"].flatMap { UInt64($0) }

    /// The kinds that are run.
    private static let kinds = Round.Kind.allCases.filter { kind in
        environment["KIND"].map { $0.isEmpty || $0 == kind.rawValue } ?? true
    }

    @Test(arguments: kinds)
    func `what was acknowledged is stored once, byte for byte, and nothing else is`(kind: Round.Kind) throws {
        let share = Self.minutes.map { Duration.seconds($0 * 60 / Double(Self.kinds.count)) }
        let deadline = share.map { ContinuousClock.now + $0 }
        var rounds = 0
        var acknowledged = 0
        repeat {
            let seed = Self.seed ?? (deadline == nil ? 4_711 : .random(in: 0...9_999_999))
            let command = "make torture KIND=\(kind) SEED=\(seed)"
            var round = Round(kind, seed: seed, isThorough: deadline != nil || Self.seed != nil)
            do { try round.run() } catch { round.faults.append("\(error)") }
            print("campaign \(kind), seed \(seed): \(round.summary)")
            for fault in round.faults.prefix(20) { Issue.record("\(command): \(fault)") }
            rounds += 1
            acknowledged += round.ledger.count(.acknowledged)
            guard round.faults.isEmpty, Self.seed == nil else { break }
        } while deadline.map { ContinuousClock.now < $0 } ?? false
        print("campaign \(kind): \(rounds) rounds, \(acknowledged) messages acknowledged")
        #expect(acknowledged > 0)
    }
}
