import Dispatch
import Glibc

/// SIGINT and SIGTERM as calls, in place of the process's death.
package final class SignalSource {
    private let sources: [any DispatchSourceSignal]

    /// Calls `handler` for each signal until the source is let go.
    package init(_ handler: @escaping @Sendable (Int32) -> Void) {
        let queue = DispatchQueue(label: "signals")
        // A signal that comes before its source is in place would be lost, so the start waits for them.
        let registrations = DispatchGroup()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { handler(number) }
            registrations.enter()
            source.setRegistrationHandler { registrations.leave() }
            source.activate()
            return source
        }
        registrations.wait()
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
