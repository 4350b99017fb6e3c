/// Several places of which each gets a message, or none.
final class CombinedTarget: GroupTarget {
    private let writers: [GroupedWriter]

    /// - Parameter writers: the places, used through their writers alone. Folders come first, then files, then pipes: a
    ///   line of JSON that names a file is written when that file is there, and a pipe, which cannot be rolled back,
    ///   when nothing else can fail.
    init(_ writers: [GroupedWriter]) {
        // Two servers that lock the same files do so in the same order.
        self.writers = writers.sorted { ($0.reversal, $0.path) < ($1.reversal, $1.path) }
    }

    var path: String { writers.map(\.path).joined(separator: ", ") }

    var isHolding: Bool { writers.contains(where: \.isHolding) }

    func rest() {
        for writer in writers { writer.rest() }
    }

    func close() {
        for writer in writers { writer.closeTarget() }
    }

    var reversal: Reversal { writers.last?.reversal ?? .truncation }

    func takeBack() {
        for writer in writers.reversed() { writer.takeBack() }
    }

    /// Always waits where there is something to wait for: a part of the places would have to forget otherwise.
    func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome {
        guard mayWait else { return .needsToWait }
        // What a pipe has of a group cannot be told from the rest of it when one message fails.
        if reversal != .impossible || group.count == 1 {
            let failure = appendTogether(group)
            guard let failure else { return .stored }
            if group.count == 1 { return .mixed([failure]) }
        }
        // Those that fit are stored all the same.
        return .mixed(group.map { appendTogether([$0]) })
    }

    /// Appends a group to all places, or to none.
    private func appendTogether(_ group: [PendingMessage]) -> StoreError? {
        for (index, writer) in writers.enumerated() {
            let outcome = writer.append(group, mayWait: true)
            let failure = group.indices.lazy.compactMap { outcome.error(at: $0) }.first
            guard let failure else { continue }
            for done in writers[...index].reversed() { done.takeBack() }
            return failure
        }
        return nil
    }
}
