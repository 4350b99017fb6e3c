import Synchronization

/// The commands that run, so that they can be ended.
final class RunningCommands: Sendable {
    private struct State {
        var processes: [ObjectIdentifier: ChildCommand] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Takes a command in.
    ///
    /// - Returns: whether it may run; not when all are to end.
    func insert(_ process: ChildCommand) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.processes[ObjectIdentifier(process)] = process
            return true
        }
    }

    /// Takes out a command that has ended.
    func remove(_ process: ChildCommand) {
        state.withLock { _ = $0.processes.removeValue(forKey: ObjectIdentifier(process)) }
    }

    /// Takes in no more.
    ///
    /// - Returns: those that run.
    func close() -> [ChildCommand] {
        state.withLock { state in
            state.isClosed = true
            return Array(state.processes.values)
        }
    }
}
