import NIOConcurrencyHelpers

/// Ends a running server from outside its task.
public final class ServerControl: Sendable {
    /// How a server ends.
    enum Ending: Int, Comparable {
        case none
        /// Enough mail came: `QUIT` is still served, nothing else.
        case finish
        /// It was told to stop: transactions under way may end.
        case stop

        static func < (a: Ending, b: Ending) -> Bool { a.rawValue < b.rawValue }
    }

    private struct State {
        var ending = Ending.none
        var run: (@Sendable (Ending) -> Void)?
    }

    private let state = NIOLockedValueBox(State())

    /// Makes a control for one run of a server.
    public init() {}

    /// Accepts no connection and no message from now on; who has delivered may still say `QUIT`.
    public func finish() { end(.finish) }

    /// Accepts no connection from now on; transactions under way may end.
    public func stop() { end(.stop) }

    /// How the server ends, if it does.
    var ending: Ending { state.withLockedValue { $0.ending } }

    /// Says whom to tell; told at once if the end was asked for already.
    func attach(_ run: @escaping @Sendable (Ending) -> Void) {
        let ending = state.withLockedValue { state in
            state.run = run
            return state.ending
        }
        if ending != .none { run(ending) }
    }

    private func end(_ ending: Ending) {
        let run = state.withLockedValue { state -> (@Sendable (Ending) -> Void)? in
            guard ending > state.ending else { return nil }
            state.ending = ending
            return state.run
        }
        run?(ending)
    }
}
