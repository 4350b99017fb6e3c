import Dispatch
import Glibc

/// SIGINT, SIGTERM and SIGHUP as calls, in place of the process's death.
package final class SignalSource {
    private let sources: [any DispatchSourceSignal]

    /// Calls `handler` for each signal until the source is let go.
    ///
    /// - Parameter ignoresHangup: whether SIGHUP stays ignored, as for a process that nohup(1) started.
    package init(ignoresHangup: Bool = false, _ handler: @escaping @Sendable (Int32) -> Void) {
        let queue = DispatchQueue(label: "signals")
        // A signal that comes before its source is in place would be lost, so the start waits for them.
        let registrations = DispatchGroup()
        sources = ([SIGINT, SIGTERM] + (ignoresHangup ? [] : [SIGHUP])).map { number in
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
