import CommandLineSupport

/// Why the tool ends with a status other than 0, in one line.
struct EndReason: Sendable {
    /// The conditions that were given.
    let stop: StopOptions

    /// The line, or `nil` when the status needs none: everything is as it was asked for, or an error has its own line.
    func line(for conditions: StopConditions) -> String? {
        switch conditions.status {
        case .deadline: "\(shortfall(of: conditions)) \(end(of: conditions))\(options(conditions))"
        case .signal(let number): "ended by \(Self.name(of: number)): \(shortfall(of: conditions))"
        case .command(let status) where status != 0: "the command ended with status \(status)"
        case .done, .failure, .usage, .command, .commandNotStarted, nil: nil
        }
    }

    /// Returns the conditions that were not met.
    private func shortfall(of conditions: StopConditions) -> String {
        if let count = stop.messages, conditions.storedMessages < count {
            return "\(conditions.storedMessages) of \(count) message\(count == 1 ? "" : "s") arrived"
        }
        if let awaited = stop.waitFor.enumerated().first(where: { !conditions.seenKinds.contains($0.offset) }) {
            return "no message matched \(awaited.element.text)"
        }
        if let count = stop.sessions, conditions.endedSessions < count {
            return "\(conditions.endedSessions) of \(count) session\(count == 1 ? "" : "s") ended"
        }
        return "the command had not ended"
    }

    private func end(of conditions: StopConditions) -> String {
        if conditions.hasCommandEnded { return "before the command ended" }
        if conditions.wasIdle, let idle = stop.idle {
            return "before there was no session for \(TimeSpan.text(idle))"
        }
        return "within \(TimeSpan.text(stop.timeout ?? .zero))"
    }

    /// The options that would have it otherwise.
    private func options(_ conditions: StopConditions) -> String {
        guard !conditions.hasCommandEnded else { return "" }
        return conditions.wasIdle ? " (see --idle)" : " (see --timeout)"
    }

    private static func name(of signal: Int32) -> String {
        switch signal {
        case 1: "SIGHUP"
        case 2: "SIGINT"
        case 15: "SIGTERM"
        case _: "signal \(signal)"
        }
    }
}
