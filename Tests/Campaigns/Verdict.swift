import Foundation
import ProcessSupport

/// The comparison of what clients know with what is stored.
///
/// Each acknowledged message is in each output once, byte for byte. Nothing that was refused or not sent to its end is
/// in any. A message whose reply was lost may be stored once: in all outputs, or in none.
struct Verdict {
    let ledger: Ledger
    /// Whether a server was killed: then an unacknowledged message may be in some of the outputs, and a command may
    /// have seen a part of it.
    var wasKilled = false
    /// Whether an output may have messages of other programs.
    var hasOthers = false
    private(set) var faults: [String] = []
    private var present: [String: Set<Int>] = [:]
    /// The messages of other programs, by their first line.
    private(set) var others: [String: Int] = [:]

    init(_ ledger: Ledger, wasKilled: Bool = false, hasOthers: Bool = false) {
        self.ledger = ledger
        self.wasKilled = wasKilled
        self.hasOthers = hasOthers
    }

    /// Compares the contents of one output.
    ///
    /// - Parameters:
    ///   - name: the output's name, for messages.
    ///   - runsFirst: whether it is a command, which runs before the other outputs and cannot be rolled back.
    mutating func compare(_ stored: StoredContent, in name: String, runsFirst: Bool = false) {
        let fates = ledger.fates
        var counts: [Int: Int] = [:]
        faults += stored.strays.map { "\(name): \($0) is left" }
        for content in stored.messages {
            guard let number = CampaignMessage.number(of: content), let fate = fates[number] else {
                let line = String(decoding: content.prefix { $0 != 10 }.prefix(60), as: UTF8.self)
                others[line, default: 0] += 1
                if !hasOthers || !line.hasPrefix("Subject: other ") { faults.append("\(name): a stranger: \(line)") }
                continue
            }
            counts[number, default: 0] += 1
            let message = CampaignMessage(number: number, seed: ledger.seed)
            let expected = stored.isAsSent ? message.content : message.withLineFeeds
            guard content != expected, !(runsFirst && wasKilled && fate != .acknowledged) else { continue }
            faults.append(
                "\(name): message \(number) (\(fate)) has \(content.count) of \(expected.count) bytes, or others")
        }
        for (number, fate) in fates.sorted(by: { $0.key < $1.key }) {
            let count = counts[number] ?? 0
            let isRight: Bool
            switch fate {
            case .acknowledged: isRight = count == 1
            case .unknown: isRight = count <= 1
            case .refused: isRight = count == 0 || runsFirst
            case .unsent: isRight = count == 0
            }
            if !isRight { faults.append("\(name): message \(number) (\(fate)) is there \(count) times") }
        }
        if !runsFirst { present[name] = Set(counts.keys) }
    }

    /// Compares all outputs of a set, and looks for files that should not be there.
    mutating func compare(_ set: OutputSet, root: String = "") {
        for output in set.outputs {
            let path = output == .exec ? set.commands.path : set.folder.file(output.rawValue)
            let content = StoredContent(output, at: path, root: output == .exec ? "" : root)
            compare(content, in: output.rawValue, runsFirst: output == .exec)
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + set.folder.path)) ?? []
        let known = Set(set.outputs.map(\.rawValue))
        faults += names.filter { !known.contains($0) && !$0.hasPrefix("campaign-") }.map { "\($0) is left" }
        compareOutputs()
    }

    /// By all outputs, or by none.
    mutating func compareOutputs() {
        guard !wasKilled, let first = present.first else { return }
        for (name, numbers) in present where numbers != first.value {
            let some = numbers.symmetricDifference(first.value).sorted().prefix(5)
            faults.append(
                "messages \(some.map(String.init).joined(separator: ", ")) are not in both \(first.key) and \(name)")
        }
    }
}
