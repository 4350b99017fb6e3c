import Dispatch
import Synchronization

/// Standard error, written line by line from a queue of its own, so that a terminal that is held up never
/// holds up an event loop.
package final class ErrorOutput: Sendable {
    /// The most lines that wait; beyond, dialogue is left out, and a line says how much.
    private static let mostWaiting = 10_000

    private let queue = DispatchQueue(label: "stderr")
    private let waiting = Counter()
    private let descriptor: Int32
    /// The line that is shown below all others; empty for none.
    private let liveLine = Mutex("")

    /// Makes the one that a tool needs, or another for a file.
    package init(descriptor: Int32 = 2) { self.descriptor = descriptor }

    /// Writes a line.
    package func say(_ line: String) {
        waiting.add(1)
        queue.async { [self] in
            let live = liveLine.withLock { $0 }
            // Nobody can be told that standard error is gone.
            try? Descriptor.write(live.isEmpty ? "\(line)\n" : "\(Self.erasure)\(line)\n\(live)", to: descriptor)
            waiting.add(-1)
        }
    }

    /// Shows a line below all others, in place of the one before; an empty one takes it away. For terminals.
    package func show(_ line: String) {
        queue.async { [self] in
            let last = liveLine.withLock { last in
                defer { last = line }
                return last
            }
            guard last != line else { return }
            try? Descriptor.write("\(Self.erasure)\(line)", to: descriptor)
        }
    }

    /// To the start of the line, and clear it.
    private static let erasure = "\r\u{1B}[K"

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
