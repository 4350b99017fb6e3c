import SMTPKit
import Synchronization

/// All faults of a server, and how often it has come to each.
final class FaultPlan: Sendable {
    private struct Progress {
        var count = 0
        var dice: Dice
    }

    private let rules: [FaultRule]
    private let progress: Mutex<[Progress]>

    /// - Parameter seed: where chance begins; each rule has its own.
    init(_ rules: [FaultRule], seed: UInt64) {
        self.rules = rules
        progress = Mutex(rules.indices.map { Progress(dice: Dice(seed: seed &+ UInt64($0))) })
    }

    /// The stages that rules are about.
    var stages: Set<DialogueStage> { Set(rules.map(\.stage)) }

    /// Returns the interception by the first rule that is due at a step. Every rule that matches the step counts it.
    func interception(of step: DialogueStep) -> Interception? {
        progress.withLock { progress in
            var due: Interception?
            for (index, rule) in rules.enumerated() where rule.concerns(step) {
                progress[index].count += 1
                let isDue = rule.selector.isDue(progress[index].count, &progress[index].dice)
                if isDue, due == nil { due = rule.interception }
            }
            return due
        }
    }
}
