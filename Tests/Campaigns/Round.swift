import Foundation
import ProcessSupport

/// One round of a campaign: a server, clients, trouble, and the comparison at the end.
struct Round {
    /// The kinds of trouble.
    enum Kind: String, CaseIterable, Sendable {
        case kills
        case fullDisk, noInodes, readOnly, noDescriptors
        case resets, recordResets
        case movedOutputs, sharedOutputs, stalledReaders
    }

    let kind: Kind
    let seed: UInt64
    /// Whether every place is tried, not a part of them.
    let isThorough: Bool
    let ledger: Ledger
    var random: SeededGenerator
    /// A few words on what the seed has chosen.
    var notes: [String] = []
    var faults: [String] = []

    init(_ kind: Kind, seed: UInt64, isThorough: Bool) {
        self.kind = kind
        self.seed = seed
        self.isThorough = isThorough
        ledger = Ledger(seed: seed)
        random = SeededGenerator(seed: seed)
    }

    /// Runs the round, and leaves what is wrong in ``faults``.
    mutating func run() throws {
        switch kind {
        case .kills: try runKills()
        case .fullDisk: try runOnSmallDisk(limitsInodes: false)
        case .noInodes: try runOnSmallDisk(limitsInodes: true)
        case .readOnly: try runReadOnly()
        case .noDescriptors: try runWithoutDescriptors()
        case .resets: try runResets()
        case .recordResets: try runRecordResets()
        case .movedOutputs: try runMovedOutputs()
        case .sharedOutputs: try runSharedOutputs()
        case .stalledReaders: try runStalledReaders()
        }
    }

    /// The round in a line.
    var summary: String {
        let counts = [("acknowledged", Ledger.Fate.acknowledged), ("refused", .refused), ("unknown", .unknown)]
        return (counts.map { "\(ledger.count($1)) \($0)" } + notes).joined(separator: ", ")
    }

    /// Waits until clients have met a fate a number of times, or until that takes too long.
    func wait(for fate: Ledger.Fate, count: Int) {
        let deadline = ContinuousClock.now + .seconds(Patience.seconds)
        while ledger.count(fate) < count, ContinuousClock.now < deadline { usleep(500) }
    }

    /// Delivers a message when nothing is in its way any more.
    mutating func deliverLast(to server: CampaignServer) throws {
        let before = ledger.count(.acknowledged)
        // Connections that have just been closed may still be counted.
        let deadline = ContinuousClock.now + .seconds(Patience.seconds)
        while try !Courier.deliverOne(ledger, to: server.port), ContinuousClock.now < deadline { usleep(5_000) }
        guard ledger.count(.acknowledged) == before + 1 else {
            faults.append("the message after all trouble was refused: \(ledger.lastRefusal)")
            return
        }
    }

    /// Stops the server, and compares what is in the outputs.
    mutating func finish(_ server: CampaignServer, _ outputs: OutputSet, wasKilled: Bool = false) {
        faults += server.stop()
        var verdict = Verdict(ledger, wasKilled: wasKilled)
        verdict.compare(outputs)
        faults += verdict.faults
    }
}
