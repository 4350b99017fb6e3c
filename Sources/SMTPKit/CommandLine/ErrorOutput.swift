import Dispatch

/// Standard error, written line by line from a queue of its own, so that a terminal that is held up never
/// holds up an event loop.
package final class ErrorOutput: Sendable {
    /// The most lines that wait; beyond, dialogue is left out, and a line says how much.
    private static let mostWaiting = 10_000

    private let queue = DispatchQueue(label: "stderr")
    private let waiting = Counter()

    /// Makes the one that a tool needs.
    package init() {}

    /// Writes a line.
    package func say(_ line: String) {
        waiting.add(1)
        queue.async { [waiting] in
            // Nobody can be told that standard error is gone.
            try? Descriptor.write("\(line)\n", to: 2)
            waiting.add(-1)
        }
    }

    /// Writes a line unless too many wait already.
    ///
    /// - Returns: whether it will be written.
    package func sayIfRoom(_ line: String) -> Bool {
        guard waiting.value < Self.mostWaiting else { return false }
        say(line)
        return true
    }

    /// Returns when everything said before is written.
    package func flush() { queue.sync {} }
}
